"""A graph of some size in parts, and the parts of these: layers, neurons, pieces of a chain, and in the end its Values.

A picture of a part shows its own parts as boxes, as many as fit. There are several ways to part it, from the finest to
the coarsest, and the last one always makes few boxes of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from micrograd.viz import text
from micrograd.viz.graph import Node
from micrograd.viz.labels import common_path
from micrograd.viz.summary.folding import fold, fold_by_results
from micrograd.viz.summary.groups import NONE, Grouping
from micrograd.viz.summary.neurons import find, named
from micrograd.viz.summary.titles import operation_title

_PIECES = 8  # boxes that stand in a line and can be read
_FEW = 4  # leaves that have a box each


@dataclass(frozen=True, slots=True)
class Part:
    """Values that are drawn as one box, or are a picture of their own.

    Attributes:
        nodes: Their positions in the graph, operands before results.
        label: What it is called, such as "layer 1, neuron 2"; empty for a single Value, which has its own name.
        about: What is computed in it, such as "ReLU neuron of 2 inputs".
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
        self._owner = {i: neuron for neuron in self._neurons.values() for i in neuron.parameters}
        self._folds = [part for box in boxes for part in self._of_fold(box)]
        self.whole = Part(range(len(nodes)), prefixes=self._folds[0].prefixes if len(self._folds) == 1 else ())
        self._layers = self._join(self._folds)
        operations = [kind.op for kind in grouping.kinds]
        self._units = [part for box in fold(grouping, operations) for part in self._of_result(box)]
        self._results = [part for box in fold_by_results(grouping) for part in self._of_result(box)]

    def finer(self, part: Part) -> Iterator[list[Part]]:
        """The parts of a part, operands before results, first the finest; each time there are at least two."""
        values = [Part([i]) for i in part.nodes]
        folds, layers, units, results = (
            self._within(part, parts) for parts in (self._folds, self._layers, self._units, self._results)
        )
        units = [replace(each, prefixes=part.prefixes) for each in units]
        ways = [values, folds, layers, results] if len(folds) > 1 else [values, units]
        yield from (way for way in ways if len(way) > 1 or way is values)
        finest = next((way for way in (folds, units) if len(way) > 1), values)
        pieces = min(_PIECES, -(-len(finest) // _PIECES))
        if pieces > 1:
            cuts = [len(finest) * i // pieces for i in range(pieces + 1)]
            yield [self._piece(finest[start:end], part) for start, end in pairwise(cuts)]

    @staticmethod
    def _within(part: Part, parts: Sequence[Part]) -> list[Part]:
        """Those of the parts that lie in another one, if they make up all of it."""
        inside = set(part.nodes)
        found = [each for each in parts if inside.issuperset(each.nodes)]
        return found if sum(len(each.nodes) for each in found) == len(inside) else []

    def _of_fold(self, box: list[int]) -> list[Part]:
        """The part that a box of a folded graph is; of a few leaves that are no parameters, each is one."""
        result = self.nodes[box[-1]]
        if len(box) == 1:
            return [Part(box)]
        path = common_path([self.nodes[i].name for i in box if not self.nodes[i].operands and self.nodes[i].name])
        if neuron := self._neurons.get(box[-1]):
            return [Part(box, neuron.label, self._title(box), result.op, _beginning(neuron.own_path, neuron.path))]
        if result.operands:
            title = self._title(box)
            return [Part(box, result.name or title, title if result.name else "", prefixes=_beginning(path))]
        owners = {self._owner[i].path: self._owner[i] for i in box if i in self._owner}
        if len(owners) == 1:
            (neuron,) = owners.values()
            return [Part(box, neuron.title, text.counted(len(box), "parameter"), prefixes=_beginning(neuron.path))]
        if len(box) <= _FEW:
            return [Part([i]) for i in box]
        return [Part(box, text.counted(len(box), "leaf", "leaves"), path, prefixes=_beginning(path))]

    def _title(self, box: Sequence[int]) -> str:
        return operation_title(self._grouping.groups[self._grouping.group_of[box[-1]]])

    def _join(self, folds: Sequence[Part]) -> list[Part]:
        """Layers: what is computed alike, with the parameters that it is the first to use. Other leaves stay apart."""
        group_of = self._grouping.group_of
        first_use: dict[int, int] = {}
        for operand, i in self._grouping.edges:
            if operand in self._owner:
                first_use[operand] = min(group_of[i], first_use.get(operand, group_of[i]))
        joined: dict[int, list[Part]] = {}
        apart: list[Part] = []
        for part in folds:
            result = part.nodes[-1]
            group = group_of[result] if self.nodes[result].operands else min(first_use.get(i, NONE) for i in part.nodes)
            if group == NONE:
                apart.append(part)
            else:
                joined.setdefault(group, []).append(part)
        if len(apart) > _PIECES:
            leaves = sorted(i for part in apart for i in part.nodes)
            apart = [Part(leaves, text.counted(len(leaves), "input"))]
        return [*apart, *(self._layer(joined[group]) for group in sorted(joined))]

    def _layer(self, parts: Sequence[Part]) -> Part:
        """Parts of the same structure, as one. It is called after its layer if it is all of that."""
        if len(parts) == 1:
            return parts[0]
        nodes = sorted(i for part in parts for i in part.nodes)
        results = [part.nodes[-1] for part in parts if self.nodes[part.nodes[-1]].operands]
        about = self._title([results[0]])
        if len(results) > 1:
            about = f"{len(results)} \N{MULTIPLICATION SIGN} {about}"
        neurons = [self._neurons[i] for i in results if i in self._neurons]
        if not neurons or len(neurons) < sum(each.layer == neurons[0].layer for each in self._neurons.values()):
            return Part(nodes, about)
        path = common_path([neuron.given for neuron in neurons])
        label = path or f"layer {neurons[0].layer}"
        return Part(nodes, label, about, prefixes=(f"{label}, ", *_beginning(path.rpartition(".")[0])))

    def _of_result(self, box: list[int]) -> list[Part]:
        """The parts that a box is which is called after its result."""
        result = self.nodes[box[-1]]
        if len(box) == 1 or not result.operands:
            return self._of_fold(box)
        is_single = sum(bool(self.nodes[i].operands) for i in box) == 1
        label = result.name or text.counted(len(box), "value")
        return [Part(box, label, self._operations(box), result.op if is_single else "")]

    def _piece(self, parts: Sequence[Part], around: Part) -> Part:
        """Some that follow each other among the parts of a part, as one."""
        nodes = sorted(i for part in parts for i in part.nodes)
        first, last = (around.within(self._name(part)) for part in (parts[0], parts[-1]))
        label = f"{first} \N{HORIZONTAL ELLIPSIS} {last}" if first and last else text.counted(len(nodes), "value")
        return Part(nodes, label, self._operations(nodes), prefixes=around.prefixes)

    def _operations(self, nodes: Sequence[int]) -> str:
        """The most frequent operations, and how often there are."""
        operations = Counter(self.nodes[i].op for i in nodes if self.nodes[i].op)
        return ", ".join(f"{times} {text.symbol(op)}" for op, times in operations.most_common(3))

    def _name(self, part: Part) -> str:
        neuron = self._neurons.get(part.nodes[-1])
        return neuron.label if neuron and neuron.label == part.label else self.nodes[part.nodes[-1]].name


def _beginning(*paths: str) -> tuple[str, ...]:
    """How the names of what lies in one of the paths begin."""
    return tuple(f"{path}." for path in paths if path)
