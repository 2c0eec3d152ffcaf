"""Dense layers as loops over tiles: a few rows times a few columns that stay in the processor's registers.

Every vector that is loaded takes part in several multiplications, as in any fast matrix product; see Goto and van de
Geijn, "Anatomy of High-Performance Matrix Multiplication", ACM TOMS 34, 2008. Each loop is a function of its own, so
that none is nested in the text.
"""

from __future__ import annotations

from collections.abc import Sequence

from micrograd.engine.jit.functions import double
from micrograd.engine.jit.layers import Dense, Outer
from micrograd.engine.jit.straight import PARAMETERS

ROWS = 4  # of a tile


class Tiles:
    """Writes the functions of layers.

    Args:
        width: How many samples a vector holds.
        slots: Where registers are kept in scratch memory, counted in numbers.
    """

    def __init__(self, width: int, slots: dict[int, int]) -> None:
        self.width, self.slots = width, slots
        self.type = f"<{width} x double>"
        self.across = 4 if width >= 8 else 2  # vectors of a tile: AVX-512 has 32 registers, AVX and SSE have 16

    def dense(self, name: str, layer: Dense) -> str:
        """A function that computes a dense layer for the vectors of a block."""
        texts = [self.table(f"{name}.x", layer.columns), self.table(f"{name}.y", layer.results)]
        strips = []
        for across in (self.across, 1):
            strip = f"{name}.{across}"
            tiles = []
            for rows, first, last in _cut(len(layer.results)):
                texts.append(self.dense_tile(f"{strip}.{rows}", name, layer, rows, across))
                tiles.append((f"{strip}.{rows}", first, last, rows))
            texts.append(_walk(strip, "ptr %leaf, ptr %scratch", tiles))
            strips.append(strip)
        texts.append(self.along(name, strips))
        return "\n".join(texts)

    def along(self, name: str, strips: Sequence[str]) -> str:
        """The vectors of the block, several at a time, and what is left of them one by one."""
        lines = [f"define private void @{name}({PARAMETERS}) #0 {{", "start:", "  br label %test0"]
        before, at = "start", "0"
        for i, (strip, across) in enumerate(zip(strips, (self.across, 1), strict=True)):
            lines += [
                f"test{i}:",
                f"  %v{i} = phi i64 [{at}, %{before}], [%next{i}, %loop{i}]",
                f"  %next{i} = add i64 %v{i}, {across}",
                f"  %more{i} = icmp sle i64 %next{i}, %vectors",
                f"  br i1 %more{i}, label %loop{i}, label %test{i + 1}",
                f"loop{i}:",
                f"  %offset{i} = mul i64 %v{i}, {self.width}",
                f"  %here{i} = getelementptr double, ptr %scratch, i64 %offset{i}",
                f"  call void @{strip}(ptr %leaf, ptr %here{i})",
                f"  br label %test{i}",
            ]
            before, at = f"test{i}", f"%v{i}"
        return "\n".join([*lines, f"test{len(strips)}:", "  ret void", "}", ""])

    def dense_tile(self, tile: str, name: str, layer: Dense, rows: int, across: int) -> str:
        """Some rows for some vectors: all products of the rows, without writing anything in between."""
        grid, starts = layer.weights, layer.starts
        cells = [(r, v) for r in range(rows) for v in range(across)]
        lines = [f"define private void @{tile}(ptr %leaf, ptr %scratch, i64 %j) #0 {{", "start:"]
        for r in range(rows):
            lines += [f"  %j{r} = add i64 %j, {r}", *_place(f"w{r}", grid.first, grid.row, f"%j{r}")]
            if starts:
                lines += [
                    *_place(f"b{r}", starts.first, starts.row, f"%j{r}"),
                    f"  %start{r} = load double, ptr %b{r}, align 8",
                    *self.broadcast(f"a{r}", f"%start{r}"),
                ]
        lines += ["  br label %loop", "loop:", "  %k = phi i64 [0, %start], [%k.next, %loop]"]
        for r, v in cells:
            start = f"%a{r}" if starts else f"splat (double {double(-0.0)})"
            lines.append(f"  %s{r}.{v} = phi {self.type} [{start}, %start], [%n{r}.{v}, %loop]")
        lines += _slot("x", f"{name}.x", "%k")
        for v in range(across):
            lines += self.load(f"x{v}", "x", v)
        lines.append(f"  %kc = mul i64 %k, {grid.column}")
        for r in range(rows):
            lines += [
                f"  %p{r} = getelementptr double, ptr %w{r}, i64 %kc",
                f"  %weight{r} = load double, ptr %p{r}, align 8",
                *self.broadcast(f"u{r}", f"%weight{r}"),
            ]
        lines += self.multiply_add(cells, "%u{}", "%x{}")
        lines += self.again("k", str(len(layer.columns)))
        for r in range(rows):
            lines += _slot(f"y{r}", f"{name}.y", f"%j{r}")
            for v in range(across):
                lines += self.store(f"n{r}.{v}", f"y{r}", v)
        return "\n".join([*lines, "  ret void", "}", ""])

    def outer(self, name: str, layer: Outer) -> str:
        """A function that adds the products of a block to the sums."""
        texts = [self.table(f"{name}.g", layer.rows), self.table(f"{name}.x", layer.columns)]
        strips = []
        for rows, first, last in _cut(len(layer.rows)):
            tiles = []
            strip = f"{name}.{rows}"
            for columns, start, end in _cut(len(layer.columns), self.across):
                texts.append(self.outer_tile(f"{strip}.{columns}", name, layer, rows, columns))
                tiles.append((f"{strip}.{columns}", start, end, columns))
            passed = "ptr %sums, ptr %scratch, i64 %vectors, i64 %j"
            texts.append(_walk(strip, passed, tiles, index="k"))
            strips.append((strip, first, last, rows))
        return "\n".join([*texts, *self.trimmed(name, layer, strips)])

    def trimmed(self, name: str, layer: Outer, strips: list[tuple[str, int, int, int]]) -> list[str]:
        """The outer product, once the products of the lanes beyond the last sample are -0, which adds nothing."""
        passed = "ptr %sums, ptr %scratch, i64 %vectors"
        calls = "\n".join(
            f"  call void @trim(ptr @{name}.{which}, i64 {len(registers)}, ptr %end, i64 %lanes, "
            f"double {double(filler)})"
            for which, registers, filler in (("g", layer.rows, -0.0), ("x", layer.columns, 0.0))
        )
        return [
            _walk(f"{name}.all", passed, strips),
            f"""define private void @{name}({PARAMETERS}) #0 {{
start:
  %last = sub i64 %vectors, 1
  %offset = mul i64 %last, {self.width}
  %end = getelementptr double, ptr %scratch, i64 %offset
  %lanes = sub i64 %left, %offset
  %partial = icmp slt i64 %lanes, {self.width}
  br i1 %partial, label %cut, label %sum
cut:
{calls}
  br label %sum
sum:
  call void @{name}.all({passed})
  ret void
}}
""",
        ]

    def outer_tile(self, tile: str, name: str, layer: Outer, rows: int, columns: int) -> str:
        """Some rows times some columns, over all vectors of the block."""
        cells = [(r, c) for r in range(rows) for c in range(columns)]
        grid = layer.places
        lines = [
            f"define private void @{tile}(ptr %sums, ptr %scratch, i64 %vectors, i64 %j, i64 %k) #0 {{",
            "start:",
        ]
        for r in range(rows):
            lines += [f"  %j{r} = add i64 %j, {r}", *_slot(f"g{r}", f"{name}.g", f"%j{r}")]
        for c in range(columns):
            lines += [f"  %k{c} = add i64 %k, {c}", *_slot(f"x{c}", f"{name}.x", f"%k{c}")]
        for r, c in cells:
            lines += [
                f"  %jr{r}.{c} = mul i64 %j{r}, {grid.row * self.width}",
                f"  %kc{r}.{c} = mul i64 %k{c}, {grid.column * self.width}",
                f"  %at{r}.{c} = add i64 %jr{r}.{c}, %kc{r}.{c}",
                f"  %to{r}.{c} = add i64 %at{r}.{c}, {grid.first * self.width}",
                f"  %sum{r}.{c} = getelementptr double, ptr %sums, i64 %to{r}.{c}",
                *self.load(f"a{r}.{c}", f"sum{r}.{c}", 0),
            ]
        lines += ["  br label %loop", "loop:", "  %v = phi i64 [0, %start], [%v.next, %loop]"]
        lines += [f"  %s{r}.{c} = phi {self.type} [%a{r}.{c}, %start], [%n{r}.{c}, %loop]" for r, c in cells]
        lines.append(f"  %offset = mul i64 %v, {self.width}")
        for one, count in (("g", rows), ("x", columns)):
            for i in range(count):
                lines.append(f"  %{one}{i}.at = getelementptr double, ptr %{one}{i}, i64 %offset")
                lines += self.load(f"{one}{i}.v", f"{one}{i}.at", 0)
        lines += self.multiply_add(cells, "%g{}.v", "%x{}.v")
        lines += self.again("v", "%vectors")
        for r, c in cells:
            lines += self.store(f"n{r}.{c}", f"sum{r}.{c}", 0)
        return "\n".join([*lines, "  ret void", "}", ""])

    def table(self, name: str, registers: Sequence[int]) -> str:
        """Where registers are kept, for loops to look up."""
        places = ", ".join(f"i64 {self.slots[register]}" for register in registers)
        return f"@{name} = private constant [{len(registers)} x i64] [{places}]"

    def multiply_add(self, cells: Sequence[tuple[int, int]], one: str, other: str) -> list[str]:
        """Add a product to the sum of every cell."""
        lines = []
        for r, c in cells:
            a, b = one.format(r), other.format(c)
            lines.append(f"  %m{r}.{c} = fmul contract {self.type} {a}, {b}")
            lines.append(f"  %n{r}.{c} = fadd contract {self.type} %s{r}.{c}, %m{r}.{c}")
        return lines

    def again(self, index: str, count: str) -> list[str]:
        """The end of a loop over `index`."""
        return [
            f"  %{index}.next = add i64 %{index}, 1",
            f"  %more = icmp slt i64 %{index}.next, {count}",
            "  br i1 %more, label %loop, label %end",
            "end:",
        ]

    def load(self, name: str, base: str, vector: int) -> list[str]:
        """Read a vector."""
        return [
            f"  %{name}.p = getelementptr double, ptr %{base}, i64 {vector * self.width}",
            f"  %{name} = load {self.type}, ptr %{name}.p, align 8",
        ]

    def store(self, name: str, base: str, vector: int) -> list[str]:
        """Write a vector."""
        return [
            f"  %{name}.p = getelementptr double, ptr %{base}, i64 {vector * self.width}",
            f"  store {self.type} %{name}, ptr %{name}.p, align 8",
        ]

    def broadcast(self, name: str, scalar: str) -> list[str]:
        """A vector that holds a scalar in all its lanes."""
        return [
            f"  %{name}.1 = insertelement {self.type} poison, double {scalar}, i64 0",
            f"  %{name} = shufflevector {self.type} %{name}.1, {self.type} poison, "
            f"<{self.width} x i32> zeroinitializer",
        ]


def trim(width: int) -> str:
    """`trim`: of vectors in scratch memory set all lanes but the first `lanes` to `filler`."""
    vector, integers = f"<{width} x double>", f"<{width} x i64>"
    lanes = ", ".join(f"i64 {lane}" for lane in range(width))
    return f"""define private void @trim(ptr %table, i64 %count, ptr %scratch, i64 %lanes, double %filler) #0 {{
start:
  %n0 = insertelement {integers} poison, i64 %lanes, i64 0
  %n = shufflevector {integers} %n0, {integers} poison, <{width} x i32> zeroinitializer
  %mask = icmp slt {integers} <{lanes}>, %n
  %f0 = insertelement {vector} poison, double %filler, i64 0
  %f = shufflevector {vector} %f0, {vector} poison, <{width} x i32> zeroinitializer
  br label %loop
loop:
  %i = phi i64 [0, %start], [%next, %loop]
  %entry = getelementptr i64, ptr %table, i64 %i
  %slot = load i64, ptr %entry, align 8
  %place = getelementptr double, ptr %scratch, i64 %slot
  %all = load {vector}, ptr %place, align 8
  %kept = select <{width} x i1> %mask, {vector} %all, {vector} %f
  store {vector} %kept, ptr %place, align 8
  %next = add i64 %i, 1
  %more = icmp slt i64 %next, %count
  br i1 %more, label %loop, label %end
end:
  ret void
}}
"""


def _cut(count: int, size: int = ROWS) -> list[tuple[int, int, int]]:
    """`count` in tiles of `size` and one of what is left: `(size, first, end)`."""
    whole = count - count % size
    return [part for part in ((size, 0, whole), (count - whole, whole, count)) if part[1] < part[2]]


def _walk(name: str, passed: str, tiles: list[tuple[str, int, int, int]], index: str = "j") -> str:
    """`name`: call each tile at its steps."""
    lines = [f"define private void @{name}({passed}) #0 {{", "start:", "  br label %loop0"]
    before = "start"
    for i, (tile, first, last, step) in enumerate(tiles):
        lines += [
            f"loop{i}:",
            f"  %{index}{i} = phi i64 [{first}, %{before}], [%next{i}, %loop{i}]",
            f"  call void @{tile}({passed}, i64 %{index}{i})",
            f"  %next{i} = add i64 %{index}{i}, {step}",
            f"  %more{i} = icmp slt i64 %next{i}, {last}",
            f"  br i1 %more{i}, label %loop{i}, label %loop{i + 1}",
        ]
        before = f"loop{i}"
    return "\n".join([*lines, f"loop{len(tiles)}:", "  ret void", "}", ""])


def _place(name: str, first: int, row: int, index: str) -> list[str]:
    return [
        f"  %{name}.row = mul i64 {index}, {row}",
        f"  %{name}.at = add i64 %{name}.row, {first}",
        f"  %{name} = getelementptr double, ptr %leaf, i64 %{name}.at",
    ]


def _slot(name: str, table: str, index: str) -> list[str]:
    return [
        f"  %{name}.entry = getelementptr i64, ptr @{table}, i64 {index}",
        f"  %{name}.slot = load i64, ptr %{name}.entry, align 8",
        f"  %{name} = getelementptr double, ptr %scratch, i64 %{name}.slot",
    ]
