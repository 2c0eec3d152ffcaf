"""A traced function as a short list of statements about arrays, for whoever writes it in another language.

Tracing gives scalars, thousands of instructions for a small network (`micrograd.engine.jit`). Here the structure that
was lost is found again: products of matrices, things that are done to all numbers of an array, look-ups. What comes out
has no loops and no branches, and a sample at a time is meant; so it is soon written as C, or as a graph of operations
on tensors, where the samples are an axis. Derivatives, of any order, are such statements as well.

    traced.py        runs the function, and knows what its arguments, parameters and results are called
    naming.py        finds names for the leaves that it reads
    levels.py        differentiates it, any number of times
    chains.py        finds sums of many terms
    instructions.py  knows what else is to be done, and how deep it lies
    grouping.py      puts together what is done alike
    order.py         puts the statements in order
    places.py        says which numbers a statement reads
    statements.py    is what comes out
    lines.py         remembers which line of the source computes what
"""

from micrograd.engine.jit.arrays.levels import Level, Numbers
from micrograd.engine.jit.arrays.statements import (
    Array,
    ArrayProgram,
    Join,
    Listed,
    Map,
    Operand,
    Pieces,
    Places,
    Read,
    Scatter,
    Statement,
    Strided,
    Sum,
    Take,
    Total,
    row_by_row,
)
from micrograd.engine.jit.arrays.traced import Part, Traced

__all__ = [
    "Array",
    "ArrayProgram",
    "Join",
    "Level",
    "Listed",
    "Map",
    "Numbers",
    "Operand",
    "Part",
    "Pieces",
    "Places",
    "Read",
    "Scatter",
    "Statement",
    "Strided",
    "Sum",
    "Take",
    "Total",
    "Traced",
    "row_by_row",
]
