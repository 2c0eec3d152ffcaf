"""Files of the safetensors format. A header is compared with the model before a number is read.

Format: https://huggingface.co/docs/safetensors, eight bytes with the length of the header, the header in JSON, numbers.
"""

from __future__ import annotations

import json
import math
import os
import stat
from collections.abc import Mapping
from typing import Any, BinaryIO

import numpy as np
from safetensors import SafetensorError, deserialize
from safetensors.numpy import save

from micrograd.engine.files import write
from micrograd.nn.inputs import listed, shown
from micrograd.nn.interop.whole import assign_numbers, check_shapes, numbers_of
from micrograd.nn.module import Module
from micrograd.nn.state import loading, without_duplicates
from micrograd.nn.tensors import Tensor

_TYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}  # NumPy has no bfloat16
_METADATA = 2**20  # bytes that a header may have beside what a model's tensors take
_ENTRY = 1000  # bytes that the entry of a tensor may take beside its name


def save_safetensors(module: Module, path: str | os.PathLike[str]) -> None:
    """See `micrograd.nn.interop.save_safetensors`."""
    arrays = {name: np.array(numbers_of(tensor), dtype="<f8") for name, tensor in module.tensors().items()}
    write(path, save(arrays, {"format": "pt"}))


def load_safetensors(module: Module, path: str | os.PathLike[str]) -> None:
    """See `micrograd.nn.interop.load_safetensors`."""
    tensors = module.tensors()
    with loading(module), open(path, "rb", opener=_open_at_once) as file:
        size = _check_header(file, tensors)
        try:
            entries = deserialize(file.read(size))
        except SafetensorError as error:
            raise ValueError(f"it is no safetensors file, {shown(str(error))}") from None
        assign_numbers(tensors, {name: _numbers(entry) for name, entry in entries})


def _open_at_once(path: str, flags: int) -> int:
    """Open a file; a pipe without waiting for who writes to it, for it will be refused."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _check_header(file: BinaryIO, tensors: Mapping[str, Tensor]) -> int:
    """Refuse a file that does not hold the tensors of a model, by its header alone.

    Returns:
        The size of the file, which is at its start again.

    Raises:
        ValueError: If it does not.
    """
    status = os.fstat(file.fileno())
    if not stat.S_ISREG(status.st_mode):
        raise ValueError("it is no regular file")
    length = int.from_bytes(file.read(8), "little")
    most = _METADATA + sum(_ENTRY + 6 * len(name) for name in tensors)
    if status.st_size < 8 + length or length > most:
        raise ValueError(
            f"it is no safetensors file of this model: of {status.st_size} bytes, {length} are to be a header"
        )
    try:
        header = json.loads(file.read(length), object_pairs_hook=without_duplicates)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"its header cannot be read, {shown(str(error))}") from None
    if not isinstance(header, dict):
        raise ValueError("its header is no object")
    header.pop("__metadata__", None)
    for name, entry in header.items():
        if not isinstance(entry, dict) or not isinstance(entry.get("shape"), list):
            raise ValueError(f"{listed([name])} has no shape, but is {shown(entry)}")
        if entry.get("dtype") not in ([*_TYPES]):
            raise ValueError(
                f"{listed([name])} is of {shown(entry.get('dtype'))}, and only {listed(_TYPES)} are real numbers"
            )
    check_shapes({name: entry["shape"] for name, entry in header.items()}, tensors)
    sizes = [math.prod(entry["shape"]) * int(_TYPES[entry["dtype"]][2]) for entry in header.values()]
    if status.st_size != 8 + length + sum(sizes):
        raise ValueError(f"it has {status.st_size - 8 - length} bytes of numbers, and its header says {sum(sizes)}")
    file.seek(0)
    return status.st_size


def _numbers(entry: Mapping[str, Any]) -> list[float]:
    """The numbers of a tensor, row by row."""
    stored = np.frombuffer(entry["data"], dtype=_TYPES[entry["dtype"]])
    if entry["dtype"] == "BF16":  # the upper half of a float32
        stored = (stored.astype("<u4") << 16).view("<f4")
    numbers: list[float] = stored.astype("<f8").tolist()
    return numbers
