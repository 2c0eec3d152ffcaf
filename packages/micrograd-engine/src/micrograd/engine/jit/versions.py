"""What has been compiled of a function: a version for each structure of its arguments."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from itertools import count
from typing import Any

from micrograd.engine.jit.kernel import Kernel
from micrograd.engine.jit.lock import compiling
from micrograd.engine.jit.machine import vector_width
from micrograd.engine.jit.structure import Call
from micrograd.engine.jit.trace import Graph, trace

KEPT = 16  # versions of a function, which may be megabytes each; the one that was used least recently goes
FEW = 2  # samples: the narrowest vectors have room for them

_clock = count(1)


class Version:
    """A function for one structure of its arguments, traced at once and compiled when it is first called.

    Attributes:
        graph: What tracing found.
        used: When it was last asked for, by a clock that counts.
    """

    def __init__(self, graph: Graph, width: int | None, cut: int) -> None:
        self.graph, self.used = graph, 0
        self._width, self._cut = width, cut
        self._kernels: dict[tuple[bool, bool], Kernel] = {}

    def kernel(self, batch: int, *, gradients: bool) -> Kernel:
        """Machine code for the outputs; with `gradients` for those of the mean of the only output, too.

        Args:
            batch: The number of samples. If no other code is there yet, that for a few has narrow vectors, which are
                faster.
            gradients: Whether to differentiate.

        Raises:
            TypeError: If `gradients` are wanted of a function that returns several Values.
        """
        few = self._width is None and batch <= FEW and (gradients, False) not in self._kernels
        if (gradients, few) not in self._kernels:
            with compiling():
                if (gradients, few) not in self._kernels:  # or another thread was faster
                    width = self._width or (FEW if few else vector_width())
                    self._kernels[gradients, few] = Kernel(self.graph, gradients, width, self._cut)
        return self._kernels[gradients, few]


class Versions:
    """The versions of a function that were used last.

    Args:
        width: The number of lanes; by default what is best for the first call.
        cut: How many instructions an LLVM function may hold.

    Attributes:
        ran: The code that ran last.
    """

    def __init__(self, width: int | None, cut: int) -> None:
        self._width, self._cut = width, cut
        self._kept: dict[Call, Version] = {}
        self.ran: Kernel | None = None

    @property
    def latest(self) -> Call | None:
        """The structure of the arguments that were given last."""
        return max(self._kept, key=lambda kept: self._kept[kept].used, default=None)

    def version(self, f: Callable[..., Any], structure: Call) -> Version:
        """The version of `f` for arguments of this structure."""
        found = self._kept.get(structure) or self._traced(f, structure)
        found.used = next(_clock)
        return found

    def _traced(self, f: Callable[..., Any], structure: Call) -> Version:
        with compiling():
            if structure not in self._kept:  # or another thread was faster
                version = Version(trace(f, structure), self._width, self._cut)
                if len(self._kept) >= KEPT:
                    del self._kept[min(self._kept, key=lambda kept: self._kept[kept].used)]
                self._kept[structure] = version
            return self._kept[structure]


class OfInstances:
    """The versions of a method, for each instance its own. They go when the instance goes.

    Instances are told apart by identity: those that are equal may still have different parameters.
    """

    def __init__(self, width: int | None, cut: int) -> None:
        self._width, self._cut = width, cut
        self._kept: dict[int, tuple[weakref.ref[Any], Versions]] = {}

    def versions(self, instance: object) -> Versions:
        """The versions of one instance.

        Raises:
            TypeError: If the instance cannot be referred to weakly.
        """
        place = id(instance)
        if place not in self._kept:
            try:
                reference = weakref.ref(instance, lambda _: self._kept.pop(place, None))
            except TypeError:
                raise TypeError(
                    f"jit compiles a method for each instance and must notice when one is gone: "
                    f"add '__weakref__' to the __slots__ of {type(instance).__qualname__}"
                ) from None
            self._kept.setdefault(place, (reference, Versions(self._width, self._cut)))
        return self._kept[place][1]
