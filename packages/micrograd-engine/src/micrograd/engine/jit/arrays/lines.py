"""Which line of the user's source computes a Value, for whoever reads what was made of it."""

from __future__ import annotations

import linecache
import sys
from types import FrameType
from typing import Any

from micrograd.engine.op import Op
from micrograd.engine.tracing import Placeholder
from micrograd.engine.value import ABSENT, Value

LIBRARY = "micrograd."
ENGINE = "micrograd.engine."
TRACE = "micrograd.engine.jit.trace"  # whoever called that has nothing to do with the function


class Located(Placeholder):
    """A placeholder that remembers where it was computed.

    Attributes:
        at: The file and the line.
    """

    __slots__ = ("at",)

    at: tuple[str, int]

    @classmethod
    def _record(cls, rule: Op, a: Any, b: Any = ABSENT) -> Value:
        node = super()._record(rule, a, b)
        if isinstance(node, Located):
            node.at = _caller(sys._getframe(1))
        return node

    # As in Placeholder: with methods of its own it goes first where a Value is on its left.

    def __radd__(self, other: Any) -> Value:
        return super().__radd__(other)

    def __rmul__(self, other: Any) -> Value:
        return super().__rmul__(other)


def line_of(node: Value) -> str:
    """The line that computes a node, such as `model.py:12: return self.w * x`; nothing if that is not known."""
    file, number = getattr(node, "at", ("", 0))
    if not file:
        return ""
    text = linecache.getline(file, number).strip()
    name = file.replace("\\", "/").rpartition("/")[2]
    return f"{name}:{number}: {text}" if text else f"{name}:{number}"


def _caller(frame: FrameType | None) -> tuple[str, int]:
    """The innermost line of the function that is not ours; where a model of ours is traced directly, a line of that."""
    user = model = "", 0
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        here = frame.f_code.co_filename, frame.f_lineno
        if module == TRACE:
            return user if user[0] else model
        if not module.startswith(LIBRARY):
            user = user if user[0] else here
        elif not module.startswith(ENGINE):
            model = model if model[0] else here
        frame = frame.f_back
    return "", 0  # it is a derivative
