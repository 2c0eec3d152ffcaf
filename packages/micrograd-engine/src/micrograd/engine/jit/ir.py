"""The one writer of LLVM IR: registers with operators, and loops that are written once where they stand.

    >>> module = Module(width=4)
    >>> f = Function(module, "sum_of_squares", {"numbers": POINTER, "count": INTEGER}, DOUBLE)
    >>> numbers, count = f.arguments
    >>> total = [f.constant(0.0, DOUBLE)]
    >>> with f.loop(0, count, carried=total) as i:
    ...     x = numbers.at(i).load(DOUBLE)
    ...     total[0] = total[0] + x * x
    >>> f.ret(total[0])
    >>> print(f)
    define double @sum_of_squares(ptr %numbers, i64 %count) #0 {
    start:
      br label %loop2
    loop2:
      %t4 = phi i64 [0, %start], [%t13, %body4]
      %t5 = phi double [0x0000000000000000, %start], [%t12, %body4]
      %t6 = icmp slt i64 %t4, %count
      br i1 %t6, label %body4, label %after4
    body4:
      %t9 = getelementptr double, ptr %numbers, i64 %t4
      %t10 = load double, ptr %t9, align 8
      %t11 = fmul double %t10, %t10
      %t12 = fadd double %t5, %t11
      %t13 = add i64 %t4, 1
      br label %loop2
    after4:
      ret double %t5
    }
    <BLANKLINE>

llvmlite has a builder too, `llvmlite.ir`. It keeps every instruction as an object and turns all into such text in the
end: a function of 500 takes it eight times as long, and straight code has hundreds of thousands. Nor has it loops.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import NamedTuple


class Type(NamedTuple):
    """A number, an address, or a vector of numbers.

    Attributes:
        name: As LLVM writes it.
        element: The type of one number.
        lanes: How many numbers; 0 if it is no vector.
        suffix: What the names of intrinsic functions for it end in.
        arithmetic: What the names of `add` and its like begin with.
        order: What the names of comparisons begin with.
    """

    name: str
    element: str
    lanes: int
    suffix: str
    arithmetic: str
    order: str

    def of(self, element: str) -> Type:
        """As many numbers of another type."""
        return _type(element, self.lanes)


@cache
def _type(element: str, lanes: int = 0) -> Type:
    name = f"<{lanes} x {element}>" if lanes else element
    suffix = (f"v{lanes}" if lanes else "") + element.replace("double", "f64")
    return Type(name, element, lanes, suffix, *(("f", "fcmp o") if element == "double" else ("", "icmp s")))


def vector_of(lanes: int) -> Type:
    """The type of so many floats side by side."""
    return _type("double", lanes)


DOUBLE, INTEGER, POINTER, VOID = map(_type, ("double", "i64", "ptr", "void"))
NOALIAS = POINTER._replace(name="ptr noalias")  # of a parameter: no other one points to the same memory


class Register:
    """What an instruction computed, or a constant. Operators write the instruction that computes their result.

    Arithmetic is that of floats, or of whole numbers modulo 2^64. No product is fused with a sum: that is for
    `multiply_add`. Where there is a nan, comparisons are false, and only `differs` is true.
    """

    __slots__ = ("function", "name", "type")

    def __init__(self, function: Function, type: Type, name: str) -> None:
        self.function, self.type, self.name = function, type, name

    def do(self, instruction: str, other: Register | float) -> Register:
        """An instruction with two operands."""
        type = self.type
        operand = other.name if isinstance(other, Register) else _literal(type, other)
        return self.function.let(type, f"{instruction} {type.name} {self.name}, {operand}")

    def test(self, comparison: str, other: Register | float) -> Register:
        """A comparison."""
        type = self.type
        expression = f"{comparison} {type.name} {self.name}, {_operand(type, other)}"
        return self.function.let(type.of("i1"), expression)

    def __add__(self, other: Register | float) -> Register:
        return self.do(self.type.arithmetic + "add", other)

    def __sub__(self, other: Register | float) -> Register:
        return self.do(self.type.arithmetic + "sub", other)

    def __rsub__(self, other: float) -> Register:
        return self.function.constant(other, self.type) - self

    def __mul__(self, other: Register | float) -> Register:
        return self.do(self.type.arithmetic + "mul", other)

    def __truediv__(self, other: Register | float) -> Register:
        return self.do("fdiv", other)

    def __rtruediv__(self, other: float) -> Register:
        return self.function.constant(other, self.type) / self

    def __floordiv__(self, other: int) -> Register:
        """A quotient of whole numbers, none of them negative."""
        return self.do("udiv", other)

    def __neg__(self) -> Register:
        return self.function.let(self.type, f"fneg {self.type.name} {self.name}")

    def __and__(self, other: Register | int) -> Register:
        return self.do("and", other)

    def __or__(self, other: Register | int) -> Register:
        return self.do("or", other)

    def __xor__(self, other: Register | int) -> Register:
        return self.do("xor", other)

    def __lshift__(self, places: int) -> Register:
        return self.do("shl", places)

    def __rshift__(self, places: int) -> Register:
        """Zeros move in, whatever the sign."""
        return self.do("lshr", places)

    def __lt__(self, other: Register | float) -> Register:
        return self.test(self.type.order + "lt", other)

    def __le__(self, other: Register | float) -> Register:
        return self.test(self.type.order + "le", other)

    def __gt__(self, other: Register | float) -> Register:
        return self.test(self.type.order + "gt", other)

    def __ge__(self, other: Register | float) -> Register:
        return self.test(self.type.order + "ge", other)

    def equals(self, other: Register | float) -> Register:
        """Equality of floats."""
        return self.test("fcmp oeq", other)

    def differs(self, other: Register | float) -> Register:
        """Whether floats are not equal; a nan differs from itself."""
        return self.test("fcmp une", other)

    def cast(self, how: str, element: str) -> Register:
        """Another type of number, by an instruction such as `sitofp`."""
        type = self.type.of(element)
        return self.function.let(type, f"{how} {self.type.name} {self.name} to {type.name}")

    def bits(self) -> Register:
        """The bits of floats, as whole numbers."""
        return self.cast("bitcast", "i64")

    def double(self) -> Register:
        """The floats that have these bits."""
        return self.cast("bitcast", "double")

    def intrinsic(self, name: str, *others: Register) -> Register:
        """What LLVM has a name for, of operands of one type."""
        return self.function.call(self.type, f"llvm.{name}.{self.type.suffix}", self, *others)

    def any(self) -> Register:
        """Whether a truth of a vector is true in any lane."""
        return self.function.call(_type("i1"), f"llvm.vector.reduce.or.{self.type.suffix}", self)

    def sum(self) -> Register:
        """The sum of all lanes, in any order."""
        start, vector = _literal(DOUBLE, -0.0), f"{self.type.name} {self.name}"
        reduction = f"@llvm.vector.reduce.fadd.{self.type.suffix}"
        return self.function.let(DOUBLE, f"call reassoc double {reduction}(double {start}, {vector})")

    def broadcast(self, lanes: int | None = None) -> Register:
        """A vector with this number in all its lanes, by default as many as the function's vectors have."""
        f, number = self.function, f"{self.type.name} {self.name}"
        vector = _type(self.type.element, lanes or f.width)
        first = f.let(vector, f"insertelement {vector.name} poison, {number}, i64 0")
        mask = f"<{vector.lanes} x i32> zeroinitializer"
        return f.let(vector, f"shufflevector {vector.name} {first.name}, {vector.name} poison, {mask}")

    def lane(self, lane: int) -> Register:
        """The number in a lane of this vector."""
        return self.function.let(_type(self.type.element), f"extractelement {self.type.name} {self.name}, i64 {lane}")

    def at(self, index: Register | int) -> Register:
        """The address that is `index` numbers behind this one. All numbers in memory have 8 bytes."""
        return self.function.let(POINTER, f"getelementptr double, ptr {self.name}, i64 {_operand(INTEGER, index)}")

    def load(self, type: Type) -> Register:
        """What is at this address."""
        return self.function.let(type, f"load {type.name}, ptr {self.name}, align 8")

    def store(self, value: Register) -> None:
        """Write to this address."""
        self.function.lines.append(f"  store {value.type.name} {value.name}, ptr {self.name}, align 8")


def bits(number: float) -> int:
    """The bits of a float."""
    return int.from_bytes(struct.pack(">d", number), "big")


def where(condition: Register, yes: Register | float, no: Register | float) -> Register:
    """One or the other, lane by lane if the condition is a vector. Of two constants, floats."""
    type = next((choice.type for choice in (yes, no) if isinstance(choice, Register)), condition.type.of("double"))
    choices = ", ".join(f"{type.name} {_operand(type, choice)}" for choice in (yes, no))
    return condition.function.let(type, f"select {condition.type.name} {condition.name}, {choices}")


def shuffle(a: Register, b: Register, lanes: Sequence[int]) -> Register:
    """Lanes of two vectors, of which the second is numbered on from the first."""
    type = _type(a.type.element, len(lanes))
    mask = ", ".join(f"i32 {lane}" for lane in lanes)
    both = f"{a.type.name} {a.name}, {b.type.name} {b.name}"
    return a.function.let(type, f"shufflevector {both}, <{len(lanes)} x i32> <{mask}>")


def lane_sums(vectors: Sequence[Register]) -> Register:
    """A vector of the sums of the lanes of several vectors, each in any order: they are added up together.

    There may be as many vectors as a power of 2, and no more than lanes.
    """
    some = list(vectors)
    lanes, sources = some[0].type.lanes, 1  # in each vector, numbers of so many side by side
    while len(some) > 1:
        half = range(0, lanes // 2, sources)
        first = [lane for i in half for j in (i, i + lanes) for lane in range(j, j + sources)]
        second = [lane + lanes // 2 for lane in first]
        some = [shuffle(a, b, first) + shuffle(a, b, second) for a, b in zip(some[::2], some[1::2], strict=True)]
        sources *= 2
    (total,) = some
    while lanes > sources:
        lanes //= 2
        total = shuffle(total, total, range(lanes)) + shuffle(total, total, range(lanes, 2 * lanes))
    return total


def multiply_add(a: Register, b: Register | float, c: Register | float) -> Register:
    """`a * b + c`, in one instruction and rounded once where the processor can."""
    return a.do("fmul contract", b).do("fadd contract", c)


def _operand(type: Type, operand: Register | float) -> str:
    return operand.name if isinstance(operand, Register) else _literal(type, operand)


def _literal(type: Type, number: float) -> str:
    """A number as LLVM reads it: a float by its bits, so that none is lost, a whole number modulo 2^64."""
    text = f"0x{bits(number):016X}" if type.element == "double" else str((int(number) + 2**63) % 2**64 - 2**63)
    return f"splat ({type.element} {text})" if type.lanes else text


class Function:
    """A function, written from its first instruction to its last.

    Args:
        module: Where it belongs.
        name: What it is called.
        parameters: Their names and types.
        result: What it returns.
        width: The lanes of its vectors; by default those of the module.

    Attributes:
        arguments: In the order of the parameters.
        vector: The type of `width` floats.
        called: The names of the functions that it calls, in order.
        head: Its name and types.
        size: How many lines it has, once it is closed.
    """

    def __init__(
        self,
        module: Module,
        name: str,
        parameters: Mapping[str, Type],
        result: Type = VOID,
        *,
        width: int | None = None,
    ) -> None:
        self.module, self.width = module, width or module.width
        self.vector = vector_of(self.width)
        self.arguments = [Register(self, type, f"%{parameter}") for parameter, type in parameters.items()]
        self.called: dict[str, None] = {}
        self.head = f"{result.name} @{name}({_listed(self.arguments)}) #0"
        self.lines = [f"define {self.head} {{"]
        self._tables: list[str] = []
        self.size = 0
        self._begin("start")
        module.functions[name] = self

    def __str__(self) -> str:
        self.close()
        return self.lines[0]

    def close(self) -> None:
        """End the function. One text takes half of the memory of its lines."""
        if not self.size:
            self.size = len(self.lines)
            self.lines = ["\n".join([*self._tables, *self.lines, *(["  ret void"] if self.block else []), "}\n"])]

    def let(self, type: Type, expression: str) -> Register:
        """The register with the value of an expression in LLVM's words."""
        name = f"%t{len(self.lines)}"
        self.lines.append(f"  {name} = {expression}")
        return Register(self, type, name)

    def constant(self, number: float, type: Type | None = None) -> Register:
        """A constant; by default a vector of floats that has it in all its lanes."""
        type = type or self.vector
        return Register(self, type, _literal(type, number))

    def lanes(self, numbers: Iterable[int]) -> Register:
        """A vector of whole numbers, one for each lane."""
        listed = ", ".join(f"i64 {_literal(INTEGER, number)}" for number in numbers)
        return Register(self, _type("i64", self.width), f"<{listed}>")

    def gathered(self, numbers: Sequence[Register]) -> Register:
        """A vector of floats, given that of each lane."""
        vector = self.constant(0.0, vector_of(len(numbers)))
        for lane, number in enumerate(numbers):
            expression = f"insertelement {vector.type.name} {vector.name}, double {number.name}, i64 {lane}"
            vector = self.let(vector.type, expression)
        return vector

    def table(self, name: str, numbers: Sequence[int]) -> Register:
        """The address of whole numbers in memory, which are written there when the module has been compiled."""
        self.module.tables[name] = numbers
        self._tables.append(f"@{name} = global [{len(numbers)} x i64] zeroinitializer")
        return Register(self, POINTER, f"@{name}")

    def functions(self, name: str, called: Sequence[str]) -> Register:
        """The address of the addresses of functions."""
        self.called.update(dict.fromkeys(called))
        listed = ", ".join([f"ptr @{one}" for one in called])
        self._tables.append(f"@{name} = private constant [{len(called)} x ptr] [{listed}]")
        return Register(self, POINTER, f"@{name}")

    def call(self, result: Type, name: str, *arguments: Register) -> Register:
        """What a function returns."""
        self.called[name] = None
        return self.let(result, f"call {result.name} @{name}({_listed(arguments)})")

    def run(self, function: str | Register, *arguments: Register) -> None:
        """Call a function that returns nothing, by its name or its address."""
        if isinstance(function, Register):
            called = function.name
        else:
            self.called[function] = None
            called = f"@{function}"
        self.lines.append(f"  call void {called}({_listed(arguments)})")

    def ret(self, value: Register) -> None:
        """Return a value."""
        self.lines.append(f"  ret {value.type.name} {value.name}")
        self.block = ""

    @contextmanager
    def when(self, condition: Register) -> Iterator[None]:
        """What is written inside runs if the condition is true."""
        after = f"after{len(self.lines)}"
        self._branch(condition, f"then{len(self.lines)}", after)
        yield
        if self.block:
            self._jump(after)
        self._begin(after)

    @contextmanager
    def loop(
        self, first: Register | int, end: Register | int, step: int = 1, carried: list[Register] | None = None
    ) -> Iterator[Register]:
        """What is written inside runs for each index of `range(first, end, step)`.

        Args:
            first: The first index.
            end: Where to stop.
            step: From one index to the next.
            carried: What a round hands to the next one. On entry it holds what the first round is given; inside, what
                this one is given, to be replaced by what the next one shall have; afterwards, what the last one left.

        Yields:
            The index; after the loop it is the first one that was not below `end`.
        """
        carried = [] if carried is None else carried
        before, head = self.block, f"loop{len(self.lines)}"
        starts = [first if isinstance(first, Register) else self.constant(first, INTEGER), *carried]
        self._jump(head)
        self._begin(head)
        place = len(self.lines)
        given = [self.let(start.type, "phi") for start in starts]  # lines that are completed below
        carried[:] = given[1:]
        body, after = f"body{place}", f"after{place}"
        self._branch(given[0] < end, body, after)
        yield given[0]
        left = [given[0] + step, *carried]
        for line, (phi, start, last) in enumerate(zip(given, starts, left, strict=True), place):
            ways = f"[{start.name}, %{before}], [{last.name}, %{self.block}]"
            self.lines[line] = f"  {phi.name} = phi {phi.type.name} {ways}"
        self._jump(head)
        self._begin(after)
        carried[:] = given[1:]

    def _begin(self, block: str) -> None:
        self.lines.append(f"{block}:")
        self.block = block  # the one that is being written; empty behind a return

    def _jump(self, block: str) -> None:
        self.lines.append(f"  br label %{block}")

    def _branch(self, condition: Register, yes: str, no: str) -> None:
        self.lines.append(f"  br i1 {condition.name}, label %{yes}, label %{no}")
        self._begin(yes)


def _listed(arguments: Iterable[Register]) -> str:
    return ", ".join([f"{argument.type.name} {argument.name}" for argument in arguments])


class Module:
    """Functions that are compiled together.

    Args:
        width: The lanes of vectors.

    Attributes:
        functions: By their names.
        tables: The whole numbers that they look up.
    """

    def __init__(self, width: int) -> None:
        self.width = width
        self.functions: dict[str, Function] = {}
        self.tables: dict[str, Sequence[int]] = {}

    def __str__(self) -> str:
        return self._text(self.functions)

    def parts(self, size: int) -> Iterator[str]:
        """The same in several modules of some `size` lines, each of which calls functions of those before it."""
        part: dict[str, Function] = {}
        lines = 0
        for name, function in self._callees_first().items():
            part[name] = function
            function.close()
            lines += function.size
            if lines >= size:
                yield self._text(part)
                part, lines = {}, 0
        if part:
            yield self._text(part)

    def _callees_first(self) -> dict[str, Function]:
        order: dict[str, Function] = {}

        def add(name: str) -> None:
            if name in self.functions and name not in order:  # LLVM has some of its own
                for called in self.functions[name].called:
                    add(called)
                order[name] = self.functions[name]

        for name in self.functions:
            add(name)
        return order

    def _text(self, part: Mapping[str, Function]) -> str:
        """Some functions, and declarations of those that they call elsewhere."""
        called = dict.fromkeys(name for function in part.values() for name in function.called if name not in part)
        declared = [f"declare {self.functions[name].head}" for name in called if name in self.functions]
        bits = 64 * max(self.width, *(function.width for function in part.values()))
        vectors = f'"min-legal-vector-width"="{bits}" "prefer-vector-width"="{bits}"'  # or LLVM may halve them
        return "\n".join([*declared, *map(str, part.values()), f"attributes #0 = {{ nounwind {vectors} }}\n"])
