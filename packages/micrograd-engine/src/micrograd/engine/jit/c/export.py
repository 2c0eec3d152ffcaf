"""`export_c`: a function of Values as C."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from micrograd.engine.files import write
from micrograd.engine.jit.arrays import Array, Traced
from micrograd.engine.jit.arrays.grouping import Grouping
from micrograd.engine.jit.c.expressions import Float
from micrograd.engine.jit.c.file import Update, Writer
from micrograd.engine.jit.c.words import HEADERS
from micrograd.engine.jit.rules import Rule, trace_rule

DTYPES = ("double", "float")


def export_c(
    f: Callable[..., Any],
    path: str | os.PathLike[str],
    *example: Any,
    tensors: Mapping[str, Any] | None = None,
    gradients: bool = False,
    rule: Rule | None = None,
    slots: int = 0,
    dtype: Float = "double",
) -> None:
    """Write a function of Values as C99: a source, and a header beside it.

    The C computes one sample, reads as the model does, needs nothing but `math.h`, allocates nothing and has no state,
    so it runs on microcontrollers and is called from other languages. Layers are loops, what the function closes over
    is a struct with the numbers that it has now, and comments say which lines of the source the code comes from. The
    results are those of `jit`, to a few units in the last place. For a file `moons.c` the functions are:

    - `moons(p, arguments...)`: the result; several are written to the arguments that come last.
    - `moons_gradients(p, arguments..., g)`, with `gradients`: the result, whose gradient is added to the struct `g`.
    - `moons_step(p, t, samples..., n, lr)`, with `rule`: a training step on the mean over `n` samples. What a model
      says is frozen stays as it is.

    Args:
        f: A function as `jit` takes it, or a compiled one.
        path: The source, such as "moons.c"; the header is "moons.h". Both are replaced if they exist, each as a whole.
        *example: What `f` takes, as a compiled function takes it: `[[0.0, 0.0]]` for a list of two numbers. Only its
            structure matters. It may be left out for a compiled function that was called before, for a model of known
            size, and where each argument is a number.
        tensors: The Values that `f` closes over, in nested lists, under the names that the struct is to have for them.
            By default `f.tensors()`, if there is that, as models have it; others are named by their labels, or by the
            variables that `f` finds them in, models among them. What has no name at all is together `leaf`.
        gradients: Whether to write the gradient with respect to these.
        rule: How a parameter changes: `rule(p, g, state, t, lr) -> (new p, new state)`, as `Trainer` takes it.
        slots: How many numbers `state` has.
        dtype: The type of numbers, "double" or "float".

    Raises:
        TypeError: If the example does not fit, or none is given where one is needed; if gradients are wanted of a
            function that returns more than one Value; if `path` is no text.
        ValueError: If `f` draws random numbers, or reads no Values where gradients are wanted; if a Value is a part of
            two tensors, or a tensor is frozen in part; if an argument or a result has no numbers; if `path` does not
            end in `.c`, or is a name that C cannot include; if `dtype` is none of the two.
        TracingError: If `f` looks at a number.
        OSError: If a file cannot be written.

    Example:
        >>> import pathlib, tempfile
        >>> from micrograd.engine import Value
        >>> slope, floor = Value(2.0), Value(1.0)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     export_c(lambda x: slope * x + floor, pathlib.Path(folder, "line.c"))
        ...     print(pathlib.Path(folder, "line.c").read_text().partition("};")[2].strip())
        double line(const line_parameters *p, double x)
        {
            const double product1 = x * p->slope;
            const double sum1 = p->floor + product1;
            return sum1;
        }
    """
    source = os.fspath(path)
    if not isinstance(source, str):
        raise TypeError(f"export_c takes a path that is text, got {source!r}")
    stem, extension = os.path.splitext(source)
    name = os.path.basename(stem)
    if extension != ".c":
        raise ValueError(f"export_c writes a file whose name ends in .c, and a header beside it, got {source!r}")
    if name in HEADERS or re.search(r'["\\\n]', name):
        raise ValueError(f"export_c cannot write {name}.h: C has it, or cannot include it; take another name")
    if dtype not in DTYPES:
        raise ValueError(f"export_c takes dtype='double' or dtype='float', got {dtype!r}")
    traced = Traced(f, example, tensors, lines=True)
    wanted = gradients or rule is not None
    if wanted and not traced.leaves:
        raise ValueError("export_c cannot write gradients: the function reads no Values that could change")
    named = [*((array.name, array.shape) for array in traced.inputs), *traced.results]
    for empty in [part for part, shape in named if 0 in shape]:
        raise ValueError(f"export_c cannot write {empty}: C has no arrays of no numbers")
    writer = Writer(traced, name, dtype)
    update = None if rule is None else _update(rule, slots)
    text = writer.source(f"{name}.h", gradients=wanted, update=update)
    _write_both(source, text, f"{stem}.h", writer.header(gradients=wanted, update=update))


def _write_both(source: str, text: str, header: str, head: str) -> None:
    """Write both files or none."""
    before = Path(source).read_bytes() if os.path.isfile(source) else None
    write(source, text)
    try:
        write(header, head)
    except BaseException:
        if before is None:
            os.unlink(source)
        else:
            write(source, before)
        raise


def _update(rule: Rule, slots: int) -> Update:
    program = trace_rule(rule, slots)
    inputs = [Array(name, (), "input", True) for name in ("p", *(f"kept{k}" for k in range(slots)), "g")]
    leaves = [Array(name, (), "parameter", False) for name in ("t", "lr")]
    return Update(Grouping(program, inputs, leaves).result([1] * (1 + slots)), slots)
