"""A function and its derivatives as functions of tensors that PyTorch differentiates by the rules of the engine."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from micrograd.engine.jit.arrays import Level
from micrograd.nn.interop.graph import write


class Differentiable(nn.Module):
    """A function of tensors, whose derivatives are such functions too, made when someone asks for them.

    Args:
        level: The function.
    """

    def __init__(self, level: Level) -> None:
        super().__init__()
        self._kept = _Kept(level)
        self._inputs, self._results = len(level.inputs.arrays), len(level.results.arrays)
        self._computed = self._results + len(level.totals.arrays)
        written = write(level.program(), len(level.totals.arrays))
        self.function = written.function
        self._constants = [f"constant{i}" for i in range(len(written.constants))]
        for name, constant in zip(self._constants, written.constants, strict=True):
            self.register_buffer(name, constant, persistent=False)
        self.derivatives = nn.ModuleDict()

    def forward(self, *tensors: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """The results and the totals, from the inputs, shape (batch, numbers) each, and the parameters."""
        results: tuple[torch.Tensor, ...] = _Applied.apply(self, *tensors)
        return results

    def computed(self, *tensors: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """The same, for PyTorch a single operation, in the type that the net has."""
        constants = [self.get_buffer(name) for name in self._constants]
        device = constants[0].device.type
        if torch.is_autocast_enabled(device):  # what a backward pass computes would not have the types that go in
            with torch.autocast(device, enabled=False):
                return self.function(*tensors, *constants)  # type: ignore[no-any-return]
        return self.function(*tensors, *constants)  # type: ignore[no-any-return]

    @property
    def is_fixed(self) -> bool:
        """Whether no further derivatives can be made: in a net that was pickled, and while a graph is compiled."""
        return self._kept.level is None or torch.compiler.is_compiling()

    def pulled_back(self, tensors: tuple[torch.Tensor, ...], gradients: tuple[torch.Tensor | None, ...]) -> Any:
        """The gradients of the tensors, from those of what was computed."""
        inputs, results = self._inputs, self._results
        of_results = [g for g in gradients[:results] if g is not None]
        of_totals = [g for g in gradients[results:] if g is not None]
        derivative = self.derivative([g is not None for g in gradients])
        # Where PyTorch compiles a backward pass, it differentiates that no further.
        compute = derivative.computed if torch.compiler.is_compiling() else derivative
        return compute(*tensors[:inputs], *of_results, *tensors[inputs:], *of_totals)

    def derivative(self, of: list[bool] | None = None) -> Differentiable:
        """Takes gradients of what is computed as well, and computes those of what is taken.

        Args:
            of: What has a gradient; by default all.
        """
        wanted = [True] * self._computed if of is None else of
        name = "".join("01"[each] for each in wanted)
        if name not in self.derivatives:
            if self._kept.level is None:
                raise RuntimeError("a net that was pickled has first derivatives only; make it anew with to_torch")
            with torch.inference_mode(False):
                made = Differentiable(self._kept.level.derivative(wanted))
            self.derivatives[name] = made.to(self.get_buffer("constant0"))
        found = self.derivatives[name]
        assert isinstance(found, Differentiable)
        return found


class _Kept:
    """A level, which copies of a net share, and pickles of one leave out: it is no state."""

    def __init__(self, level: Level | None = None) -> None:
        self.level = level

    def __deepcopy__(self, memo: Any) -> _Kept:
        return self

    def __reduce__(self) -> Any:
        return _Kept, ()


class _Applied(torch.autograd.Function):
    """What is computed, differentiated by the rules of the engine."""

    generate_vmap_rule = True

    @staticmethod
    def forward(function: Differentiable, *tensors: torch.Tensor) -> Any:
        return function.computed(*tensors)

    @staticmethod
    def setup_context(ctx: Any, inputs: Any, output: Any) -> None:
        ctx.function, *tensors = inputs
        ctx.save_for_backward(*tensors)
        ctx.set_materialize_grads(ctx.function.is_fixed)  # what has no gradient is left out, else it has one of 0

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor | None) -> Any:
        tensors = ctx.saved_tensors
        if all(g is None for g in gradients):
            return (None,) * (1 + len(tensors))
        return None, *ctx.function.pulled_back(tensors, gradients)
