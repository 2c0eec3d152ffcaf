"""The rule of an optimiser: how a parameter changes in a training step, traced as any function is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NoReturn, TypeAlias

from micrograd.engine.jit.program import Program, compile_graph
from micrograd.engine.jit.trace import as_output
from micrograd.engine.randomness import drawing
from micrograd.engine.tracing import FloatPlaceholder, TracingError, tracing

Rule: TypeAlias = Callable[..., tuple[Any, Sequence[Any]]]


def trace_rule(rule: Rule, slots: int, numbers: int = 1) -> Program:
    """The program of an optimiser's rule: from p, the state and g to the new p and state.

    Its leaves are t and the numbers that change from round to round.

    Args:
        rule: `rule(p, g, state, t, lr) -> (new p, new state)`.
        slots: How many numbers `state` has.
        numbers: How many it takes after `t`.

    Raises:
        TypeError: If the rule returns something else, or computes with Values of its own.
        TracingError: If it looks at a number, or draws one.
    """
    name = getattr(rule, "__name__", "the rule")
    p, g, t, lr = map(FloatPlaceholder, ("p", "g", "t", "lr"))
    live = [lr, *(FloatPlaceholder(f"number {k}") for k in range(1, numbers))]
    state = tuple(FloatPlaceholder(f"state[{k}]") for k in range(slots))

    def refuse() -> NoReturn:
        raise TracingError(f"{name} draws random numbers, which a compiled rule cannot; let the loss draw them")

    with tracing(), drawing(refuse):
        result = rule(p, g, state, t, *live)
    if not (isinstance(result, (tuple, list)) and len(result) == 2 and isinstance(result[1], (tuple, list))):
        raise TypeError(f"{name} must return the new p and a tuple, the new state, got {type(result).__name__}")
    if len(result[1]) != slots:
        raise TypeError(
            f"{name} must return as many numbers to keep as slots says, {slots}, got {len(result[1])}; set slots"
        )
    program = compile_graph([p, *state, g], [as_output(number) for number in (result[0], *result[1])], [], [t, *live])
    if len(program.leaves) > 1 + numbers:
        raise TypeError(
            f"{name} must compute with numbers, but reads a Value of its own, {program.leaves[1 + numbers]!r}"
        )
    return program
