"""Layers of few samples, whose lanes are rows and columns: the same bits as where lanes are samples."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from micrograd.engine import Value
from micrograd.engine.jit import jit, lower, machine, narrow

RNG = np.random.default_rng(17)


def layers(height, width, biases, order, times):
    """A function of `width` numbers with a layer, used several times; and its parameters.

    Weights are numbers with few bits, and so are all sums: whoever adds them up, in any order, loses nothing.
    """
    table = [Value(float(number)) for number in RNG.integers(-8, 9, height * width)]
    starts = [Value(float(number)) for number in RNG.integers(-8, 9, height)]
    places = {
        "rows": range(height * width),
        "columns": [k * height + j for j in range(height) for k in range(width)],
        "shuffled": random.Random(5).sample(range(height * width), height * width),
    }[order]
    rows = [[table[i] for i in places[j * width : (j + 1) * width]] for j in range(height)]

    def loss(x):
        total = 0.0
        for t in range(times):
            scaled = [v * (t + 1.0) for v in x]
            for row, start in zip(rows, starts, strict=True):
                terms = [w * v for w, v in zip(row, scaled, strict=True)]
                out = sum(terms, start) if biases else sum(terms[1:], terms[0])
                total = total + out.relu() * 0.5
        return total

    return loss, [*table, *starts]


def eager(loss, leaves, samples):
    for leaf in leaves:
        leaf.grad = 0.0
    outputs = [loss([Value(number) for number in sample]) for sample in samples.tolist()]
    for output in outputs:
        output.backward()
    return [output.data for output in outputs], {leaf: leaf.grad for leaf in leaves}


SIZES = st.integers(1, 17) | st.sampled_from([24, 33])


@settings(max_examples=40, deadline=None)
@given(SIZES, SIZES, st.booleans(), st.sampled_from(["rows", "columns", "shuffled"]), st.integers(1, 3), st.data())
def test_layers_of_every_size_are_those_of_eager_code(height, width, biases, order, times, data):
    loss, leaves = layers(height, width, biases, order, times)
    batch, lanes = data.draw(st.integers(1, 5)), data.draw(st.sampled_from([None, 1, 2]))
    samples = RNG.integers(-8, 9, (batch, width)).astype(float)
    outputs, gradient = eager(loss, leaves, samples)
    compiled = jit(loss, width=lanes, reduction="sum")
    found, slopes = compiled.value_and_grad(samples)
    assert found.tolist() == outputs
    assert slopes.tolist() == [gradient[leaf] for leaf in compiled.leaves]
    assert compiled(samples).tolist() == outputs


@pytest.mark.parametrize("lanes", [2, 4, 8])
@pytest.mark.parametrize("order", ["rows", "columns", "shuffled"])
@pytest.mark.parametrize(("height", "width"), [(1, 64), (9, 11), (16, 16), (27, 16), (67, 35)])
def test_every_processor(monkeypatch, lanes, order, height, width):
    """Vectors of other processors: LLVM makes two of one that is too wide."""
    loss, leaves = layers(height, width, True, order, 2)
    samples = RNG.integers(-8, 9, (3, width)).astype(float)
    outputs, gradient = eager(loss, leaves, samples)
    for module in (lower, narrow, machine):
        monkeypatch.setattr(module, "vector_width", lambda: lanes)
    compiled = jit(loss, width=1, reduction="sum")
    found, slopes = compiled.value_and_grad(samples)
    assert found.tolist() == outputs
    assert slopes.tolist() == [gradient[leaf] for leaf in compiled.leaves]


@pytest.mark.parametrize("order", ["rows", "columns", "shuffled"])
def test_the_bits_of_many_samples(order):
    """Sums have the order that they have where lanes are samples."""
    loss, leaves = layers(19, 21, True, order, 2)
    for leaf in leaves:
        leaf.data = RNG.normal()
    samples = RNG.normal(size=(2, 21))
    many, few = jit(loss), jit(loss)
    many.value_and_grad(np.tile(samples, (40, 1)))
    for batch in (1, 2):
        wanted, found = many.value_and_grad(samples[:batch]), few.value_and_grad(samples[:batch])
        assert [part.tobytes() for part in found] == [part.tobytes() for part in wanted]


@pytest.mark.parametrize("batch", [1, 2])
def test_nan_and_infinity_stay_where_they_are(batch):
    """What is no row or column takes no part, whatever lies there."""
    loss, leaves = layers(11, 13, False, "rows", 2)
    leaves[5].data = float("inf")
    leaves[7].data = float("nan")
    samples = RNG.normal(size=(batch, 13))
    outputs, gradient = eager(loss, leaves, samples)
    compiled = jit(loss, reduction="sum")
    found, slopes = compiled.value_and_grad(samples)
    np.testing.assert_allclose(found, outputs, rtol=1e-12)
    np.testing.assert_allclose(slopes, [gradient[leaf] for leaf in compiled.leaves], rtol=1e-12)
