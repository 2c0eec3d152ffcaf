"""What every model has: parameters, a mode, and a state that can be saved."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Self, TypeGuard

from micrograd.engine import Value, assign
from micrograd.nn.arguments import is_number, listed, shown
from micrograd.nn.saving import load, save


class Module:
    """A part of a model, or all of it. Counterpart: `torch.nn.Module`.

    A subclass assigns its Values and Modules, or lists, tuples and dicts of them, to attributes, and defines
    `__call__`. It need not call `super().__init__()`. A Value attribute counts as a parameter if it is a leaf; one that
    was computed from others does not.

    Attributes:
        training: Whether the model is being trained, which switches dropout on. True until `eval()` is called.

    Example:
        >>> from micrograd.engine import Value
        >>> class Line(Module):
        ...     def __init__(self):
        ...         self.slope = Value(2.0)
        ...         self.offset = Value(1.0)
        ...
        ...     def __call__(self, x):
        ...         return self.slope * x + self.offset
        >>> line = Line()
        >>> line(3.0).data
        7.0
        >>> line.state_dict()
        {'slope': 2.0, 'offset': 1.0}
    """

    training: bool = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the model. Subclasses define it.

        Raises:
            NotImplementedError: If the subclass does not.
        """
        raise NotImplementedError(f"{type(self).__name__} has no __call__; define one that takes the model's inputs")

    def parameters(self) -> list[Value]:
        """The Values to train, in the order of definition, each once. Counterpart: `torch.nn.Module.parameters`.

        A subclass may override it, as classic micrograd code does; the modules that contain it then take its word.

        Returns:
            The leaf Values that the attributes hold.

        Example:
            >>> from micrograd.nn import MLP
            >>> len(MLP(2, [16, 16, 1]).parameters())
            337
        """

        def attributes(module: Module) -> Iterable[tuple[str, object]]:
            if module is self or not _overrides_parameters(module):
                return vars(module).items()
            return [("", module.parameters())]

        return [item for _, item in _walk(self, attributes) if isinstance(item, Value)]

    def named_parameters(self) -> list[tuple[str, Value]]:
        """All parameters with their names. Counterpart: `torch.nn.Module.named_parameters`.

        Returns:
            Pairs of name and leaf Value. The name is the path through the attributes; a Value that no attribute leads
            to, but an overridden `parameters()` returns, is named after its place there. Values that an overridden
            `parameters()` leaves out, because they are not to be trained, are here all the same.

        Raises:
            ValueError: If two parameters have the same name, as with the keys 1 and "1" in one dict.

        Example:
            >>> from micrograd.nn import Neuron
            >>> [name for name, parameter in Neuron(2).named_parameters()]
            ['w.0', 'w.1', 'b']
        """

        def attributes(module: Module) -> Iterable[tuple[str, object]]:
            return [*vars(module).items(), ("parameters", module.parameters() if _overrides_parameters(module) else [])]

        named: dict[str, Value] = {}
        for name, item in _walk(self, attributes):
            if isinstance(item, Value) and named.setdefault(name, item) is not item:
                raise ValueError(
                    f"{type(self).__name__} has two parameters called {name!r}; rename one attribute or key"
                )
        return list(named.items())

    def modules(self) -> list[Module]:
        """This module and all modules inside it, each once. Counterpart: `torch.nn.Module.modules`.

        Returns:
            The modules, each before those it holds.

        Example:
            >>> from micrograd.nn import Layer
            >>> Layer(2, 2).modules()
            [Layer of [ReLUNeuron(2), ReLUNeuron(2)], ReLUNeuron(2), ReLUNeuron(2)]
        """
        return [item for _, item in _walk(self, lambda module: vars(module).items()) if isinstance(item, Module)]

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to 0. Counterpart: `torch.nn.Module.zero_grad`.

        Example:
            >>> from micrograd.nn import Neuron
            >>> neuron = Neuron(1)
            >>> neuron.b.grad = 3.0
            >>> neuron.zero_grad()
            >>> neuron.b.grad
            0.0
        """
        for parameter in self.parameters():
            parameter.grad = 0.0

    def train(self, mode: bool = True) -> Self:
        """Set `training` here and in every module inside. Counterpart: `torch.nn.Module.train`.

        Args:
            mode: True to train, False to evaluate.

        Returns:
            The module itself.

        Example:
            >>> from micrograd.nn import Neuron
            >>> Neuron(2, dropout=0.5).train(False).training
            False
        """
        for module in self.modules():
            module.training = mode
        return self

    def eval(self) -> Self:
        """The same as `train(False)`. Counterpart: `torch.nn.Module.eval`.

        Returns:
            The module itself.

        Example:
            >>> from micrograd.nn import Neuron
            >>> Neuron(2, dropout=0.5).eval().training
            False
        """
        return self.train(False)

    def state_dict(self) -> dict[str, float]:
        """The numbers in the parameters, by name. Counterpart: `torch.nn.Module.state_dict`.

        Returns:
            A new dict from the names of `named_parameters()` to floats.

        Raises:
            ValueError: If two parameters have the same name.

        Example:
            >>> from micrograd.nn import Neuron
            >>> Neuron(2).state_dict()["b"]
            0.0
        """
        return {name: float(parameter.data) for name, parameter in self.named_parameters()}

    def load_state_dict(self, state: Mapping[str, float]) -> None:
        """Set all parameters. Counterpart: `torch.nn.Module.load_state_dict` with `strict=True`.

        Args:
            state: A number for every name of `named_parameters()`, and nothing else.

        Raises:
            TypeError: If `state` is not a mapping.
            ValueError: If entries are missing, unexpected or not a number. It names them, and no parameter has changed.

        Example:
            >>> from micrograd.nn import Neuron
            >>> Neuron(1).load_state_dict({"w.0": 1.0, "w.1": 2.0})
            Traceback (most recent call last):
            ...
            ValueError: Neuron cannot load this state (nothing was changed): missing: b; unexpected: w.1
        """
        if not isinstance(state, Mapping):
            raise TypeError(f"load_state_dict takes a mapping from names to numbers, got {shown(state)}")
        parameters = dict(self.named_parameters())
        numbers = {name: float(entry) for name, entry in state.items() if _is_float(entry)}
        problems = {
            "missing": [name for name in parameters if name not in state],
            "unexpected": [name for name in state if name not in parameters],
            "not a number": [f"{name} is {shown(state[name])}" for name in state if name not in numbers],
        }
        found = "; ".join(f"{problem}: {listed(names)}" for problem, names in problems.items() if names)
        if found:
            raise ValueError(f"{type(self).__name__} cannot load this state (nothing was changed): {found}")
        assign(*((parameters[name], "data", number) for name, number in numbers.items()))

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write `state_dict()` to a JSON file, all of it or nothing. See `micrograd.nn.save`.

        Args:
            path: The file, replaced if it exists.

        Raises:
            OSError: If it cannot be written. A file that was there before is untouched.

        Example:
            >>> import os, tempfile
            >>> from micrograd.nn import Neuron
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     path = os.path.join(folder, "neuron.json")
            ...     trained, fresh = Neuron(2), Neuron(2)
            ...     trained.save(path)
            ...     fresh.load(path)
            >>> fresh.state_dict() == trained.state_dict()
            True
        """
        save(dict(self.state_dict()), path)

    def load(self, path: str | os.PathLike[str]) -> None:
        """Set all parameters from a file that `save` wrote.

        Args:
            path: The file.

        Raises:
            OSError: If it cannot be read.
            ValueError: If it is not such a file, or does not fit this model. No parameter has changed.

        Example:
            >>> import os, tempfile
            >>> from micrograd.nn import Neuron
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     path = os.path.join(folder, "neuron.json")
            ...     Neuron(1).save(path)
            ...     Neuron(2).load(path)
            Traceback (most recent call last):
            ...
            ValueError: Neuron cannot load this state (nothing was changed): missing: w.1
        """
        self.load_state_dict(load(path))


def _overrides_parameters(module: Module) -> bool:
    return getattr(module.parameters, "__func__", None) is not Module.parameters


def _walk(
    root: Module, attributes: Callable[[Module], Iterable[tuple[str, object]]]
) -> Iterator[tuple[str, Module | Value]]:
    """Yield each Module and leaf Value below `root` with its dotted name, once, in order, however deep they lie."""
    seen: dict[int, object] = {}  # keeps the objects alive, so that no id is used twice
    stack: list[tuple[str, object]] = [("", root)]
    while stack:
        name, item = stack.pop()
        if id(item) in seen:
            continue
        seen[id(item)] = item
        children: Iterable[tuple[object, object]] = ()
        if isinstance(item, Module):
            yield name, item
            children = attributes(item)
        elif isinstance(item, Value) and not item._prev:
            yield name, item
        elif isinstance(item, dict):
            children = item.items()
        elif isinstance(item, (list, tuple)):
            children = enumerate(item)
        held = [
            (f"{name}.{key}" if name else str(key), child) for key, child in children if isinstance(child, _HOLDERS)
        ]
        stack.extend(reversed(held))


_HOLDERS = (Value, Module, dict, list, tuple)


def _is_float(entry: object) -> TypeGuard[float]:
    """Whether it is a number that fits into a float; a huge int does not."""
    try:
        return is_number(entry) and isinstance(float(entry), float)
    except OverflowError:
        return False
