"""A function of Values as statements about arrays."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from micrograd.engine.jit.arguments import read_arguments
from micrograd.engine.jit.arrays.levels import Level, Numbers
from micrograd.engine.jit.arrays.lines import Located
from micrograd.engine.jit.arrays.naming import frozen_leaves, name_leaves
from micrograd.engine.jit.arrays.statements import Array, ArrayProgram, Shape
from micrograd.engine.jit.jitted import Jitted
from micrograd.engine.jit.lock import compiling
from micrograd.engine.jit.structure import Call, Parts, Static, Structure
from micrograd.engine.jit.trace import Graph, trace
from micrograd.engine.tracing import Placeholder, TracingError, trace_gradients


class Part(NamedTuple):
    """One array of what a function returns.

    Attributes:
        name: Where it is, such as "out", or "loss" for the entry of a dict.
        shape: Of one sample.
    """

    name: str
    shape: Shape


class Traced:
    """A function that was run once, on placeholders, to be written in another language.

    Args:
        f: A function as `jit` takes it, or a compiled one.
        example: Arguments as a compiled function takes them. Without any, a compiled function is traced for those that
            it was called with last; a model for the inputs that it has, if it is known how many (`nin`); and any other
            function for a number in the place of each argument.
        tensors: The Values that the function reads, as nested lists under the names that they are to have. By default
            what `f.tensors()` says, if there is that, and the labels of others, or the names of the variables that `f`
            finds them in, models among them. What has no name at all are the numbers of an array "leaf".
        lines: Whether to remember which line of the source computes what. Finding that out takes a while.

    Attributes:
        function: The function; of a compiled one the one that was compiled.
        name: What it is called; a model is called like its class.
        arguments: The name of each argument and how it is put together, but for those that the function looks at.
        inputs: The arrays in them.
        parameters: The Values that it reads, and whatever else is in `tensors`.
        leaves: These Values, one after the other.
        frozen: Those of them that a model says are not to be trained.
        structure: How its results are put together.
        results: Its results.

    Raises:
        TypeError: If the example does not fit the function, or none is given and one is needed; if an entry of
            `tensors` holds something else than leaves.
        ValueError: If the function draws random numbers, or a Value is a part of two tensors.
        TracingError: If the function looks at a number.
    """

    def __init__(
        self,
        f: Callable[..., Any],
        example: Sequence[Any] = (),
        tensors: Mapping[str, Any] | None = None,
        *,
        lines: bool = False,
    ) -> None:
        self.function = function = f._f if isinstance(f, Jitted) else f
        self.name: str = getattr(function, "__name__", "") or type(function).__name__
        with compiling():
            call, what = _structure(f, function, example)
            self._graph = self._trace(call, what, Located if lines else Placeholder)
        if self._graph.draws:
            raise ValueError(
                f"{self.name} draws random numbers, as dropout does in training mode, and what it is written as "
                "cannot; call eval() on the model first"
            )
        self.arguments = [*_arguments(function, call)]
        named = [part for name, structure in self.arguments for part in _parts(structure, name)]
        self.inputs = [Array(name, shape, "input", True) for name, shape in named]
        found = name_leaves(function, self._graph.leaves, tensors)
        self.parameters = [Array(name, tensor.shape, "parameter", False) for name, tensor in found.items()]
        self.leaves = [leaf for tensor in found.values() for leaf in tensor.leaves]
        self.frozen = frozen_leaves(function).intersection(self.leaves)
        self.structure = self._graph.structure
        self.results = [Part(*part) for part in _parts(self.structure, "out")]

    def _trace(self, call: Call, what: str, made: type[Placeholder]) -> Graph:
        """Run the function on placeholders.

        Raises:
            TypeError: If it fails. What it says about a number that it looked at, it says itself.
        """
        try:
            return trace(self.function, call, made)
        except TracingError:
            raise
        except Exception as error:
            reason = str(error).replace(made.__name__, "Value")
            raise TypeError(
                f"{self.name} fails for {what} ({type(error).__name__}: {reason}); give an example of what it takes, "
                "as a compiled function takes it, with the samples as first axis: [[0.0, 0.0]] for a list of two "
                "numbers"
            ) from error

    def level(self) -> Level:
        """The function as one that can be differentiated, any number of times. It has no totals."""
        results = [Array(part.name, part.shape, "computed", True) for part in self.results]
        return Level(
            Numbers(self.inputs, self._graph.inputs),
            Numbers(self.parameters, self.leaves),
            Numbers(results, self._graph.outputs),
            Numbers([], []),
        )

    def forward(self) -> ArrayProgram:
        """What the function computes."""
        return self.level().program()

    def gradients(self) -> ArrayProgram:
        """The same, and with `Total` and `Scatter` the gradient of its only output with respect to the parameters.

        Raises:
            TypeError: If the function returns more than one Value.
        """
        if self.structure != ():
            raise TypeError(
                f"a gradient is that of a function of one Value, this one returns {len(self._graph.outputs)}"
            )
        gradients = trace_gradients(self._graph.outputs[0], self.leaves)
        return self.level()._replace(totals=Numbers(self.parameters, gradients)).program()


def _structure(f: Callable[..., Any], function: Callable[..., Any], example: Sequence[Any]) -> tuple[Call, str]:
    """The structure of the arguments, and what they are, in words; `f` may be what was compiled of the function."""
    if example:
        call, _, _ = read_arguments(example, static_places=f._static_places if isinstance(f, Jitted) else ())
        return call, "this example"
    if isinstance(f, Jitted) and f._versions.latest is not None:
        return f._versions.latest, "what it was called with last"
    nin = getattr(function, "nin", None)
    if nin is not None:
        return Call((0,), ((int(nin),),)), f"a list of {nin} numbers"
    parameters = inspect.signature(function).parameters.values()
    needed = [each for each in parameters if each.kind <= each.POSITIONAL_OR_KEYWORD and each.default is each.empty]
    return Call(tuple(range(len(needed))), ((),) * len(needed)), "a number for each argument"


def _arguments(f: Callable[..., Any], call: Call) -> Iterator[tuple[str, Structure]]:
    """The arguments that a function takes, by name."""
    try:
        parameters = inspect.signature(f).parameters.values()
        names = [each.name for each in parameters if each.kind <= each.VAR_POSITIONAL]
    except (TypeError, ValueError):  # some functions written in C have none
        names = []
    for place, part in zip(call.places, call.parts, strict=True):
        name = place if isinstance(place, str) else names[place] if place < len(names) else f"x{place}"
        if not isinstance(part, Static):
            yield name, part


def _parts(structure: Structure, name: str) -> Iterator[tuple[str, Shape]]:
    """The arrays of a structure, by name: `name`, or what their keys say."""
    if not isinstance(structure, Parts):
        yield name, structure
        return
    fields = getattr(structure.kind, "_fields", structure.places)
    for field, part in zip(fields, structure.parts, strict=True):
        yield from _parts(part, f"{name}.{field}")
