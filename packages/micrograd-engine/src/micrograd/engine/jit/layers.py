"""Dense layers, recovered from scalar instructions.

A layer of neurons is, when it has been flattened, thousands of instructions that differ only in which weight they read.
Written out one by one they are more code than a processor's cache for instructions holds, and LLVM takes seconds for
them. But they can be found again. `b + w₀ x₀ + w₁ x₁ + …` is a dot product; dot products with the same `x` are the rows
of a matrix, if the weights of each follow each other in memory in the same way; and the gradients `gⱼ xᵢ` of those
weights, summed over the samples, are an outer product. Both become loops of a few lines (`dense.py`), whatever their
size. A layer that is used several times, as in a recurrence, is found each time; the gradient of a weight is then a sum
of such products.

Nothing is said about neurons here: a layer that someone wrote by hand is found too, and so is the transposed product
that the rules of differentiation make of it.
"""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import NamedTuple, TypeAlias

from micrograd.engine.jit.dense import Dense, Outer, Registers
from micrograd.engine.jit.program import Program

NOTHING = -0.0  # added to anything, it changes no bit
WORTH = 64  # products: fewer are faster written out

# What a row reads, how far its leaves lie behind the first one, and the constant that its sum starts with, in
# hexadecimal; no constant but a leaf if that is empty.
_Pattern: TypeAlias = tuple[Registers, Registers, str]


class Layers(NamedTuple):
    """What was found.

    Attributes:
        dense: By the first of their results.
        outer: In no particular order.
        absorbed: The registers that they compute, or that nothing else needs.
        summed: The sums that they compute.
    """

    dense: dict[int, Dense]
    outer: list[Outer]
    absorbed: set[int]
    summed: set[int]


class _Row(NamedTuple):
    """A row of a layer: a dot product, or the products of one number with several.

    Attributes:
        registers: The result, or the number, one for each term.
        place: Where what it reads or writes begins.
        start: The leaf that a sum starts with.
    """

    registers: Registers
    place: int
    start: Registers = ()


def find_layers(program: Program) -> Layers:
    """Find the dense layers in a program."""
    found = Layers({}, [], set(), set())
    uses = program.uses()
    dots, inside = _dots(program, uses)
    for (reads, columns, constant), rows in dots.items():
        if len(rows) * len(columns) >= WORTH:
            rows.sort(key=lambda row: row.place)
            results, places, starts = (tuple(some) for some in zip(*rows, strict=True))
            writes = tuple(chain(*results))
            found.dense[min(writes)] = Dense(writes, places, tuple(chain(*starts)), constant, reads, columns)
            found.absorbed.update(register for result in writes for register in inside[result])
    products, within = _products(program, uses)
    for factors, rows in products.items():
        if len(rows) * len(factors) >= WORTH:
            left, right = zip(*(row.registers for row in rows), strict=True), zip(*factors, strict=True)
            found.outer.append(Outer(tuple(left), tuple(right), tuple(row.place for row in rows)))
            for row in rows:
                for k in range(row.place, row.place + len(factors)):
                    found.summed.add(k)
                    found.absorbed.update(within[k])
    return found


def _dots(program: Program, uses: Counter[int]) -> tuple[dict[_Pattern, list[_Row]], dict[int, list[int]]]:
    """All dot products with leaves, by what the leaves are multiplied with and how they lie in memory.

    Returns:
        The dot products, and for each result the registers that only it needs.
    """
    code, varying = program.code, program.varying
    groups: dict[_Pattern, list[_Row]] = {}
    inside: dict[int, list[int]] = {}
    seen: set[int] = set()

    def weighted(register: int) -> tuple[int, int] | None:
        """Leaf and register of a product that nothing else needs."""
        op, args, _ = code[register]
        if op == "*" and uses[register] == 1 and varying[register]:
            for w, x in (args, args[::-1]):
                if code[w].op == "leaf" and varying[x]:
                    return int(code[w].number), x
        return None

    for last in range(len(code) - 1, -1, -1):
        if code[last].op != "+" or last in seen:
            continue
        terms, chain_, rest = [], [], last  # the sum without `terms`, the last one first, is `rest`
        while code[rest].op == "+" and rest not in seen and (rest == last or uses[rest] == 1):
            one, other = code[rest].args
            if (term := weighted(other)) is None:
                one, other = other, one
                if (term := weighted(other)) is None:
                    break
            terms.append(term)
            chain_ += [rest, other]
            rest = one
        seen.update(chain_)
        op, _, number = code[rest]
        start: Registers = ()
        constant = ""
        if chain_ and (term := weighted(rest)):
            terms.append(term)
            chain_.append(rest)
            constant = NOTHING.hex()
        elif op == "const":
            constant = number.hex()
        elif op == "leaf":
            start = (int(number),)
        else:
            continue
        if len(terms) > 1:
            places, reads = zip(*reversed(terms), strict=True)
            inside[last] = chain_
            columns = tuple([place - places[0] for place in places])
            groups.setdefault((reads, columns, constant), []).append(_Row((last,), places[0], start))
    return groups, inside


def _products(program: Program, uses: Counter[int]) -> tuple[dict[tuple[Registers, ...], list[_Row]], list[list[int]]]:
    """Runs of means of products with one factor in common, by what that is multiplied with.

    A mean may be the sum of several products, one for each time that a weight was used. Then they have so many factors
    in common.

    Returns:
        The rows, and for each mean the registers that only it needs.
    """
    found = [_terms(program, uses, mean.varying) for mean in program.means]
    terms, inside = zip(*found, (set(), []), strict=True)
    groups: dict[tuple[Registers, ...], list[_Row]] = {}
    k = 0
    while k < len(program.means):
        first, factors = k, []
        common = _common(terms[k], terms[k + 1])
        while common and (others := _others(terms[k], common)):
            factors.append(others)
            k += 1
        if factors:
            groups.setdefault(tuple(factors), []).append(_Row(common, first))
        k = max(k, first + 1)
    return groups, list(inside)


def _terms(program: Program, uses: Counter[int], register: int | None) -> tuple[set[Registers], list[int]]:
    """The factors of the products that a register is a sum of, if it is one, and the registers that only it needs."""
    rest = [] if register is None else [register]
    products: set[Registers] = set()
    only: list[int] = []
    while rest:
        register = rest.pop()
        op, args, _ = program.code[register]
        once = uses[register] == 1
        if once:
            only.append(register)
        if op == "*" and program.varying[register] and args not in products:
            products.add(args)
        elif op == "+" and once:
            rest += args
        else:
            return set(), []
    return products, only


def _common(some: set[Registers], others: set[Registers]) -> Registers:
    """A factor of each of some products, which is one of the others as well. They are ordered by what they multiply."""
    shared = set(chain(*some)) & set(chain(*others))
    pairs = [(b, a) if a in shared else (a, b) for a, b in some if a in shared or b in shared]
    return tuple([one for _, one in sorted(pairs)]) if len(pairs) == len(some) else ()


def _others(products: set[Registers], common: Registers) -> Registers:
    """What the common factors are multiplied with in these products, if they are in all of them."""
    other: dict[int, int] = {}
    for a, b in products:
        other[a], other[b] = b, a
    others = tuple([other[one] for one in common if one in other])
    found = {(a, b) if a < b else (b, a) for a, b in zip(common, others, strict=False)}
    return others if found == products and len(others) == len(common) else ()
