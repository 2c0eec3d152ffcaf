"""One part after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, overload

from micrograd.nn.discovery import attributes_of
from micrograd.nn.inputs import described
from micrograd.nn.module import Module
from micrograd.nn.tensors import Tensor, name_tensors


class Sequential(Module):
    """Modules and functions, each applied to what the one before returned. Counterpart: `torch.nn.Sequential`.

    It has a length, can be indexed and iterated over; a slice is a Sequential of the same parts.

    Args:
        *parts: Modules, and functions such as `relu`, which need not be Modules here. What a function holds is neither
            trained nor saved.

    Attributes:
        layers: The parts, in a list.

    Raises:
        TypeError: If a part cannot be called, or is a class of Modules.

    Example:
        >>> from micrograd.nn import Linear, relu
        >>> model = Sequential(Linear(2, 3), relu, Linear(3, 1))
        >>> model
        Sequential(Linear(2, 3), relu, Linear(3, 1))
        >>> len(model([1.0, 2.0])), len(model), model[-1], len(model[:2].parameters())
        (1, 3, Linear(3, 1), 9)
    """

    def __init__(self, *parts: Callable[[Any], Any]) -> None:
        for part in parts:
            if not callable(part):
                raise TypeError(
                    f"Sequential takes Modules and functions, got {described(part)}; write Sequential(first, second)"
                )
            if isinstance(part, type) and issubclass(part, Module):
                raise TypeError(f"Sequential takes Modules, got the class {part.__name__}; make one")
        self.layers: list[Any] = list(parts)
        self.nin = getattr(parts[0], "nin", None) if parts else None

    def __call__(self, x: Any) -> Any:
        """What the last part returns; without parts, `x` itself.

        Args:
            x: What the first part takes.
        """
        for part in self.layers:
            x = part(x)
        return x

    def tensors(self) -> dict[str, Tensor]:
        """The tensors of the parts, by their places: `0.weight`. See `Module.tensors`."""
        others = [(name, thing) for name, thing in attributes_of(self) if name != "layers"]
        return name_tensors(self, [*others, *((str(i), part) for i, part in enumerate(self.layers))], Module)

    def __len__(self) -> int:
        return len(self.layers)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.layers)

    @overload
    def __getitem__(self, index: int) -> Any: ...
    @overload
    def __getitem__(self, index: slice) -> Sequential: ...
    def __getitem__(self, index: int | slice) -> Any:
        return Sequential(*self.layers[index]) if isinstance(index, slice) else self.layers[index]

    def __repr__(self) -> str:
        return f"Sequential({', '.join(getattr(part, '__name__', repr(part)) for part in self.layers)})"
