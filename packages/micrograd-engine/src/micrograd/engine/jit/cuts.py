"""Where straight code is cut into pieces: what repeats is cut alike, so that it needs to be compiled only once.

The steps of a recurrence, the positions of a sequence and the neurons of a layer are the same instructions again and
again, on other registers. Nobody marks where such a repetition begins. But if the places to cut depend only on the few
instructions around them, they are at the same places of every repetition, and most pieces come out equal. Programs that
look for equal parts of files cut in this way; see Muthitacharoen, Chen and Mazières, "A Low-bandwidth Network File
System", SOSP 2001.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from micrograd.engine.jit.program import Program

NEAR = 24  # instructions: an operand that was computed so shortly before is part of the pattern, others may be any
AROUND = 8  # instructions before and behind a place: they say whether to cut there
APART = 100  # instructions: of all places that lie so near to each other, the one with the smallest hash is cut
LEAST = 50  # instructions of a piece, or a call would take longer than what it computes

_READ = {"const": 1, "leaf": 2, "input": 3}
_FACTOR = 0x9E3779B97F4A7C15


def cut(
    program: Program, gaps: Sequence[list[int]], most: int, *, repeats: bool | None = None
) -> list[list[list[int]]]:
    """Cut lists of registers into pieces.

    Args:
        program: What they belong to.
        gaps: The registers that are computed one after the other, in lists: something else comes in between.
        most: How many a piece has at most.
        repeats: Whether to cut where patterns begin; by default if at most half of the code would be left to compile.

    Returns:
        For each list its pieces.
    """
    even = [[gap[i : i + most] for i in range(0, len(gap), most)] for gap in gaps]
    total = sum(map(len, gaps))
    if not total or repeats is False or (repeats is None and total <= most):
        return even
    patterns = _patterns(program, [register for gap in gaps for register in gap])
    hashes = _hashes(patterns)
    near = np.lib.stride_tricks.sliding_window_view(np.pad(hashes, APART, mode="edge"), 2 * APART + 1)
    marks = np.flatnonzero(near.min(axis=1) == hashes).tolist()
    pieces: list[list[list[int]]] = []
    distinct: set[tuple[int, ...]] = set()
    first = 0
    for gap in gaps:
        bounds = list(_bounds(first, first + len(gap), marks, most))
        pieces.append([gap[a - first : b - first] for a, b in bounds])
        distinct.update(tuple(patterns[a:b]) for a, b in bounds)
        first += len(gap)
    return pieces if repeats or 2 * sum(map(len, distinct)) <= total else even


def _patterns(program: Program, registers: list[int]) -> list[int]:
    """A number for each register that says what it computes, of which of those shortly before."""
    code, varying = program.code, program.varying
    place = {register: i for i, register in enumerate(registers)}
    names: dict[str, int] = {}
    patterns = []
    for i, register in enumerate(registers):
        op, args, _ = code[register]
        pattern = names.setdefault(op, len(names))
        for arg in args:
            if arg in place and i - place[arg] <= NEAR:
                operand = 8 + i - place[arg]
            else:
                operand = _READ.get(code[arg].op, 4 + varying[arg])
            pattern = pattern * 64 + operand
        patterns.append(pattern)
    return patterns


def _hashes(patterns: list[int]) -> NDArray[np.uint64]:
    """For each place a number that depends on the patterns around it alone."""
    padded = np.pad(np.array(patterns, dtype=np.uint64), AROUND)
    hashes = np.zeros(len(patterns), dtype=np.uint64)
    for i in range(2 * AROUND):
        hashes = (hashes ^ padded[i : i + len(patterns)]) * np.uint64(_FACTOR)
        hashes ^= hashes >> np.uint64(29)
    return hashes


def _bounds(first: int, end: int, marks: list[int], most: int) -> Iterator[tuple[int, int]]:
    """From where to where the pieces reach."""
    for mark in [*marks[bisect_left(marks, first + LEAST) : bisect_left(marks, end)], end]:
        if mark - first >= LEAST or mark == end:
            while mark > first:
                yield first, min(first + most, mark)
                first = min(first + most, mark)
