"""The results of a call: where they lie, and which of them machine code computes."""

from __future__ import annotations

import numpy as np

from micrograd.engine.jit.ir import bits
from micrograd.engine.jit.memory import Array, addresses, aligned_rows
from micrograd.engine.jit.program import Program

DIRECT = 2**15  # numbers: fewer are soon copied


class Results:
    """What a program computes for every sample.

    Some of it may be constants, in a sparse Hessian nearly all, and to write these sample by sample takes longer than
    all the rest. So where constants are the larger part, code leaves them out.

    Args:
        program: The program.

    Attributes:
        computed: The registers that code has to write.
        rows: Which results these are, as an index.
    """

    def __init__(self, program: Program) -> None:
        instructions = [program.code[result] for result in program.results]
        constants = {j: number for j, (op, _, number) in enumerate(instructions) if op == "const"}
        self._count = len(instructions)
        self._sparse = 2 * len(constants) > self._count
        rows = [j for j in range(self._count) if not (self._sparse and j in constants)]
        self.computed = [program.results[j] for j in rows]
        self.rows = np.array(rows, dtype=np.intp) if self._sparse else slice(None)
        others = {j: number for j, number in constants.items() if bits(number)}
        self._others = list(others), np.array(list(others.values()))[:, np.newaxis]

    def room(self, batch: int, width: int, out: Array | None) -> tuple[Array, int | None]:
        """Room for the results of a batch.

        Args:
            batch: The number of samples.
            width: The number of lanes.
            out: Where the caller wants them, shape (results, batch).

        Returns:
            The room, shape (results, batch), with all in it that code leaves out; and its address, if code may write
            there: each row then has room for whole vectors.
        """
        few = self._count * batch < DIRECT or batch < 8 * width  # samples of these would be padding for a good part
        if out is None and not self._sparse and not few:
            results = aligned_rows(self._count, batch, width)
            return results, addresses(results)[0]
        if not self._sparse:
            return np.empty((self._count, batch)) if out is None else out, None
        if out is None:
            results = np.zeros((self._count, batch))
        else:
            results = out
            results.fill(0.0)
        rows, numbers = self._others
        if rows:
            results[rows] = numbers
        return results, None
