"""Whether a model is being trained or evaluated, for as long as something lasts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from micrograd.engine import assign
from micrograd.nn.module import Module


@contextmanager
def mode(modules: list[Module], training: bool) -> Iterator[None]:
    """Set `training` in all modules of a model, and in each back to what it was afterwards, whatever happens.

    Args:
        modules: What `modules_of` returns.
        training: True to train, False to evaluate.
    """
    before = [module.training for module in modules]
    try:
        set_mode(modules, training)
        yield
    finally:
        assign((modules, "training", before))


def set_mode(modules: list[Module], training: bool) -> None:
    """Set `training` in all of the modules."""
    assign((modules, "training", [training] * len(modules)))


def modules_of(model: object) -> list[Module]:
    """The Modules that a model consists of: none, if it is another function, of which nothing is known."""
    return model.modules() if isinstance(model, Module) else []
