"""Whether a model is being trained or evaluated, for as long as something lasts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from micrograd.engine import assign
from micrograd.nn.module import Module


@contextmanager
def mode(model: object, training: bool) -> Iterator[None]:
    """Set `training` in all modules of a model, and in each back to what it was afterwards, whatever happens.

    Args:
        model: A Module; of other functions nothing is known, and nothing is set.
        training: True to train, False to evaluate.
    """
    modules = modules_of(model)
    before = [module.training for module in modules]
    try:
        assign((modules, "training", [training] * len(modules)))
        yield
    finally:
        assign((modules, "training", before))


def modules_of(model: object) -> list[Module]:
    """The Modules that a model consists of: none, if it is another function."""
    return model.modules() if isinstance(model, Module) else []
