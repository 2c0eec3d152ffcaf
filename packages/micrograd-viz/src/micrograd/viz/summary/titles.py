"""What to call the things in a box: "ReLU neuron of 16 inputs", "sum of 100", "leaf"."""

from __future__ import annotations

from collections.abc import Iterator

from micrograd.viz.summary.groups import Group, Kind
from micrograd.viz.text import counted

_SPELT_OUT = 4  # groups of a chain that are named one by one
_NOUNS = {"+": "sum", "*": "product"}
_VERBS = {"+": "add", "*": "multiply"}


def operation_title(group: Group) -> str:
    """What one unit of a group computes, with all that has been joined to it.

    Args:
        group: The last one of its chain.

    Returns:
        A few words.
    """
    chain = [*group.earlier, group]
    if inputs := inputs_of_neuron(group):
        return f"{'linear' if group is chain[0] else group.kind.op} neuron of {counted(inputs, 'input')}"
    if len(chain) <= _SPELT_OUT:
        return ", ".join(dict.fromkeys(word for part in chain for word in _words(part)))
    size = sum(part.size for link in chain for part in (link, *link.terms))
    return f"chain of {counted(size // group.count, 'operation')}"


def inputs_of_neuron(group: Group) -> int:
    """How many inputs each unit of a group has if they are neurons, and 0 if they are not.

    A neuron is a sum of products and a leaf beside them, its bias, maybe begun at 0; and at most one function of that.
    A product has a leaf for its weight. One product of a leaf and a number is no neuron until there are several of it.
    """
    chain = [*group.earlier, group]
    first = chain[0]
    noun, inputs = _terms(first)
    is_sum = noun == "product" and first.size in (inputs * first.count, (inputs + 1) * first.count)
    has_weights = all(term.takes_leaves for term in first.terms)
    is_scaled = inputs == first.count == 1 and first.terms[0].takes_constants
    is_function_of_it = group is first or (len(chain) == 2 and len(group.operands) == 1)
    return inputs if is_sum and first.adds_leaves and has_weights and not is_scaled and is_function_of_it else 0


def leaf_title(kind: Kind) -> str:
    """What a leaf is: the last word of its name, or else "leaf" or "constant".

    Args:
        kind: What it is like.

    Returns:
        One word, such as "w" for `layers.0.neurons.3.w.1`.
    """
    words = [word for word in kind.pattern.split(".") if word.strip("*")]
    return words[-1] if words else "constant" if kind.constant else "leaf"


def _words(group: Group) -> Iterator[str]:
    """The operations of one unit and its terms."""
    noun, count = _terms(group)
    if count > 1:
        yield f"sum of {counted(count, noun)}"
        return
    for term in group.terms:
        yield from _words(term)
    steps = group.size // group.count
    if steps == 1:
        yield _VERBS.get(group.kind.op, group.kind.op)
    elif len(group.operands) == 1:
        yield f"{steps} times {group.kind.op}"
    else:
        yield f"{_NOUNS.get(group.kind.op, group.kind.op)} of {steps + 1}"


def _terms(group: Group) -> tuple[str, int]:
    """What the units add up, "product" or "square", and how many each; 0 if it is neither, or not the same."""
    squares = {term.operands[0] == term.operands[-1] for term in group.terms}
    if group.kind.op != "+" or len(squares) != 1 or any(term.kind.op != "*" for term in group.terms):
        return "", 0
    return "square" if True in squares else "product", sum(term.count for term in group.terms) // group.count
