"""What is frozen is not trained, by no optimiser."""

from __future__ import annotations

from micrograd.nn.inputs import listed
from micrograd.nn.module import Module, frozen_parameters
from micrograd.nn.optim import Optimizer


def check_frozen(model: object, modules: list[Module], optimizer: Optimizer) -> None:
    """Refuse an optimiser that would train what is frozen, as one does that was made before.

    Args:
        model: The model.
        modules: Those that it consists of.
        optimizer: The optimiser.

    Raises:
        ValueError: If it holds a Value that a frozen module of the model holds.
    """
    held = set(optimizer.params).intersection(frozen_parameters(modules))
    if held and isinstance(model, Module):
        names = [name for name, parameter in model.named_parameters() if parameter in held]
        raise ValueError(
            f"fit: the optimizer would train what requires_grad_(False) has frozen: {listed(names)}; make the "
            "optimizer afterwards, for model.parameters()"
        )
