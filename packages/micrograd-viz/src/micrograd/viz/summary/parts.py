"""A graph of some size in parts, and the parts of these: layers, neurons, pieces of a chain, and in the end its Values.

A picture of a part shows its own parts as boxes, as many as fit. There are several ways to part it, from the finest to
the coarsest, and the last one always makes few boxes of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count, pairwise

from micrograd.viz import text
from micrograd.viz.graph import Node
from micrograd.viz.labels import common_owner, common_path
from micrograd.viz.summary.folding import fold, fold_by_results, in_order
from micrograd.viz.summary.groups import Grouping
from micrograd.viz.summary.neurons import Neuron, find, named
from micrograd.viz.summary.titles import operation_title

_PIECES = 8  # boxes that stand in a line and can be read
_FEW = 4  # leaves that have a box each


@dataclass(frozen=True, slots=True)
class Part:
    """Values that are drawn as one box, or are a picture of their own.

    Attributes:
        nodes: Their positions in the graph, operands before results.
        label: What it is called, such as "layer 1, neuron 2"; empty for a single Value, which has its own name.
        about: What is computed in it, such as "ReLU neuron of 2 inputs", unless that is the label.
        op: The last operation, where that says enough of what is computed.
        prefixes: How names begin that belong to it, which needs not be said inside of it.
    """

    nodes: Sequence[int]
    label: str = ""
    about: str = ""
    op: str = ""
    prefixes: tuple[str, ...] = ()

    def within(self, name: str) -> str:
        """A name as it is said inside of this part."""
        for prefix in self.prefixes:
            name = name.removeprefix(prefix)
        return name


NOTHING = Part(())
"""No part: names are said in full."""


class Parts:
    """A graph, and the ways to part it.

    A part is called after what it makes: as its result is, or else as what is computed, with a number if that is said
    of several.

    Args:
        nodes: The graph, as `read` returns it.
        name: Gives names to more of the nodes.

    Attributes:
        nodes: The same, and what belongs to a neuron has a name.
        whole: All of it, as one part.
    """

    def __init__(self, nodes: Sequence[Node], name: Callable[[list[Node]], list[Node]] = list) -> None:
        grouping = Grouping.of(nodes)
        boxes = fold(grouping, grouping.group_of)
        self._grouping = grouping
        self._neurons = find(grouping, boxes)
        self.nodes = name(named(nodes, self._neurons))
        self._owner = {i: neuron for neuron in reversed(self._neurons.values()) for i in neuron.parameters}
        folds = [part for box in self._as_labelled(boxes) for part in self._of_box(box)]
        by_results = fold_by_results(grouping, self._neurons)
        results = [part for box in self._as_labelled(by_results) for part in self._of_box(box)]
        units = [part for box in fold(grouping, [kind.op for kind in grouping.kinds]) for part in self._of_unit(box)]
        self._folds, self._units = _told_apart(folds), _told_apart(units)
        self._groups = self._join(folds, lambda neuron: neuron.layer)
        self._same_neurons = self._join(results, lambda neuron: (neuron.layer, *neuron.parameters))
        self._layers = self._join(results, lambda neuron: neuron.layer)
        self.whole = Part(range(len(nodes)), prefixes=folds[0].prefixes if len(folds) == 1 else ())

    def finer(self, part: Part) -> Iterator[list[Part]]:
        """The parts of a part, operands before results, first the finest; each time there are at least two."""
        has_neurons = not self._neurons.keys().isdisjoint(part.nodes)
        joined = [self._same_neurons, self._layers] if has_neurons else [self._groups, self._layers]
        values = [Part([i]) for i in part.nodes]
        folds, *coarser = (self._within(part, parts) for parts in (self._folds, *joined))
        units = [replace(each, prefixes=part.prefixes) for each in self._within(part, self._units)]
        ways = [values, folds, *coarser] if len(folds) > 1 else [values, units]
        yield from (way for way in ways if len(way) > 1 or way is values)
        finest = next((way for way in (folds, units) if len(way) > 1), values)
        times = min(_PIECES, -(-len(finest) // _PIECES))
        if times > 1:
            cuts = [len(finest) * i // times for i in range(times + 1)]
            pieces = [self._piece(finest[start:end], part, at) for at, (start, end) in enumerate(pairwise(cuts), 1)]
            yield _told_apart(pieces)

    @staticmethod
    def _within(part: Part, parts: Sequence[Part]) -> list[Part]:
        """Those of the parts that lie in another one, if they make up all of it."""
        inside = set(part.nodes)
        found = [each for each in parts if inside.issuperset(each.nodes)]
        return found if sum(len(each.nodes) for each in found) == len(inside) else []

    def _as_labelled(self, boxes: Sequence[list[int]]) -> list[list[int]]:
        """The boxes with leaves first, these and the leaves in them in the order of the labels and of the model."""
        leaves = [sorted(box, key=self._rank) for box in boxes if not self.nodes[box[-1]].operands]
        leaves.sort(key=lambda box: self._rank(box[0]))
        return leaves + [box for box in boxes if self.nodes[box[-1]].operands]

    def _rank(self, i: int) -> int:
        return self.nodes[i].rank

    def _of_box(self, box: list[int]) -> list[Part]:
        """The part that a box of a folded graph is; of a few leaves that are no parameters, each is one."""
        result = self.nodes[box[-1]]
        if len(box) == 1:
            return [Part(box)]
        about = self._title(box) or self._operations(box)
        if neuron := self._neurons.get(box[-1]):
            return [Part(box, self._name(box[-1]), about, result.op, _beginning(neuron.path, neuron.given))]
        path = common_owner([self.nodes[i].name for i in box if not self.nodes[i].operands])
        if result.operands:
            return [Part(box, result.name or about, about if result.name else "", prefixes=_beginning(path))]
        if len({self._owner[i].path if i in self._owner else None for i in box}) == 1 and box[0] in self._owner:
            neuron = self._owner[box[0]]
            label = f"{neuron.title}, {text.counted(len(box), 'parameter')}"
            return [Part(box, label, prefixes=_beginning(neuron.path, neuron.given))]
        if len(box) <= _FEW:
            return [Part([i]) for i in box]
        return [Part(box, text.counted(len(box), "leaf", "leaves"), path, prefixes=_beginning(path))]

    def _of_unit(self, box: list[int]) -> list[Part]:
        """The part that a chain of one operation is."""
        result = self.nodes[box[-1]]
        if len(box) == 1 or not result.operands:
            return [Part([i]) for i in box]
        about = self._operations(box)
        return [Part(box, result.name or about, about if result.name else "")]

    def _title(self, nodes: Sequence[int]) -> str:
        """What is computed there, if that is of one group."""
        groups = {self._grouping.group_of[i] for i in nodes if self.nodes[i].operands}
        return operation_title(self._grouping.groups[groups.pop()]) if len(groups) == 1 else ""

    def _join(self, parts: Sequence[Part], alike: Callable[[Neuron], Hashable]) -> list[Part]:
        """Join neurons that are `alike` and their parameters, and of other parts those that are computed alike.

        Other leaves stay apart, unless there are many. No parts come back if some would need each other.
        """
        joined: dict[Hashable, list[Part]] = {}
        apart: list[Part] = []
        for part in parts:
            result = part.nodes[-1]
            if neuron := self._neurons.get(result) or self._owner.get(result):
                joined.setdefault(("neuron", alike(neuron)), []).append(part)
            elif self.nodes[result].operands:
                joined.setdefault(("group", self._grouping.group_of[result]), []).append(part)
            else:
                apart.append(part)
        leaves = [apart] if len(apart) > _PIECES else [[part] for part in apart]
        together = [self._of_several(several) for several in (*leaves, *joined.values())]
        return _told_apart([together[at] for at in in_order([part.nodes for part in together], self._grouping.edges)])

    def _of_several(self, parts: Sequence[Part]) -> Part:
        """Parts that are joined, as one: all samples of a neuron, or a layer, or what is computed alike."""
        if len(parts) == 1:
            return parts[0]
        nodes = sorted(i for part in parts for i in part.nodes)
        made = [part for part in parts if self.nodes[part.nodes[-1]].operands]
        if not made:
            return Part(nodes, text.counted(len(nodes), "input"))
        titles = Counter(self._title(part.nodes) for part in made)
        times = {title: f"{number} \N{MULTIPLICATION SIGN} " if number > 1 else "" for title, number in titles.items()}
        about = ", ".join(times[title] + title for title in titles) if all(titles) else self._operations(nodes)
        neurons = [self._neurons[part.nodes[-1]] for part in made if part.nodes[-1] in self._neurons]
        if not neurons:
            label = self._span(made)
            return Part(nodes, label or about, about if label else "")
        first = neurons[0]
        if all(neuron.title == first.title for neuron in neurons):
            return Part(nodes, first.title, about, prefixes=_beginning(first.path, first.given))
        path = common_path([neuron.given for neuron in neurons])
        label = path or f"layer {first.layer}"
        return Part(nodes, label, about, prefixes=(f"{label}, ", *_beginning(path.rpartition(".")[0])))

    def _piece(self, parts: Sequence[Part], around: Part, number: int) -> Part:
        """Some that follow each other among the parts of a part, as one."""
        nodes = sorted(i for part in parts for i in part.nodes)
        label = self._span([part for part in parts if self.nodes[part.nodes[-1]].operands], around)
        return Part(nodes, label or f"part {number}", self._operations(nodes), prefixes=around.prefixes)

    def _span(self, parts: Sequence[Part], around: Part = NOTHING) -> str:
        """From which to which name results go; only the last one if others have none."""
        names = [self._name(part.nodes[-1]) for part in parts]
        names = [around.within(part.label or name) if name else "" for part, name in zip(parts, names, strict=True)]
        ends = list(dict.fromkeys([names[0], names[-1]] if names and all(names) else names[-1:]))
        return " \N{HORIZONTAL ELLIPSIS} ".join(ends)

    def _operations(self, nodes: Sequence[int]) -> str:
        """The most frequent operations, all powers as one, and how often there are."""
        ops = [self.nodes[i].op for i in nodes]
        operations = Counter("**" if op.startswith("**") else op for op in ops if op)
        return ", ".join(f"{times} {text.symbol(op)}" for op, times in operations.most_common(3))

    def _name(self, i: int) -> str:
        """What a result is called in words."""
        neuron = self._neurons.get(i)
        return (self._grouping.nodes[i].name or neuron.label) if neuron else self.nodes[i].name


def _told_apart(parts: Sequence[Part]) -> list[Part]:
    """Parts with numbers behind labels that would be the same."""
    several = Counter(part.label for part in parts)
    numbers = {label: count(1) for label in several}
    return [
        replace(part, label=f"{part.label} ({next(numbers[part.label])})")
        if part.label and several[part.label] > 1
        else part
        for part in parts
    ]


def _beginning(*paths: str) -> tuple[str, ...]:
    """How the names of what lies in one of the paths begin."""
    return tuple(f"{path}." for path in dict.fromkeys(paths) if path)
