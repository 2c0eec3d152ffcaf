"""Which instructions of a program become statements, and how deep they lie. Sums count as one; `a + -b` is `a - b`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from micrograd.engine.jit.arrays.chains import Term, find_chains
from micrograd.engine.jit.program import Program

GIVEN = {"const", "input", "leaf"}


class Instructions:
    """Looks through a program.

    Args:
        program: The scalars.

    Attributes:
        totals: For each mean the terms that it is the sum of.
        chains: Sums of many terms, by their registers.
        minus: The register that each difference is without: that of what is taken off, negated.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.uses = program.uses()
        self._inside: set[int] = set()  # what only a sum, a mean or a difference needs
        self.totals = [self._terms(mean.varying) for mean in program.means]
        chains = find_chains(program, self.uses)
        self.chains = {register: chain for register, chain in chains.items() if register not in self._inside}
        self._inside.update(*(chain.inside for chain in self.chains.values()))
        self.minus: dict[int, int] = {}
        for register, (op, args, _) in enumerate(program.code):
            if op == "+" and register not in self.chains and register not in self._inside and args[0] != args[1]:
                negated = [arg for arg in args if program.code[arg].op == "neg" and self.uses[arg] == 1]
                if negated:
                    self.minus[register] = negated[0]
                    self._inside.add(negated[0])

    def _terms(self, register: int | None) -> list[Term]:
        """What a mean is the sum of."""
        terms: list[Term] = []
        rest = [] if register is None else [register]
        while rest:
            register = rest.pop()
            op, args, _ = self.program.code[register]
            if self.uses[register] == 1 and op in ("+", "*"):
                self._inside.add(register)
                if op == "+":
                    rest += args
                else:
                    terms.append(args)
            else:
                terms.append((register,))
        return sorted(terms)

    def levels(self) -> list[list[int]]:
        """The registers to compute, by how many others lie before them."""
        depth = [0] * len(self.program.code)
        levels: defaultdict[int, list[int]] = defaultdict(list)
        for register, (op, _, _) in enumerate(self.program.code):
            if op not in GIVEN and register not in self._inside:
                depth[register] = 1 + max([depth[arg] for arg in self.reads(register)], default=0)
                levels[depth[register]].append(register)
        return [levels[level] for level in sorted(levels)]

    def reads(self, register: int) -> Iterable[int]:
        """What is read to compute a register."""
        args = self.program.code[register].args
        if register in self.chains:
            start, terms, _ = self.chains[register]
            return [*([] if start is None else [start]), *(arg for term in terms for arg in term)]
        if register in self.minus:
            negated = self.minus[register]
            return args[1 - args.index(negated)], *self.program.code[negated].args
        return args
