"""Sums of many terms, recovered from additions: `b + w₀ x₀ + w₁ x₁ + …` is one thing, not twice as many.

They are added up in the order in which the program does it, so no bit changes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple, TypeAlias

from micrograd.engine.jit.program import Program

Term: TypeAlias = tuple[int, ...]
"""The register that is added, or the two whose product is."""

LONG = 8  # terms: so many are a sum, wherever they come from; fewer must come from one place


class Chain(NamedTuple):
    """A sum.

    Attributes:
        start: The register that it begins with, or None.
        terms: What is added to that, the first one first.
        inside: The registers that only it needs.
    """

    start: int | None
    terms: list[Term]
    inside: list[int]


class _Link(NamedTuple):
    """One addition of a sum.

    Attributes:
        register: Of the sum so far.
        term: What was added last.
        product: Its register, if it is a product.
        kind: Terms of the same kind come from the same places.
    """

    register: int
    term: Term
    product: list[int]
    kind: list[int]


def find_chains(program: Program, uses: Counter[int]) -> dict[int, Chain]:
    """All sums, by their registers, that are worth more than their additions.

    Args:
        program: Where they are.
        uses: How often each register is needed.
    """
    code, varying = program.code, program.varying
    kinds = _kinds(program)
    chains: dict[int, Chain] = {}
    seen: set[int] = set()

    def link(sum_: int, register: int) -> _Link:
        op, args, _ = code[register]
        term, product = (args, [register]) if op == "*" and uses[register] == 1 else ((register,), [])
        return _Link(sum_, term, product, sorted([kinds[factor] for factor in term]))

    def goes_on(register: int) -> bool:
        return code[register].op == "+" and uses[register] == 1 and varying[register] == varying[last]

    for last in range(len(code) - 1, -1, -1):
        if code[last].op != "+" or last in seen:
            continue
        links: list[_Link] = []
        rest = last
        while rest == last or goes_on(rest):
            seen.add(rest)
            ways = [(a, link(rest, b)) for a, b in (code[rest].args, code[rest].args[::-1])]
            rest, added = max(ways, key=lambda way: (goes_on(way[0]), len(way[1].term)))
            links.append(added)
        chains.update(_runs(rest, link(rest, rest), links[::-1]))
    return chains


def _runs(start: int, first: _Link, links: list[_Link]) -> Iterator[tuple[int, Chain]]:
    """A sum as sums of terms of one kind, each of which begins with the one before; those that are worth it."""
    runs = [list(run) for _, run in groupby(links, key=lambda link: link.kind)]
    if len(links) >= LONG and 2 * len(runs) > len(links):  # all kinds in turn
        runs = [list(run) for _, run in groupby(links, key=lambda link: len(link.term))]
    for i, run in enumerate(runs):
        begins = i == 0 and first.kind == run[0].kind
        some = [first, *run] if begins else run
        if len(some) >= (2 if len(run[0].term) == 2 else 3):
            inside = [link.register for link in run[:-1]]
            inside += [register for link in some for register in link.product]
            yield run[-1].register, Chain(None if begins else start, [link.term for link in some], inside)
        start = run[-1].register


def _kinds(program: Program) -> Sequence[int]:
    """What a register is, roughly, as a number: registers of one kind will lie in one array."""
    numbers: dict[tuple[str, int], int] = {}
    depth: list[int] = []
    kinds: list[int] = []
    for op, args, _ in program.code:
        depth.append(1 + max([depth[arg] for arg in args], default=-1))
        kinds.append(numbers.setdefault((op, depth[-1]), len(numbers)))
    return kinds
