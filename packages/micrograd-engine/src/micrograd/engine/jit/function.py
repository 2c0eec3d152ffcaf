"""`jit`: a function of Values as machine code."""

from __future__ import annotations

import threading
from collections.abc import Callable
from numbers import Real
from typing import Any, NamedTuple

from numpy.typing import ArrayLike

from micrograd.engine import ops
from micrograd.engine.gradients import grad
from micrograd.engine.graph import topological_order
from micrograd.engine.jit.arrays import Array, Structure, samples
from micrograd.engine.jit.kernel import Kernel, Stats
from micrograd.engine.jit.lower import CUT
from micrograd.engine.jit.machine import vector_width
from micrograd.engine.jit.trace import Traced, watching
from micrograd.engine.operands import to_float
from micrograd.engine.value import Value, constant

_adding = threading.Lock()  # several compiled functions may share leaves


class Graph(NamedTuple):
    """What tracing a function found.

    Attributes:
        inputs: The placeholders.
        outputs: What the function returned.
        many: Whether that was a list or a tuple.
        leaves: The Values that the function closes over; their data is read at every call.
    """

    inputs: list[Value]
    outputs: list[Value]
    many: bool
    leaves: list[Value]


def trace(f: Callable[..., Any], structure: Structure) -> Graph:
    """Run `f` on placeholders.

    Raises:
        TracingError: If `f` looks at the number of a placeholder.
        TypeError: If it returns something else than a Value or a number, or a list or tuple of them.
    """
    arguments: list[Any] = [Traced() if n is None else [Traced() for _ in range(n)] for n in structure]
    with watching():
        result = f(*arguments)
    many = isinstance(result, (list, tuple))
    outputs = [_output(output) for output in (result if many else [result])]
    inputs = [value for argument in arguments for value in (argument if isinstance(argument, list) else [argument])]
    return Graph(inputs, outputs, many, _leaves(outputs))


def _output(output: Any) -> Value:
    if isinstance(output, Value):
        return output
    if isinstance(output, Real):
        return constant(to_float(output, "jit"))
    raise TypeError(
        "a compiled function returns a Value or a number, or a list or tuple of them that has no other inside, "
        f"got {type(output).__name__}{'; does it lack a return?' if output is None else ''}"
    )


def _leaves(outputs: list[Value]) -> list[Value]:
    """The live leaves, in the order of the levels where they meet inputs: the weights of a layer lie side by side."""
    level: dict[Value, int] = {}  # how many operations after an input; 0 for what does not depend on any
    meets: dict[Value, int] = {}
    for node in topological_order(*outputs):
        before = max((level[operand] for operand in node._prev), default=int(isinstance(node, Traced)))
        level[node] = before + (1 if before and node._prev else 0)
        if before:
            for operand in node._prev:
                meets[operand] = min(meets.get(operand, before), before)
    leaves = [node for node in level if node._a is None and node._rule is not ops.CONSTANT]
    return sorted((leaf for leaf in leaves if not isinstance(leaf, Traced)), key=lambda leaf: meets.get(leaf, 0))


class Jitted:
    """A compiled function, made by `jit`. Calls release the interpreter's lock and may come from several threads.

    Attributes:
        program: The instructions of the code that ran last, as text.
        ir: The same in the language of LLVM.
        stats: Counts of instructions, the vector width and the time it took to compile.
    """

    def __init__(self, f: Callable[..., Any], width: int, cut: int) -> None:
        self._f, self._width, self._cut = f, width, cut
        self._graphs: dict[Structure, Graph] = {}
        self._forward: dict[Structure, Kernel] = {}
        self._backward: dict[Structure, Kernel] = {}
        self._compiling = threading.RLock()  # a function that calls itself is to end with a RecursionError
        self._last: Kernel | None = None

    def __call__(self, *arguments: ArrayLike) -> Array:
        """Compute the function for every sample.

        Args:
            *arguments: For each argument of the function an array: shape (batch,) where it takes one Value,
                (batch, n) where it takes a list of n. A number goes with every sample; without any array, or without
                arguments, the batch is one.

        Returns:
            Shape (batch,) if the function returns one Value, (batch, m) if it returns a list or tuple of m.

        Raises:
            TypeError: If an argument is not numbers.
            ValueError: If the shapes do not fit, or the batch is empty.
            TracingError: If the function looks at a number.
        """
        graph, outputs, _ = self._run(self._forward, arguments)
        return outputs.T if graph.many else outputs[0]

    def backward(self, *arguments: ArrayLike) -> Array:
        """Compute the function, and add the gradient of its mean over the samples to `.grad` of every live leaf.

        Args:
            *arguments: As in a call.

        Returns:
            What a call returns.

        Raises:
            TypeError: If the function returns a list, or an argument is not numbers.
            ValueError: If the shapes do not fit, or the batch is empty.
            TracingError: If the function looks at a number.
        """
        graph, outputs, gradients = self._run(self._backward, arguments)
        with _adding:
            for leaf, gradient in zip(graph.leaves, gradients, strict=True):
                leaf.grad += gradient
        losses: Array = outputs[0]
        return losses

    @property
    def program(self) -> str:
        """The instructions of the code that ran last."""
        return str(self._ran.program)

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
        if self._last is None:
            raise RuntimeError("nothing has been compiled yet; call the function first")
        return self._last

    def _run(
        self, kernels: dict[Structure, Kernel], arguments: tuple[ArrayLike, ...]
    ) -> tuple[Graph, Array, list[float]]:
        structure, arrays, batch = samples(arguments)
        self._last = kernel = kernels.get(structure) or self._compile(structure, kernels)
        return self._graphs[structure], *kernel(arrays, batch)

    def _compile(self, structure: Structure, kernels: dict[Structure, Kernel]) -> Kernel:
        with self._compiling:
            if structure not in self._graphs:
                self._graphs[structure] = trace(self._f, structure)
            if structure not in kernels:
                inputs, outputs, many, leaves = self._graphs[structure]
                averaged: list[Value] = []
                if kernels is self._backward:
                    if many:
                        raise TypeError(f"backward takes a function of one Value, this one returns {len(outputs)}")
                    averaged = grad(outputs[0], leaves)
                kernels[structure] = Kernel(inputs, outputs, averaged, leaves, self._width, self._cut)
            return kernels[structure]


def jit(f: Callable[..., Any], *, width: int | None = None, cut: int = CUT) -> Jitted:
    """Compile a function of Values to machine code.

    The function is called once for each new structure of its arguments, with placeholders, and what it computes is
    compiled; it must not look at their numbers. Values that it closes over, such as the parameters of a model, are
    live: their `.data` is read at every call, and what was computed from them before is computed again. Everything
    else, numbers and the mode of a model among them, is as it was when the function was traced: after `model.eval()`
    call `jit` again.

    Args:
        f: Takes Values, or lists of Values, and returns a Value, or a list or tuple of Values.
        width: How many samples to compute at once; by default as many doubles as the processor has lanes.
        cut: How many instructions to put into one LLVM function.

    Returns:
        A function of arrays, with a method `backward`.

    Raises:
        TypeError: If `f` is no function.
        ValueError: If `width` or `cut` is not a whole number of at least 1.

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
    """
    if not callable(f):
        raise TypeError(f"jit takes a function, got {f!r}")
    for name, number in (("width", width), ("cut", cut)):
        if number is not None and (not isinstance(number, int) or isinstance(number, bool) or number < 1):
            raise ValueError(f"jit takes a {name} that is a whole number of at least 1, got {number!r}")
    return Jitted(f, width or vector_width(), cut)
