"""The header and the source of an exported function."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from micrograd.engine.jit.arrays import ArrayProgram, Traced
from micrograd.engine.jit.arrays.statements import Shape
from micrograd.engine.jit.c.body import INDENT, Body, wrapped
from micrograd.engine.jit.c.expressions import OURS, Float, Names, comment, function, number
from micrograd.engine.jit.c.words import FUNCTIONS, KEYWORDS, VARIABLES

READ = ("g", "t", "lr")  # by a rule
PLACE = """static int place({0} index, int length)
{{
    return index >= {1} && index < ({0})length && index == ({0})(int)index ? (int)index : -1;
}}
"""


class Update(NamedTuple):
    """How a training step changes a parameter.

    Attributes:
        program: From a parameter, what is kept for it, and its gradient to the new ones; it reads t and the learning
            rate.
        slots: How many numbers are kept for each parameter.
    """

    program: ArrayProgram
    slots: int


class Writer:
    """Writes C for a traced function.

    Args:
        traced: The function.
        name: What C calls it.
        float_: The type of numbers.
    """

    def __init__(self, traced: Traced, name: str, float_: Float) -> None:
        self.traced, self.title = traced, traced.name.replace("<lambda>", "A function")
        self.float: Float = float_
        names = Names(FUNCTIONS | OURS.keys() | {"place"})
        self.name = names.new(name)
        self.guard = f"{self.name.upper()}_H"
        names.taken.add(self.guard)
        parts = ("parameters", "trained", "gradients", "training", "step", "update")
        self.parameters, self.trained, self.gradients, self.training, self.step, self.update = (
            names.new(f"{self.name}_{part}") for part in parts
        )
        self.functions: set[str] = set()
        fields = Names(KEYWORDS | {self.guard})
        self.fields = [fields.new(array.name) for array in traced.parameters]
        leaves = iter(traced.leaves)
        self.frozen: set[str] = set()
        for field, array in zip(self.fields, traced.parameters, strict=True):
            states = {leaf in traced.frozen for leaf in islice(leaves, array.size)}
            if len(states) > 1:
                raise ValueError(f"{array.name} is frozen in part; freeze or train all of it")
            self.frozen |= {field} if True in states else set()
        # What a function of ours is called must not be what one of its arguments or variables is.
        self.scope = Names((names.taken - FUNCTIONS) | VARIABLES | {"p", "g", "t", "s", "n", "lr", "loss", "check"})
        scope = self.scope.inside()
        self.arguments = [scope.new(array.name) for array in traced.inputs]
        self.results = [] if traced.structure == () else [scope.new(part.name) for part in traced.results]
        self.inner = scope

    # The header.

    def header(self, *, gradients: bool, update: Update | None) -> str:
        """The file that others include."""
        lines = [comment(f"{self.title}, in C99. Written by micrograd; see the source beside."), ""]
        lines += [
            f"#ifndef {self.guard}",
            f"#define {self.guard}",
            "",
            "#ifdef __cplusplus",
            'extern "C" {',
            "#endif",
            "",
        ]
        if self.fields:
            lines += ["typedef struct {", *self._fields(), f"}} {self.parameters};", ""]
            lines += [
                comment("The numbers that the parameters had."),
                f"extern const {self.parameters} {self.trained};",
                "",
            ]
        apart = " Results must not lie where arguments do." if self.results else ""
        lines += [comment(f"One sample.{apart}"), *_ended(self._head()), ""]
        if gradients:
            said = "The same, and adds the gradient of the result to g."
            lines += [comment(said), *_ended(self._gradients_head()), ""]
        if update:
            lines += ["typedef struct {", f"{INDENT}{self.parameters} gradient;"]
            lines += [f"{INDENT}{self.parameters} kept{k};" for k in range(update.slots)]
            lines += [f"{INDENT}{self.float} steps;", f"}} {self.training};", ""]
            said = "A training step on n samples, which lie one after the other. Gives their mean loss; if that or a"
            lines += [f"/* {said}", "   gradient is not finite, no parameter changes. Begin with a t of zeros. */"]
            lines += [*_ended(self._step_head()), ""]
        return "\n".join([*lines, "#ifdef __cplusplus", "}", "#endif", "", "#endif"]) + "\n"

    def _fields(self) -> Iterator[str]:
        for field, array in zip(self.fields, self.traced.parameters, strict=True):
            shape = " x ".join(map(str, array.shape))
            size = f"[{array.size}]" if array.shape else ""
            said = f"{array.name}: {shape}" if shape else array.name
            said += ", frozen" if field in self.frozen else ""
            yield f"{INDENT}{self.float} {field}{size}; {comment(said)}"

    def _head(self) -> list[str]:
        results = [
            f"{self.float} {_declared(name, part.shape or (1,))}"
            for name, part in zip(self.results, self.traced.results, strict=bool(self.results))
        ]
        returned = "void" if self.results else self.float
        return _call(f"{returned} {self.name}", [*self._given(), *results])

    def _gradients_head(self) -> list[str]:
        return _call(f"{self.float} {self.gradients}", [*self._given(), f"{self.parameters} *g"])

    def _step_head(self) -> list[str]:
        samples = [f"const {self.float} *{name}" for name in self.arguments]
        given = [f"{self.parameters} *p", f"{self.training} *t", *samples, "int n", f"{self.float} lr"]
        return _call(f"{self.float} {self.step}", given)

    def _given(self) -> list[str]:
        parameters = [f"const {self.parameters} *p"] if self.fields else []
        arguments = [
            f"{'const ' * bool(array.shape)}{self.float} {_declared(name, array.shape)}"
            for name, array in zip(self.arguments, self.traced.inputs, strict=True)
        ]
        return [*parameters, *arguments]

    # The source.

    def source(self, header: str, *, gradients: bool, update: Update | None) -> str:
        """The file that is compiled."""
        written = [self._forward()]
        if gradients:
            written.append(self._gradients())
        if update:
            written += [self._update(update), self._step(update)]
        said = f"{self.title}, in C99. Written by micrograd. Needs nothing but math.h, and allocates nothing."
        lines = [comment(said), "", f'#include "{header}"', "", "#include <math.h>", ""]
        for name in sorted(self.functions):
            lines += [
                PLACE.format(self.float, number(0.0, self.float)) if name == "place" else function(name, self.float)
            ]
        if self.fields:
            lines += [f"const {self.parameters} {self.trained} = {{", *self._numbers(), "};", ""]
        return "\n".join(lines) + "\n" + "\n".join("\n".join([*part, ""]) for part in written)

    def _numbers(self) -> Iterator[str]:
        leaves = iter(self.traced.leaves)
        for field, array in zip(self.fields, self.traced.parameters, strict=True):
            numbers = [number(next(leaves).data, self.float) for _ in range(array.size)]
            if array.shape:
                yield from wrapped(f"{INDENT}.{field} = {{", numbers, "},")
            else:
                yield f"{INDENT}.{field} = {numbers[0]},"

    def _forward(self) -> list[str]:
        body = self._body(self.traced.forward(), {})
        for name, result in zip(self.results, body.program.results, strict=bool(self.results)):
            body.pieces(result, name)
        return self._function(self._head(), body)

    def _gradients(self) -> list[str]:
        first = len(self.traced.inputs)
        names = {first + i: f"g->{field}" for i, field in enumerate(self.fields)}
        return self._function(self._gradients_head(), self._body(self.traced.gradients(), names))

    def _body(self, program: ArrayProgram, gradients: dict[int, str]) -> Body:
        known = dict(enumerate([*self.arguments, *(f"p->{field}" for field in self.fields)]))
        body = Body(program, known, gradients, self.inner.inside(), self.float)
        body.write()
        return body

    def _function(self, head: list[str], body: Body) -> list[str]:
        self.functions |= body.functions
        if not self.results:
            (part,) = body.program.results[0].parts
            body.put(f"return {body.operand(part, ['0'], (1,))};")
        unread = [name for name in self.arguments if name not in body.read]
        structs = ["p"] * bool(self.fields) + ["g"] * bool(body.gradients)
        unread += [name for name in structs if not any(read.startswith(f"{name}->") for read in body.read)]
        return [*head, "{", *(f"{INDENT}(void){name};" for name in unread), *body.tables(), *body.lines, "}"]

    def _update(self, update: Update) -> list[str]:
        kept = [f"kept{k}" for k in range(update.slots)]
        known = dict(enumerate(["*p", *(f"*{name}" for name in kept), *READ]))
        names = Names(self.scope.taken | {*kept})
        body = Body(update.program, known, {}, names, self.float)
        body.write()
        self.functions |= body.functions
        news = [names.new("next") for _ in range(1 + update.slots)]
        for new, result in zip(news, update.program.results, strict=True):
            (part,) = result.parts
            body.put(f"const {self.float} {new} = {body.operand(part, ['0'], (1,))};")
        for name, new in zip(["p", *kept], news, strict=True):
            body.put(f"*{name} = {new};")
        given = [f"{self.float} *{name}" for name in ("p", *kept)] + [
            f"{self.float} {name}" for name in ("g", "t", "lr")
        ]
        unread = [name for name in READ if name not in body.read]
        head = _call(f"static void {self.update}", given)
        return [*head, "{", *(f"{INDENT}(void){name};" for name in unread), *body.lines, "}"]

    def _step(self, update: Update) -> list[str]:
        zero = number(0.0, self.float)
        lines = [f"{self.float} loss = {zero}, check = {zero};"]
        lines += self._for_all(f"t->gradient.{{0}} = {zero};")
        samples = [
            f"{name} + {array.size} * s" if array.shape else f"{name}[s]"
            for name, array in zip(self.arguments, self.traced.inputs, strict=True)
        ]
        call = f"{self.gradients}({', '.join(['p', *samples, '&t->gradient'])})"
        lines += ["for (int s = 0; s < n; s++)", f"{INDENT}loss += {call};", f"loss /= ({self.float})n;"]
        lines += self._for_all(f"check += (t->gradient.{{0}} /= ({self.float})n) * {zero};")
        lines += [
            f"if (check + loss * {zero} != {zero})",
            f"{INDENT}return loss;",
            f"t->steps += {number(1.0, self.float)};",
        ]
        kept = [f"&t->kept{k}.{{0}}" for k in range(update.slots)]
        given = ", ".join(["&p->{0}", *kept, "t->gradient.{0}", "t->steps", "lr"])
        lines += self._for_all(f"{self.update}({given});", trained=True)
        return [*self._step_head(), "{", *(f"{INDENT}{line}" for line in [*lines, "return loss;"]), "}"]

    def _for_all(self, statement: str, *, trained: bool = False) -> Iterator[str]:
        """A statement for each parameter, or for those that are trained; it is told their places."""
        for field, array in zip(self.fields, self.traced.parameters, strict=True):
            if trained and field in self.frozen:
                continue
            if array.shape:
                yield f"for (int i = 0; i < {array.size}; i++)"
                yield f"{INDENT}{statement.format(f'{field}[i]')}"
            else:
                yield statement.format(field)


def _declared(name: str, shape: Shape) -> str:
    return f"{name}[{math.prod(shape)}]" if shape else name


def _call(name: str, arguments: Sequence[str]) -> list[str]:
    return wrapped(f"{name}(", arguments or ["void"], ")", last="")


def _ended(head: list[str]) -> list[str]:
    return [*head[:-1], f"{head[-1]};"]
