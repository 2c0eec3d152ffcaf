"""Numbers at places that each sample says: how they are read, and added to. What lies outside is left alone.

They are functions that code calls, for a program may look up hundreds of numbers.
"""

from __future__ import annotations

from math import nan

from micrograd.engine.jit.ir import DOUBLE, INTEGER, POINTER, VOID, Function, Register, where

ROW = {"numbers": POINTER, **dict.fromkeys(("first", "step", "length"), INTEGER)}


def take(numbers: Register, first: Register, step: Register, length: Register, index: Register) -> Register:
    """Numbers of a row at a vector of indices; nan where an index is no place of it.

    Args:
        numbers: An address.
        first: Where the row begins, counted in numbers from there.
        step: From one number of the row to the next.
        length: How many there are.
        index: The indices, as floats.
    """
    name = f"take.{index.type.lanes}"
    if name not in index.function.module.functions:
        _write_take(index, name)
    return index.function.call(index.type, name, numbers, first, step, length, index)


def scatter(
    numbers: Register, first: Register, step: Register, length: Register, index: Register, value: Register
) -> None:
    """Add a vector, lane by lane, to numbers of a row at indices; nothing where an index is no place of it.

    Args:
        numbers: An address.
        first: Where the row begins, counted in numbers from there.
        step: From one number of the row to the next.
        length: How many there are.
        index: The indices, as floats.
        value: What is added.
    """
    name = f"scatter.{index.type.lanes}"
    if name not in index.function.module.functions:
        _write_scatter(index, name)
    index.function.run(name, numbers, first, step, length, index, value)


def _write_take(like: Register, name: str) -> None:
    lanes = like.type.lanes
    f = Function(like.function.module, name, {**ROW, "index": like.type}, like.type, width=lanes)
    numbers, first, step, length, index = f.arguments
    inside, places = _places(index, length)
    found = [numbers.at(first + step * places.lane(lane)).load(DOUBLE) for lane in range(lanes)]
    f.ret(where(inside, f.gathered(found), nan))


def _write_scatter(like: Register, name: str) -> None:
    lanes = like.type.lanes
    f = Function(like.function.module, name, {**ROW, "index": like.type, "value": like.type}, VOID, width=lanes)
    numbers, first, step, length, index, value = f.arguments
    inside, places = _places(index, length)
    parts = where(inside, value, -0.0)  # changes no sum
    for lane in range(lanes):
        total = numbers.at(first + step * places.lane(lane))
        total.store(total.load(DOUBLE) + parts.lane(lane))


def _places(index: Register, length: Register) -> tuple[Register, Register]:
    """Whether indices are places of a row, and the places: 0 for those that are not."""
    end = length.cast("sitofp", "double").broadcast()
    inside = (index >= 0.0) & (index < end) & index.equals(index.intrinsic("floor"))
    return inside, where(inside, index, 0.0).cast("fptosi", "i64")
