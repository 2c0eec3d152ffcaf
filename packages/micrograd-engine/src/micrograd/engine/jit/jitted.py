"""`jit`: a function of Values as machine code."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterable
from copy import deepcopy
from functools import cached_property, update_wrapper
from pickle import PicklingError
from types import FunctionType, MethodType
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from micrograd.engine.accumulation import accumulate
from micrograd.engine.jit.arguments import ValuesGiven, check_values, positive, read_arguments, read_out, read_vector
from micrograd.engine.jit.kernel import Kernel, Stats
from micrograd.engine.jit.lower import CUT
from micrograd.engine.jit.memory import Array
from micrograd.engine.jit.structure import Call, Parts, Structure, arranged, size
from micrograd.engine.jit.versions import OfInstances, Versions
from micrograd.engine.tracing import TracingError, is_tracing
from micrograd.engine.value import Value

Reduction: TypeAlias = Literal["mean", "sum"]


class Jitted:
    """A compiled function, made by `jit`. Calls release the interpreter's lock and may come from several threads.

    A call with a large batch uses all processors that the process may use, or as many as the environment variable
    OMP_NUM_THREADS says. The results are the same, however many there are.

    It has the name, the docstring and the signature of the function, takes arguments by name, and is a method where it
    is assigned in a class: called on an instance, compiled for each, and freed with it. A copy compiles anew. It can be
    pickled if the function can.

    Called inside another compiled function it is traced through: it is the plain function there, and so it is where an
    argument holds Values. Then no machine code runs; what it returns are Values, with their graph, that can be
    differentiated and drawn. A call takes either Values and single numbers, or arrays; inside another function, no
    arrays.

    Code is kept for the 16 structures of arguments that were used last, as `functools.lru_cache` keeps results.

    Attributes:
        leaves: The live Values that the code which ran last reads, in the order of its gradient.
        program: The instructions of the code that ran last, as text.
        ir: The same in the language of LLVM.
        stats: Counts of instructions, the vector width, and what the time to compile was spent on.
    """

    def __init__(
        self, f: Callable[..., Any], static_names: frozenset[str], reduction: Reduction, width: int | None, cut: int
    ) -> None:
        update_wrapper(self, f, updated=())
        self._f, self._width, self._cut = f, width, cut
        self._reduction: Reduction = reduction
        self._static_names, self._static_places = static_names, _places(f, static_names)
        self._versions = Versions(width, cut)
        self._methods = OfInstances(width, cut)

    def __call__(self, /, *arguments: Any, out: Array | None = None, **keywords: Any) -> Any:
        """Compute the function for every sample.

        The first axis of every array is that of the samples. The further ones are lists in the function: where it
        takes a Value, the array has shape (batch,), where it takes a list of n, (batch, n), where it takes n lists of
        m, (batch, n, m), and so on. A number, in any place, goes with every sample; without any array, or without
        arguments, the batch is one.

        What is not an array is read as follows:

        - A list is an axis, for `numpy.array` makes one of it: `[1.0, 2.0]` is two samples of a number, and
          `[a, b]`, of two arrays of shape (n,), two samples of n. So is a tuple of numbers alone, or of rows alone.
        - A dict is a dict in the function, with an array for each key, or again whatever may stand for one.
        - A tuple with an array or a dict somewhere in it, or with a number beside a list, is a tuple in the function:
          `(a, b)`, of two arrays of shape (batch,), is a tuple of two Values. So is each `namedtuple`, whatever it
          holds. A list of such tuples, or of dicts, is a list.

        Args:
            *arguments: For each argument of the function a number, an array, or arrays in dicts and tuples; or Values
                in the place of all arrays.
            out: Where to write the results, if they are one array: another of float64 of their shape, such as the
                results of an earlier call. By default a new one.
            **keywords: Arguments by name.

        Returns:
            The results in the same way: shape (batch,) if the function returns a Value, (batch, m) for a list of m or
            a tuple of m Values, (batch, n, m) for n lists of m. A dict of these gives a dict of arrays, and a tuple of
            others than Values a tuple of arrays: `return loss, gradients` gives two; a `namedtuple` is always one of
            arrays. `out` if that was given. Of Values, what the function returns.

        Raises:
            TypeError: If an argument is not numbers, or is an array where others are Values, or inside another compiled
                function; if what is in a list of the results has not one shape; if `out` is no array of float64, or the
                results are several.
            ValueError: If the shapes do not fit, the batch is empty, or `out` cannot be written to.
            TracingError: If the function looks at a number, or uses an operation that cannot be traced.
            NotImplementedError: If it uses an operation that is not in the table.
        """
        if out is not None:
            self._check_free("out")
        elif is_tracing():
            return self._of_values(arguments, keywords)
        try:
            call, arrays, batch = self._read(arguments, keywords)
        except ValuesGiven:
            if out is not None:
                raise
            return self._of_values(arguments, keywords)
        kernel, structure = self._version(call, batch, gradients=False)
        if out is None:
            outputs, _ = kernel(arrays, batch)
            return arranged(structure, outputs)
        if isinstance(structure, Parts):
            raise TypeError(f"out= takes one array, and this function returns a {structure.kind.__name__} of them")
        columns = np.moveaxis(read_out(out, (batch, *structure)), 0, -1).reshape(size(structure), batch)
        kernel([array.copy() if np.may_share_memory(array, out) else array for array in arrays], batch, out=columns)
        if not np.may_share_memory(columns, out):  # as rows of rows cannot be seen as columns
            out[...] = arranged(structure, columns)
        return out

    def backward(self, /, *arguments: Any, **keywords: Any) -> Array:
        """Compute the function, and add the gradient of its mean over the samples to `.grad` of every live leaf.

        With `jit(f, reduction="sum")` it is the gradient of the sum.

        Args:
            *arguments: As in a call.
            **keywords: As in a call.

        Returns:
            What a call returns.

        Raises:
            TypeError: If the function returns more than one Value, or an argument is not numbers.
            ValueError: If the shapes do not fit, or the batch is empty.
            TracingError: If the function looks at a number, or uses an operation that cannot be traced.
            NotImplementedError: If it uses an operation that is not in the table.
        """
        kernel, losses, gradient = self._differentiated(arguments, keywords)
        accumulate(kernel.leaves, gradient.tolist())
        return losses

    def value_and_grad(self, /, *arguments: Any, at: ArrayLike | None = None, **keywords: Any) -> tuple[Array, Array]:
        """Compute the function, and the gradient of its mean over the samples, or of its sum, as one array.

        No `.grad` changes. This is what optimisers of arrays ask for, such as `scipy.optimize.minimize`; compare
        `jax.value_and_grad`.

        Args:
            *arguments: As in a call.
            at: The numbers to compute with in place of the `data` of `leaves`, in their order.
            **keywords: As in a call.

        Returns:
            What a call returns, and the gradient, shape (leaves,), in the order of `leaves`.

        Raises:
            TypeError: If the function returns more than one Value, or an argument or `at` is not numbers.
            ValueError: If the shapes do not fit, the batch is empty, or `at` has not one number for each leaf.
            TracingError: If the function looks at a number, or uses an operation that cannot be traced.
            NotImplementedError: If it uses an operation that is not in the table.

        Example:
            >>> a, b = Value(0.0), Value(0.0)
            >>> rosenbrock = jit(lambda: (1.0 - a) ** 2 + 100.0 * (b - a**2) ** 2)
            >>> rosenbrock.value_and_grad()
            (array([1.]), array([-2.,  0.]))
            >>> rosenbrock.leaves == [a, b]
            True
            >>> rosenbrock.value_and_grad(at=[0.0, 1.0])
            (array([101.]), array([ -2., 200.]))
        """
        _, losses, gradient = self._differentiated(arguments, keywords, at)
        return losses, gradient

    @property
    def leaves(self) -> list[Value]:
        """The live Values that the code which ran last reads, in the order of its gradient."""
        return list(self._ran.leaves)

    @property
    def program(self) -> str:
        """The instructions of the code that ran last."""
        return self._ran.listing

    @property
    def ir(self) -> str:
        """The LLVM IR of the code that ran last."""
        return self._ran.ir

    @property
    def stats(self) -> Stats:
        """Counts and times of the code that ran last."""
        return self._ran.stats

    @property
    def _ran(self) -> Kernel:
        if self._versions.ran is None:
            raise RuntimeError("nothing has been compiled yet; call the function first")
        return self._versions.ran

    def _differentiated(
        self, arguments: tuple[Any, ...], keywords: dict[str, Any], at: ArrayLike | None = None
    ) -> tuple[Kernel, Array, Array]:
        """The code that ran, the losses, and the gradient of their mean or sum."""
        if at is not None:
            self._check_free("at")
        call, arrays, batch = self._read(arguments, keywords)
        kernel, _ = self._version(call, batch, gradients=True)
        vector = None if at is None else read_vector(at, len(kernel.leaves))
        outputs, gradient = kernel(arrays, batch, at=vector, summed=self._reduction == "sum")
        return kernel, outputs[0], gradient

    def _read(self, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> tuple[Call, list[Array], int]:
        """The structure of the arguments, and the arrays and the size of the batch that the code takes."""
        if is_tracing():
            raise TracingError(
                "a compiled function is traced through where another one calls it, but not its gradients and its out=; "
                "call it, and differentiate what it returns with micrograd.engine.grad"
            )
        if keywords:
            bound = self._signature.bind(*arguments, **keywords)
            arguments, keywords = bound.args, bound.kwargs
        try:
            return read_arguments(arguments, keywords, self._static_places)
        except TypeError:
            self._check_bound(arguments)
            raise

    @cached_property
    def _signature(self) -> inspect.Signature:
        """That of the function, which takes longer to find out than most calls."""
        return inspect.signature(self._f)

    def _version(self, call: Call, batch: int, gradients: bool) -> tuple[Kernel, Structure]:
        """The code for so many arguments of this structure, and how its results are put together."""
        version = self._versions.version(self._f, call)
        self._versions.ran = kernel = version.kernel(batch, gradients=gradients)
        return kernel, version.graph.structure

    def _of_values(self, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        """The function itself, of Values."""
        for place, argument in (*enumerate(arguments), *keywords.items()):
            if place not in self._static_places:
                check_values(argument, place)
        return self._f(*arguments, **keywords)

    def _check_free(self, name: str) -> None:
        """Refuse a name that is ours and the function's, too."""
        if name in self._signature.parameters:
            raise TypeError(
                f"{name}= is taken by jit, and {self._f!r} has an argument of that name, too: give it by position, or "
                "call it otherwise"
            )

    def _check_bound(self, arguments: tuple[Any, ...]) -> None:
        """Refuse an instance as an argument of its own method, as a property, too, would pass it."""
        owner, _, name = getattr(self._f, "__qualname__", "").rpartition(".")
        if not arguments or isinstance(self._f, MethodType):
            return
        if any(each.__qualname__ == owner for each in type(arguments[0]).__mro__):
            raise TypeError(
                f"{owner}.{name} is compiled for each instance, so it is called on one, as in instance.{name}(...), "
                "and no property; let a property return what such a call returns"
            ) from None

    def __repr__(self) -> str:
        return f"jit({self._f!r})"

    def __get__(self, instance: object, owner: type | None = None) -> Jitted:
        if instance is None or not hasattr(self._f, "__get__"):
            return self
        method = Jitted(self._f.__get__(instance, owner), *self.__getstate__()[1:])
        method._versions = self._methods.versions(instance)
        return method

    # Copies share nothing that was compiled. What a module, or an instance, has under the name of the function is
    # pickled by that name, as functions and methods are.

    def __copy__(self) -> Jitted:
        return Jitted(*self.__getstate__())

    def __deepcopy__(self, memo: dict[int, Any]) -> Jitted:
        copied = memo[id(self)] = object.__new__(Jitted)
        copied.__setstate__(deepcopy(self.__getstate__(), memo))
        return copied

    def __getstate__(self) -> tuple[Callable[..., Any], frozenset[str], Reduction, int | None, int]:
        return self._f, self._static_names, self._reduction, self._width, self._cut

    def __setstate__(self, state: tuple[Callable[..., Any], frozenset[str], Reduction, int | None, int]) -> None:
        Jitted.__init__(self, *state)

    def __reduce__(self) -> str | tuple[Any, ...]:
        f = self._f
        if isinstance(f, MethodType):
            found = getattr(f.__self__, f.__name__, None)
            if isinstance(found, Jitted) and found._f == f:
                return getattr, (f.__self__, f.__name__)
        if isinstance(f, FunctionType):
            found = sys.modules.get(f.__module__)
            for name in f.__qualname__.split("."):
                found = getattr(found, name, None)
            if found is self:
                return f.__qualname__
            if found is not f:
                raise PicklingError(
                    f"cannot pickle a compiled function without a name that others can find it by, {f.__qualname__} "
                    f"of {f.__module__}: write it with def outside other functions, or pickle the parameters alone"
                )
        return object.__new__, (Jitted,), self.__getstate__()


def _places(f: Callable[..., Any], names: frozenset[str]) -> frozenset[int | str]:
    """The names of some arguments and, where they have one, their positions.

    Raises:
        ValueError: If the function has no argument of a name.
    """
    if not names:
        return frozenset()
    parameters = list(inspect.signature(f).parameters.values())
    single = [each for each in parameters if each.kind not in (each.VAR_POSITIONAL, each.VAR_KEYWORD)]
    unknown = names.difference(each.name for each in single)
    if unknown and not any(each.kind is each.VAR_KEYWORD for each in parameters):
        raise ValueError(f"static_argnames: {f!r} has no argument called {', '.join(map(repr, sorted(unknown)))}")
    positions = [i for i, each in enumerate(single) if each.name in names and each.kind is not each.KEYWORD_ONLY]
    return names.union(positions)


def jit(
    f: Callable[..., Any],
    *,
    static_argnames: str | Iterable[str] = (),
    reduction: Reduction = "mean",
    width: int | None = None,
    cut: int = CUT,
) -> Jitted:
    """Compile a function of Values to machine code.

    The function is called once for each new structure of its arguments, with placeholders, and what it computes is
    compiled; it must not look at their numbers. Values that it closes over, such as the parameters of a model, are
    live: their `.data` is read at every call, and what was computed from them before is computed again. Everything
    else, numbers and the mode of a model among them, is as it was when the function was traced: after `model.eval()`
    call `jit` again. It may decorate a function or a method.

    The numbers are those that the function has without `jit`, bit for bit, with three exceptions, which differ in the
    last digits: `exp`, `log`, `sin` and their like; sums of 64 products and more that were recognised as
    a layer; and means over the samples.

    Args:
        f: Takes Values, and lists, tuples and dicts of Values, and returns such.
        static_argnames: The names of arguments that are no numbers of samples: any Python values, which the function
            gets as they are and may look at, such as the number of rounds of a loop. They must be hashable, and for
            each value, told from others by its type too, the function is traced and compiled anew. As in `jax.jit`.
        reduction: Of what `backward` and `value_and_grad` give the gradient: of the "mean" over the samples, or of
            their "sum".
        width: How many samples to compute at once; by default as many doubles as the processor has lanes, or 2 if the
            first call is of one sample or two.
        cut: How many instructions to put into one LLVM function.

    Returns:
        A function of arrays, with methods `backward` and `value_and_grad`.

    Raises:
        TypeError: If `f` is no function.
        ValueError: If `f` has no argument of a name in `static_argnames`, `reduction` is another word, or `width` or
            `cut` not a whole number of at least 1.

    Example:
        >>> from micrograd.engine import Value
        >>> w = Value(2.0)
        >>> squared = jit(lambda x, y: (w * x - y) ** 2)
        >>> squared([1.0, 2.0], [1.0, 1.0]).tolist()
        [1.0, 9.0]
        >>> squared.backward([1.0, 2.0], [1.0, 1.0]).tolist()
        [1.0, 9.0]
        >>> w.grad  # the mean of 2 (w x - y) x
        7.0
        >>> power = jit(lambda x, n: x**n, static_argnames="n")
        >>> power([1.0, 2.0, 3.0], n=2).tolist()
        [1.0, 4.0, 9.0]
    """
    if not callable(f):
        raise TypeError(f"jit takes a function, got {f!r}")
    if reduction not in ("mean", "sum"):
        raise ValueError(f"jit takes reduction='mean' or reduction='sum', got {reduction!r}")
    lanes = None if width is None else positive("jit", "width", width)
    static_names = frozenset([static_argnames] if isinstance(static_argnames, str) else static_argnames)
    return Jitted(f, static_names, reduction, lanes, positive("jit", "cut", cut))
