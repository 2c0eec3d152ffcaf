"""The order of statements: that of the program, as far as each finds there what it needs."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Sequence

from micrograd.engine.jit.arrays.statements import Join, Map, Pieces, Read, Scatter, Statement, Sum, Take, Total


def in_order(statements: Sequence[Statement], wanted: Sequence[int]) -> list[Statement]:
    """Statements so that each comes behind those that make what it reads.

    Args:
        statements: The statements.
        wanted: Of those that could come next, the one with the smallest number does.
    """
    makers = {statement.out: i for i, statement in enumerate(statements) if not isinstance(statement, (Total, Scatter))}
    needs = [{makers[array] for array in _reads(statement) if array in makers} for statement in statements]
    users: defaultdict[int, list[int]] = defaultdict(list)
    for i, needed in enumerate(needs):
        for maker in needed:
            users[maker].append(i)
    ready = [(wanted[i], i) for i, needed in enumerate(needs) if not needed]
    heapq.heapify(ready)
    ordered: list[Statement] = []
    while ready:
        _, i = heapq.heappop(ready)
        ordered.append(statements[i])
        for user in users[i]:
            needs[user].discard(i)
            if not needs[user]:
                heapq.heappush(ready, (wanted[user], user))
    return ordered


def _reads(statement: Statement) -> list[int]:
    """The arrays that a statement reads."""
    match statement:
        case Map(operands=operands) | Join(pieces=Pieces(parts=operands)):
            pass
        case Sum(start=start, factors=factors):
            operands = (*factors, *([] if start is None else [start]))
        case Take(table=table, at=at):
            operands = (table, at)
        case Total(factors=operands):
            pass
        case Scatter(at=at, value=value):
            operands = (at, value)
    return [operand.array for operand in operands if isinstance(operand, Read)]
