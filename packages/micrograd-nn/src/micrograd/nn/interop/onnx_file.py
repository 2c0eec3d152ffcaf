"""`to_onnx`, where onnx, NumPy and llvmlite are installed."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from micrograd.engine.files import write
from micrograd.engine.jit.arrays import Traced
from micrograd.nn.inputs import described
from micrograd.nn.interop.onnx_graph import write_onnx


def to_onnx(f: Callable[..., Any], path: str | os.PathLike[str], example: tuple[Any, ...]) -> None:
    """See `micrograd.nn.interop.to_onnx`."""
    if not callable(f):
        raise TypeError(f"to_onnx takes a function or a Module, then the path of the file, got {described(f)} first")
    model = write_onnx(Traced(f, example))
    write(path, model.SerializeToString(deterministic=True))
