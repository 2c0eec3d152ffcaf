"""What repeats in a graph: operations of the same structure, gathered into layers of neurons and the like.

A chain of the same operation, such as the additions of a long sum, is one *unit*. Units of the same structure that feed
the same structures form a *group*: all products of weights and inputs in a layer, for all samples. Then groups that
belong together are joined: products to the sum that they are the terms of, and that sum to the relu that alone uses it.
All of it takes time in proportion to the graph, and nothing recurs.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from micrograd.viz.graph import Node, edges_of

NONE, SEVERAL = -1, -2
"""In the place of a position, where there is none or more than one."""

_PIECES = 12  # that a long chain is cut into, so that gradients that vanish or explode along it show

_Item = TypeVar("_Item", bound=Hashable)


class Kind(NamedTuple):
    """What a Value is like by itself.

    Attributes:
        op: The operation; empty for a leaf.
        constant: Whether it is a leaf that a plain number became.
        pattern: Its name with the numbers taken out, such as `layers.*.neurons.*.w.*`; empty if it has none.
    """

    op: str
    constant: bool
    pattern: str

    @classmethod
    def of(cls, node: Node) -> Kind:
        """The kind of `node`."""
        op = (node.op or "operation") if node.operands else ""
        return cls(op, node.constant, re.sub(r"\d+", "*", node.name))


@dataclass(slots=True)
class Group:
    """Units of the same structure that feed the same structures.

    Attributes:
        kind: Of the last Value of each unit.
        operands: Of the last Value of the first unit.
        height: The longest way from a leaf, in units.
        count: How many units there are.
        size: How many Values there are in the units.
        used_once: Whether each unit is used by one Value only.
        before: The position of the only group of which results go in; `NONE` or `SEVERAL` if there is no such group.
        after: The position of the only group that the results go into, likewise.
        adds_leaves: Whether there are leaves among the operands of its own, those of what is joined to it left out.
        takes_leaves: Whether there are leaves among all operands.
        takes_constants: Whether there are constants.
        terms: Groups of single operations that have been joined to this one.
        earlier: The groups that have been joined to this one because they lead to it one to one, the first one first.
    """

    kind: Kind
    operands: tuple[int, ...]
    height: int
    count: int = 0
    size: int = 0
    used_once: bool = True
    before: int = NONE
    after: int = NONE
    adds_leaves: bool = False
    takes_leaves: bool = False
    takes_constants: bool = False
    terms: list[Group] = field(default_factory=list)
    earlier: list[Group] = field(default_factory=list)

    @property
    def is_single(self) -> bool:
        """Whether its units are one operation each, and nothing has been joined to them."""
        return self.size == self.count and not self.terms and not self.earlier


@dataclass(frozen=True, slots=True)
class Grouping:
    """A graph, and what belongs together in it.

    Attributes:
        nodes: The graph.
        edges: Its edges as pairs of positions, as `edges_of` gives them.
        kinds: What each node is like.
        user: The position of the only node that uses each node, or `NONE` or `SEVERAL`.
        groups: The groups, operands before results; also those that have been joined to another one.
        group_of: For each node the position of the group that it ended up in, `NONE` for leaves.
    """

    nodes: Sequence[Node]
    edges: list[tuple[int, int]]
    kinds: list[Kind]
    user: list[int]
    groups: list[Group]
    group_of: list[int]

    @classmethod
    def of(cls, nodes: Sequence[Node]) -> Grouping:
        """Group the operations of a graph, as `read` returns it."""
        edges, kinds, user = edges_of(nodes), [Kind.of(node) for node in nodes], [NONE] * len(nodes)
        for operand, result in edges:
            user[operand] = _only(user[operand], result)
        groups, group_of = _find(nodes, edges, kinds, user)
        into = _join(groups)
        return cls(nodes, edges, kinds, user, groups, [at if at == NONE else into[at] for at in group_of])


def _find(
    nodes: Sequence[Node], edges: Sequence[tuple[int, int]], kinds: Sequence[Kind], user: Sequence[int]
) -> tuple[list[Group], list[int]]:
    """The groups, and for each node the position of its group."""
    unit = _units(nodes, kinds, user)
    structure, height = _structures(nodes, kinds, unit)
    role = _roles(nodes, edges, user, unit, structure)

    groups: list[Group] = []
    group_of = [NONE] * len(nodes)
    place: dict[int, int] = {}
    heads = (i for i, node in enumerate(nodes) if node.operands and unit[i] == i)
    for i in sorted(heads, key=height.__getitem__):
        group_of[i] = place.setdefault(role[i], len(groups))
        if group_of[i] == len(groups):
            groups.append(Group(kinds[i], nodes[i].operands, height[i]))
        group = groups[group_of[i]]
        group.count += 1
        group.used_once &= user[i] != SEVERAL
    for i in reversed(range(len(nodes))):
        group_of[i] = group_of[unit[i]]
        if group_of[i] != NONE:
            groups[group_of[i]].size += 1

    for operand, result in edges:
        below, at = group_of[operand], group_of[result]
        if below == NONE:
            groups[at].takes_constants |= kinds[operand].constant
            groups[at].adds_leaves |= not kinds[operand].constant
            groups[at].takes_leaves |= not kinds[operand].constant
        elif below != at:
            groups[at].before = _only(groups[at].before, below)
            groups[below].after = _only(groups[below].after, at)
    return groups, group_of


def _join(groups: list[Group]) -> list[int]:
    """Join groups that belong together, by filling in their `terms` and `earlier`.

    A group is joined to the one group that uses it, if each of its units is used once and has no name that would be
    lost. Single operations always are, as the terms of that group; others if they lead to it one to one and nothing
    else does. What brings in leaves or numbers of its own stays apart from the neurons before it, as a loss does.

    Args:
        groups: Operands before results.

    Returns:
        For each group the position of the one that it ended up in.
    """
    into = list(range(len(groups)))
    longest = max(_PIECES, max((group.height for group in groups), default=0) // _PIECES)
    for at, group in enumerate(groups):
        if group.after < 0 or not group.used_once or group.kind.pattern:
            continue
        user = groups[group.after]
        brings_in_numbers = user.takes_constants and not user.takes_leaves
        if group.is_single:
            user.terms.append(group)
        elif (
            group.count == user.count
            and user.before == at
            and len(group.earlier) + 1 < longest
            and not _is_product(user, groups)
            and not (brings_in_numbers and group.takes_leaves and not group.takes_constants)
            and not (_has_a_bias(group) and (user.takes_leaves or user.takes_constants))
        ):
            user.earlier, group.earlier = group.earlier, []  # handed on: it may be long
            user.earlier.append(group)
        else:
            continue
        user.takes_leaves |= group.takes_leaves
        user.takes_constants |= group.takes_constants
        into[at] = group.after
    for at in reversed(range(len(groups))):
        into[at] = into[into[at]]
    return into


def _has_a_bias(group: Group) -> bool:
    """Whether it begins as a neuron does, with a leaf that is added to products."""
    first = group.earlier[0] if group.earlier else group
    return first.kind.op == "+" and bool(first.terms) and first.adds_leaves


def gather(count: int, pairs: Iterable[tuple[int, _Item]]) -> list[_Item | frozenset[_Item] | None]:
    """What each of the numbers below `count` is paired with.

    Args:
        count: How many numbers there are.
        pairs: Numbers and items.

    Returns:
        For each number None, or the item if there is one, or the set of the different items. Sets take much memory.
    """
    found: list[_Item | set[_Item] | None] = [None] * count
    for number, item in pairs:
        known = found[number]
        if known is None:
            found[number] = item
        elif isinstance(known, set):
            known.add(item)
        elif known != item:
            found[number] = {known, item}
    return [frozenset(items) if isinstance(items, set) else items for items in found]


def _is_product(group: Group, groups: Sequence[Group]) -> bool:
    """Whether it combines two operands and several of it go into each result, as w * x goes into a sum."""
    several = group.after >= 0 and group.count > groups[group.after].count
    return several and group.is_single and len(group.operands) == 2


def _only(known: int, position: int) -> int:
    """What `NONE`, a position or `SEVERAL` becomes when a position is added to it."""
    return position if known in (NONE, position) else SEVERAL


def _units(nodes: Sequence[Node], kinds: Sequence[Kind], user: Sequence[int]) -> list[int]:
    """The last node of the unit of each node."""
    unit = list(range(len(nodes)))
    for i in reversed(range(len(nodes))):
        after = user[i]
        is_same = after >= 0 and nodes[i].operands and kinds[i].op == kinds[after].op and not kinds[i].pattern
        if is_same and not _ends_a_neuron(i, after, nodes):
            unit[i] = unit[after]
    return unit


def _ends_a_neuron(i: int, after: int, nodes: Sequence[Node]) -> bool:
    """Whether a sum of products goes on with what is no part of a neuron: a number, a negative or another such sum.

    A negative is a product with -1, and so is a weight with an input of -1: where inputs are plain numbers, it is that.
    """
    products = [nodes[term] for term in nodes[i].operands if nodes[term].op == "*"]
    others = [nodes[term] for term in nodes[after].operands if term != i]
    if nodes[i].op != "+" or not products:
        return False
    if any(term.constant or term.op == "+" for term in others):
        return True
    plain, numbers = (
        [nodes[factor].data for term in terms if term.op == "*" for factor in term.operands if nodes[factor].constant]
        for terms in (products, others)
    )
    return -1.0 in numbers and not plain


def _structures(nodes: Sequence[Node], kinds: Sequence[Kind], unit: Sequence[int]) -> tuple[list[int], list[int]]:
    """For the last node of each unit a number, equal for equal structures down to the leaves, and the height."""
    numbers: dict[Hashable, int] = {}
    structure, height = [0] * len(nodes), [0] * len(nodes)
    terms: dict[int, list[int]] = {}
    for i, head in enumerate(unit):
        for operand in nodes[i].operands:
            if unit[operand] != head:
                terms.setdefault(head, []).append(structure[operand])
                height[head] = max(height[head], height[operand] + 1)
        if i == head:
            shape = (kinds[i], len(set(nodes[i].operands)), tuple(sorted(terms.pop(i, ()))))
            structure[i] = numbers.setdefault(shape, len(numbers))
    return structure, height


def _roles(
    nodes: Sequence[Node],
    edges: Sequence[tuple[int, int]],
    user: Sequence[int],
    unit: Sequence[int],
    structure: Sequence[int],
) -> list[int]:
    """For the last node of each unit a number, equal where it is of the same structure and feeds the same structures.

    A product that only one sum needs is a term of that, so the role of the sum counts, too.
    """
    feeds = gather(len(nodes), ((left, structure[unit[right]]) for left, right in edges if unit[left] != unit[right]))
    numbers: dict[Hashable, int] = {}
    role = [NONE] * len(nodes)
    for i in reversed(range(len(nodes))):
        if nodes[i].operands and unit[i] == i:
            after = unit[user[i]] if user[i] >= 0 else NONE
            is_term = after != NONE and nodes[after].op == "+" and nodes[i].op == "*"
            role[i] = numbers.setdefault((structure[i], is_term, role[after] if is_term else feeds[i]), len(numbers))
    return role
