"""What every model has: parameters, a mode, and a state that can be saved."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Self

from micrograd.engine import Value, assign
from micrograd.nn.discovery import Attributes, attributes_of, find_forgotten, find_parameters, walk
from micrograd.nn.inputs import flag, listed, shown
from micrograd.nn.state import check_module_state, load, loading, save
from micrograd.nn.tensors import Tensor, name_tensors


class Module:
    """A part of a model, or all of it. Counterpart: `torch.nn.Module`.

    A subclass assigns its Values and Modules, or lists, tuples, dicts and object arrays of them, to attributes, and
    defines `__call__`. It need not call `super().__init__()`. A Value counts as a parameter if it is a leaf, not if it
    was computed from others, nor if the name of the attribute begins with `_`: an input that is kept belongs there.

    Attributes:
        training: Whether the model is being trained, which switches dropout on. True until `eval()` is called.
        requires_grad: Whether the Values that this module itself holds are to be trained. True until
            `requires_grad_(False)` is called.
        nin: How many numbers a sample has, where a subclass says so: `export_c` then needs no example.

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
    requires_grad: bool = True
    nin: int | None = None

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
            The leaf Values that the attributes hold, without those that a frozen module holds: see `requires_grad_`.

        Warns:
            UserWarning: If Values seem to be meant as parameters, but are none: computed ones that are but a leaf with
                numbers added or multiplied, as after `b += 0.1`, and those that sets, deques, functions, other objects
                or the class hold.

        Example:
            >>> from micrograd.nn import MLP
            >>> len(MLP(2, [16, 16, 1]).parameters())
            337
        """

        def attributes(module: Module) -> Attributes:
            if module is self or not _overrides_parameters(module):
                return attributes_of(module)
            return [("", module.parameters())]

        found = _find_parameters(self, attributes)
        frozen = set(map(id, frozen_parameters(self.modules())))
        return [parameter for _, parameter in found if id(parameter) not in frozen]

    def named_parameters(self) -> list[tuple[str, Value]]:
        """All parameters with their names. Counterpart: `torch.nn.Module.named_parameters`.

        Returns:
            Pairs of name and leaf Value. The name is the path through the attributes; a Value that no attribute leads
            to, but an overridden `parameters()` returns, is named after its place there. Values that are not to be
            trained, frozen ones and those that an overridden `parameters()` leaves out, are here all the same.

        Raises:
            ValueError: If two parameters have the same name, as with the keys 1 and "1" in one dict.

        Warns:
            UserWarning: As `parameters` does.

        Example:
            >>> from micrograd.nn import Neuron
            >>> [name for name, parameter in Neuron(2).named_parameters()]
            ['w.0', 'w.1', 'b']
        """

        def attributes(module: Module) -> Attributes:
            returned = module.parameters() if _overrides_parameters(module) else []
            return [*attributes_of(module), ("parameters", returned)]

        named: dict[str, Value] = {}
        for name, parameter in _find_parameters(self, attributes):
            if named.setdefault(name, parameter) is not parameter:
                raise ValueError(
                    f"{type(self).__name__} has two parameters called {name!r}; rename one attribute or key"
                )
        return list(named.items())

    def tensors(self) -> dict[str, Tensor]:
        """The parameters as PyTorch has them, whole tensors by name: the keys and shapes of its `state_dict`.

        `micrograd.nn.interop` goes by it. A Value, and nested lists of Values that have a shape, such as the rows of a
        matrix, are a tensor, named by the way there through attributes, places in lists and keys of dicts. Lists
        without a shape are named part by part. `Neuron`, `Layer` and `MLP` have the tensors of a `torch.nn.Sequential`
        of `Linear`, activations and `Dropout`, `Sequential` those of its parts by their places. As in PyTorch, what a
        Module holds itself comes before what the Modules in it hold.

        A subclass may override it; the modules that contain it then take its word.

        Returns:
            A dict from names to Values, or to new lists of them; frozen ones are there, too. A tensor that lies at two
            places is at both.

        Raises:
            ValueError: If two tensors have the same name, a Module contains itself, or the neurons of a `Layer` have
                different numbers of weights.

        Example:
            >>> from micrograd.nn import MLP
            >>> tensors = MLP(2, [16, 1]).tensors()
            >>> list(tensors)
            ['0.weight', '0.bias', '2.weight', '2.bias']
            >>> len(tensors["0.weight"]), len(tensors["0.weight"][0])
            (16, 2)
        """
        return name_tensors(self, attributes_of(self), Module)

    def modules(self) -> list[Module]:
        """This module and all modules inside it, each once. Counterpart: `torch.nn.Module.modules`.

        Returns:
            The modules, each before those it holds.

        Example:
            >>> from micrograd.nn import Layer
            >>> Layer(2, 2).modules()
            [Layer of [ReLUNeuron(2), ReLUNeuron(2)], ReLUNeuron(2), ReLUNeuron(2)]
        """
        return [thing for _, thing, _ in walk(self, Module, attributes_of) if isinstance(thing, Module)]

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

    def requires_grad_(self, requires_grad: bool = True) -> Self:
        """Freeze this module and all modules inside it, or thaw them. Counterpart: `torch.nn.Module.requires_grad_`.

        What is frozen is left out of `parameters()`, so an optimiser that is made afterwards does not train it, also
        when it is thawed: then make another one, or use its `add_param_group`. An optimiser that was made before goes
        on to train what is frozen in a loop of your own, unlike torch's, and `fit` refuses it: make it afterwards, for
        `model.parameters()`. A Value that several modules share is frozen if one of them is. Names and states are as
        before. A gradient that came to a frozen Value is 0 again when it is thawed.

        Args:
            requires_grad: False to freeze, True to train.

        Returns:
            The module itself.

        Raises:
            ValueError: If `requires_grad` is not True or False.

        Example:
            >>> from micrograd.nn import MLP
            >>> model = MLP(2, [16, 16, 1])
            >>> model.layers[0].requires_grad_(False) is model.layers[0]
            True
            >>> len(model.parameters()), len(model.named_parameters())
            (289, 337)
        """
        modules = self.modules()
        flags = [flag("requires_grad_", "requires_grad", requires_grad)] * len(modules)
        frozen = frozen_parameters(modules)
        assign((modules, "requires_grad", flags), (frozen, "grad", [0.0] * len(frozen)))
        return self

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
        with loading(self):
            check_module_state(state, parameters)
        assign(*((parameter, "data", float(state[name])) for name, parameter in parameters.items()))

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


def frozen_parameters(modules: Iterable[Module]) -> list[Value]:
    """What those of the modules that are frozen hold, or return from a `parameters()` of their own.

    Args:
        modules: What `Module.modules()` returns.

    Returns:
        The Values, each once for a module.
    """
    return [value for module in modules if not module.requires_grad for value in _held(module)]


def _held(module: Module) -> list[Value]:
    """The parameters that a module holds itself; what the modules in it hold is not its own."""
    own = find_parameters(walk(module, Module, lambda part: attributes_of(part) if part is module else ()))
    return [*(value for _, value in own), *(module.parameters() if _overrides_parameters(module) else ())]


def _overrides_parameters(module: Module) -> bool:
    return getattr(module.parameters, "__func__", None) is not Module.parameters


def _find_parameters(module: Module, attributes: Callable[[Module], Attributes]) -> list[tuple[str, Value]]:
    """Parameters with their names. Warns of what is forgotten, at the line that asked for the parameters."""
    places = walk(module, Module, attributes)
    parameters = find_parameters(places)
    for complaint, names in find_forgotten(places, parameters, Module).items():
        if names:
            warnings.warn(
                f"{type(module).__name__}: {listed(names)}: {complaint}. "
                "If it is meant, let the name of the attribute begin with _",
                UserWarning,
                stacklevel=3,
            )
    return parameters
