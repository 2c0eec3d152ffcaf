"""The neurons in a graph, and what a person would call their parts: w1, x1, b, and the sum of what they make.

Only what has no name gets one here. Names are paths, as those of a Module are: `n1.2.w1` is the first weight of
neuron 2 in layer 1, and inside that neuron it is plainly w1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from micrograd.viz.graph import Node
from micrograd.viz.labels import common_owner
from micrograd.viz.summary.groups import Grouping
from micrograd.viz.summary.titles import inputs_of_neuron


@dataclass(slots=True)
class Neuron:
    """A neuron, as one sample passes it.

    Attributes:
        nodes: What is computed in it, operands before results.
        weights: The positions of its weights, in the order of their products.
        inputs: Those of its inputs, likewise.
        products: Those of the products.
        bias: That of what is added to the products; None if there is no such leaf.
        layer: The number of its layer, from 1.
        title: What to call it in words, such as "layer 1, neuron 2", in all samples.
        given: The path of what has its parameters, from their labels; empty if they have none.
        path: What the names of its parts begin with; empty if it is the only neuron.
        sample: The number of the sample, from 1; 0 if there is only one.
    """

    nodes: list[int]
    weights: list[int] = field(default_factory=list)
    inputs: list[int] = field(default_factory=list)
    products: list[int] = field(default_factory=list)
    bias: int | None = None
    layer: int = 1
    title: str = "neuron"
    given: str = ""
    path: str = ""
    sample: int = 0

    @property
    def label(self) -> str:
        """What to call it in words, with its sample."""
        return f"{self.title}, sample {self.sample}" if self.sample else self.title

    @property
    def called(self) -> str:
        """What its result is called."""
        return f"{self.path or 'n'}{self.index}" if self.path or self.sample else ""

    @property
    def index(self) -> str:
        """Its sample as in `x1[3]`."""
        return f"[{self.sample}]" if self.sample else ""

    @property
    def parameters(self) -> list[int]:
        """The weights, and then the bias, as a model has them."""
        return [*self.weights, *([] if self.bias is None else [self.bias])]


def find(grouping: Grouping, boxes: Sequence[Sequence[int]]) -> dict[int, Neuron]:
    """Find the neurons among the boxes of a folded graph.

    Args:
        grouping: The graph.
        boxes: As `fold` returns them.

    Returns:
        The neurons, by the positions of their results.
    """
    nodes = grouping.nodes
    box_of = {i: at for at, box in enumerate(boxes) for i in box}
    users: dict[int, set[int]] = {}
    for operand, i in grouping.edges:
        users.setdefault(operand, set()).add(box_of[i])
    layer_of: list[int] = []  # of the last neuron on the way to each box
    neurons: dict[int, Neuron] = {}
    for at, box in enumerate(boxes):
        before = {box_of[operand] for i in box for operand in nodes[i].operands} - {at}
        layer = max((layer_of[each] for each in before), default=0)
        if nodes[box[-1]].operands and inputs_of_neuron(grouping.groups[grouping.group_of[box[-1]]]):
            neuron = _neuron(box, nodes, users, layer + 1)
            if neuron.bias not in neuron.weights:  # as in a * b + a, which is no neuron
                neurons[box[-1]], layer = neuron, layer + 1
        layer_of.append(layer)
    _number(neurons, nodes)
    return neurons


def _neuron(box: Sequence[int], nodes: Sequence[Node], users: dict[int, set[int]], layer: int) -> Neuron:
    """The parts of a neuron. A weight is a leaf that goes where the bias goes; of two such the first operand."""
    neuron = Neuron([i for i in box if nodes[i].operands], layer=layer)
    sums = [i for i in neuron.nodes if nodes[i].op == "+"]
    beside = [i for each in sums for i in nodes[each].operands if not (nodes[i].operands or nodes[i].constant)]
    neuron.bias = beside[-1] if beside else None
    own = set() if neuron.bias is None else users[neuron.bias]
    for product in neuron.nodes:
        if nodes[product].op == "*" and len(nodes[product].operands) == 2:
            first, second = nodes[product].operands
            is_weight = [(not (nodes[i].operands or nodes[i].constant), users[i] == own) for i in (first, second)]
            weight, other = (second, first) if is_weight[1] > is_weight[0] else (first, second)
            neuron.weights.append(weight)
            neuron.inputs.append(other)
            neuron.products.append(product)
    return neuron


def _number(neurons: dict[int, Neuron], nodes: Sequence[Node]) -> None:
    """Fill in titles, paths and samples: neurons of a layer with the same parameters are one neuron.

    They are called by the path of their parameters, as far as labels give one, with the number of the layer and of the
    neuron if that path has several: a `Linear` has several neurons, and a neuron that is used again has several layers.
    """
    numbers: dict[int, dict[tuple[int, ...], int]] = {}
    samples: dict[tuple[int, int], list[Neuron]] = {}
    layers: dict[str, set[int]] = {}
    parameters: dict[str, set[tuple[int, ...]]] = {}
    for neuron in neurons.values():
        own = tuple(neuron.parameters)
        of_layer = numbers.setdefault(neuron.layer, {})
        samples.setdefault((neuron.layer, of_layer.setdefault(own, len(of_layer) + 1)), []).append(neuron)
        neuron.given = common_owner([nodes[i].name for i in own])
        layers.setdefault(neuron.given, set()).add(neuron.layer)
        parameters.setdefault(neuron.given, set()).add(own)
    for (layer, number), several in samples.items():
        for sample, neuron in enumerate(several, 1):
            given = neuron.given
            told = {"layer": layer} if len(layers[given]) > 1 else {}
            told |= {"neuron": number} if len(parameters[given]) > 1 else {}
            words = [f"{word} {place}" for word, place in told.items()]
            if given or told:
                neuron.title = ", ".join([given, *words] if given else words)
                paths = ["n" + ".".join(map(str, told.values()))] if told else []
                neuron.path = ".".join([given, *paths] if given else paths)
            if len(several) > 1:
                neuron.sample = sample


def named(nodes: Sequence[Node], neurons: dict[int, Neuron]) -> list[Node]:
    """Name the parts of neurons, and the root of a graph that has neurons; and put parameters in their order.

    Args:
        nodes: The graph.
        neurons: What `find` found in it.

    Returns:
        The graph again, with more names. A name that was given stays, and no two parts get the same.
    """
    names = {i: node.name for i, node in enumerate(nodes) if node.name}
    taken = set(names.values())

    def call(i: int, name: str) -> None:
        if name and name not in taken and i not in names:
            names[i] = name
            taken.add(name)

    if neurons:
        call(len(nodes) - 1, "out" if len(nodes) - 1 in neurons else "loss")
    for i, neuron in neurons.items():
        call(i, neuron.called)
        for part, name in _parts(neuron, nodes, names):
            call(part, name)
    unlabelled = max((node.rank for node in nodes), default=0)
    place = count(unlabelled)
    inputs = [i for neuron in neurons.values() for i in neuron.inputs if not nodes[i].operands]
    in_order = sorted(neurons.values(), key=lambda neuron: neuron.layer)
    leaves = [*inputs, *(i for neuron in in_order for i in neuron.parameters)]
    ranks = {i: next(place) for i in dict.fromkeys(leaves)}
    last = next(place)
    return [
        replace(node, name=names.get(i, ""), rank=node.rank if node.rank < unlabelled else ranks.get(i, last))
        for i, node in enumerate(nodes)
    ]


def _parts(neuron: Neuron, nodes: Sequence[Node], names: Mapping[int, str]) -> Iterator[tuple[int, str]]:
    """The parts of a neuron and what to call them: as the weights are called, `w1` or `w.0`, so are their inputs.

    A product is named after its weight, if that has in `names` what it was to be called.
    """
    prefix = f"{neuron.path}." if neuron.path else ""
    for number, (weight, given, product) in enumerate(
        zip(neuron.weights, neuron.inputs, neuron.products, strict=True), 1
    ):
        called = nodes[weight].name.removeprefix(f"{neuron.given}.") or f"w{number}"
        place = re.search(r"\.\d+$", called)
        x = f"x{place[0] if place else number}"
        yield weight, f"{prefix}{called}"
        if not nodes[given].operands:  # a number belongs to this neuron alone
            yield given, f"{prefix * nodes[given].constant}{x}{neuron.index}"
        own = nodes[weight].name  # one without a path is the reader's, who knows its operands by name
        if "." in own if own else names.get(weight) == f"{prefix}{called}":
            yield product, f"{prefix}{called}{x}{neuron.index}"
    if neuron.bias is not None:
        yield neuron.bias, f"{prefix}b"
    *sums, last = (i for i in neuron.nodes if nodes[i].op == "+")
    for number, i in enumerate(sums, 1):
        yield i, f"{prefix}sum{number}{neuron.index}"
    yield last, f"{prefix}sum{neuron.index}"
