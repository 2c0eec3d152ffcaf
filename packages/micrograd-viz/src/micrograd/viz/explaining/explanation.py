"""Where a gradient comes from: the paths that it took, and the first cause if it is nan, infinite, zero or large."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape

from micrograd.engine import Value, between, topological_order
from micrograd.viz import text
from micrograd.viz.explaining.cause import Cause, find_cause
from micrograd.viz.explaining.paths import Path, split
from micrograd.viz.labels import Names
from micrograd.viz.style import LIGHT

_HEAD, _TAIL = 8, 5  # the steps at both ends of a path that are written if it is too long to be written whole
_WRITTEN_OUT = 10**21  # a number of paths from which on only its size is written

_CELL = "padding:.25em .75em;vertical-align:top"
_HEADINGS = "<thead><tr>{}</tr></thead>".format(
    "".join(
        f'<th scope="col" style="{_CELL};text-align:{side}">{heading}</th>'
        for heading, side in (("contribution", "right"), ("path", "left"), ("product of derivatives", "left"))
    )
)


@dataclass(frozen=True, slots=True, repr=False)
class Explanation:
    """Where a gradient comes from. It prints as text, and a notebook shows it as a table.

    Attributes:
        value: The Value whose gradient it is.
        root: The output that is differentiated.
        gradient: The derivative of `root` with respect to `value`, to the bit what one `backward` adds to `value.grad`.
        paths: The paths from `root` to `value` that contribute most, the largest contribution (in size) first.
        rest: The contributions of all other paths, added up.
        others: How many other paths there are; an int of any size.
        cause: What made the gradient nan, infinite, zero or exploding (1e6 and more); None for an ordinary gradient.
        names: What the Values are called.
    """

    value: Value
    root: Value
    gradient: float
    paths: tuple[Path, ...]
    rest: float
    others: int
    cause: Cause | None
    names: Mapping[Value, str]

    def __repr__(self) -> str:
        lines = [self._summary() + (":" if self.paths else ".")]
        rest = [text.number(self.rest)] if self.others else []
        numbers = [text.number(path.contribution) for path in self.paths] + rest
        width = max(map(len, numbers), default=0)
        for number, path in zip(numbers, self.paths, strict=False):
            lines.append(f"  {number:>{width}}  {' -> '.join(self._stations(path))}")
            if path.steps:
                lines.append(f"  {'':{width}}  = {_product(path)}")
        lines += [f"  {number:>{width}}  {_others(self.others)}" for number in rest]
        if self.cause:
            lines.append(self._verdict(self.cause))
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        largest = max((abs(path.contribution) for path in self.paths), default=0.0)
        rows = [
            _row(path.contribution, largest, " \N{RIGHTWARDS ARROW} ".join(self._stations(path)), _product(path))
            for path in self.paths
        ]
        if self.others:
            rows.append(_row(self.rest, largest, _others(self.others), ""))
        verdict = f"<p>{escape(self._verdict(self.cause))}</p>" if self.cause else ""
        table = f"<table>{_HEADINGS}<tbody>{''.join(rows)}</tbody></table>" if rows else ""
        return f"<div><p>{escape(self._summary())}.</p>{table}{verdict}</div>"

    def _summary(self) -> str:
        value, root = self._name(self.value), self._name(self.root)
        count = len(self.paths) + self.others
        if count == 0:
            return f"The gradient of {value} is {self.gradient!r}: {root} does not depend on it"
        paths = "one path" if count == 1 else f"the sum of {_count(count)} paths"
        return f"The gradient of {value} is {self.gradient!r}, {paths} from {root}"

    def _verdict(self, cause: Cause) -> str:
        return f"Why it is {_kind(self.gradient)}: {cause.reason}."

    def _name(self, node: Value) -> str:
        """The name of a node, or its operation, or the number of a leaf."""
        return self.names.get(node) or (f"({text.symbol(node._op)})" if node._op else text.number(node.data))

    def _stations(self, path: Path) -> Iterable[str]:
        """The nodes of a path, from the output on, with names and operations."""
        nodes = [self.root, *[step.operand for step in path.steps]]
        return _ends(
            [
                f"{self.names[node]} ({text.symbol(node._op)})" if node in self.names and node._op else self._name(node)
                for node in nodes
            ]
        )


def explain(value: Value, root: Value, k: int = 5, labels: object = None) -> Explanation:
    """Explain where the gradient of `value` comes from, when `root.backward()` is called.

    A gradient is a sum over paths: by the chain rule, every way from `root` down to `value` contributes the product of
    the derivatives along it. The number of paths may grow exponentially with the graph, but the largest are found, and
    the rest is added up, in one walk over the graph that takes several times as long as `backward`.

    A contribution is rounded as `backward` would round it if there were no other path, and the order is exact for these
    numbers. The contributions and the rest add up to the gradient, but for the rounding of sums: `backward` adds before
    it multiplies, where paths are multiplied and then added. An infinite derivative can turn a contribution that is 0,
    and no longer among the largest, into nan; then it is in the rest.

    Nothing is changed, and `backward` need not have been called. `value.grad` is the same number if it was called on
    `root` and on nothing else, once.

    Args:
        value: The Value whose gradient is explained, a leaf or not.
        root: The output, such as a loss: a Value does not know what was computed from it.
        k: How many paths to list, 1 or more.
        labels: Names for Values, as for `draw`: a dict such as `{"a": a}` or `locals()`, or a Module.

    Returns:
        The explanation: it prints as text, and a notebook shows a table.

    Raises:
        TypeError: If `value` or `root` is not a Value, `k` not an int, or `labels` neither a dict nor a Module.
        ValueError: If `k` is less than 1.
        NotImplementedError: If an operation on the way is not in the engine's table.

    Example:
        >>> a, b = Value(2.0), Value(3.0)
        >>> c = a * b
        >>> d = c + a
        >>> explain(a, d, labels=locals())
        The gradient of a is 4.0, the sum of 2 paths from d:
          3.0000  d (+) -> c (×) -> a
                  = 1 × 3
          1.0000  d (+) -> a
                  = 1
        >>> e = Value(-2.0)
        >>> explain(e, e.relu(), labels={"e": e})
        The gradient of e is 0.0, one path from (ReLU):
          0.0000  (ReLU) -> e
                  = 0
        Why it is zero: the derivative of ReLU(e = -2.0) is 0.0.
    """
    for given in (value, root):
        if not isinstance(given, Value):
            raise TypeError(
                "explain takes a Value of micrograd.engine and the Value it leads to, "
                f"got {given!r} ({text.kind(given)})"
            )
    if not isinstance(k, int):
        raise TypeError(f"k is how many paths to list, an int, got {k!r} ({type(k).__name__})")
    if k < 1:
        raise ValueError(f"k is how many paths to list, 1 or more, got {k}")
    called = Names(labels)
    names = {node: text.shorten(name) for node in (*topological_order(root), value) if (name := called.of(node))}
    nodes = between([value], root)[::-1]
    parts = split(value, nodes, k)
    return Explanation(value, root, *parts, cause=find_cause(value, nodes, parts, names), names=names)


def _row(contribution: float, largest: float, path: str, product: str) -> str:
    """A row of the table; under the number is a bar as long as the contribution is large beside the largest."""
    share = abs(contribution) / largest if largest > 0 and math.isfinite(contribution) else 0.0
    colour = LIGHT["positive" if contribution > 0 else "negative"]
    bar = f"height:4px;width:{100 * min(share, 1.0):.1f}%;margin:2px 0 0 auto;background:{colour}"
    return (
        f'<tr><td style="{_CELL};text-align:right;font-variant-numeric:tabular-nums">{text.number(contribution)}'
        f'<div style="{bar}"></div></td>'
        f'<td style="{_CELL};text-align:left">{escape(path)}</td>'
        f'<td style="{_CELL};text-align:left">{escape(product)}</td></tr>'
    )


def _product(path: Path) -> str:
    """The derivatives along a path, multiplied."""
    return " \N{MULTIPLICATION SIGN} ".join(_ends([f"{step.derivative:.6g}" for step in path.steps]))


def _ends(items: list[str]) -> list[str]:
    """The items, those in the middle of a long list left out."""
    left_out = len(items) - _HEAD - _TAIL
    if left_out < 2:
        return items
    return [*items[:_HEAD], f"... {left_out} more ...", *items[-_TAIL:]]


def _others(count: int) -> str:
    return "one more path" if count == 1 else f"{_count(count)} more paths"


def _count(count: int) -> str:
    """A number of paths; a huge one, which Python would take long to write out or refuse to, by its size."""
    return f"{count:,}" if count < _WRITTEN_OUT else f"about 10^{round((count.bit_length() - 1) * math.log10(2))}"


def _kind(gradient: float) -> str:
    return repr(gradient) if not math.isfinite(gradient) else "zero" if gradient == 0 else "large"
