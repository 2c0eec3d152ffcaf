"""Array programs compute what the traced function does, results and gradients."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import array_programs
import traced_functions
from micrograd.engine.jit import jit
from micrograd.engine.jit.arguments import read_arguments
from micrograd.engine.jit.arrays import Traced
from micrograd.engine.jit.arrays.places import axes, places
from micrograd.engine.jit.arrays.statements import Listed, Strided


def check(f, arrays):
    """Compare with machine code, sample by sample."""
    traced = Traced(f, arrays)
    compiled = jit(f, reduction="sum")
    losses, gradient = compiled.value_and_grad(*arrays)
    expected = dict(zip(compiled.leaves, gradient, strict=True))
    numbers = [leaf.data for leaf in traced.leaves]
    _, read, batch = read_arguments(arrays)
    total = np.zeros(len(numbers))
    for s in range(batch):
        inputs = [array[s] for array in read]
        (found,), gradients = array_programs.run(traced.gradients(), inputs, numbers)
        (again,), _ = array_programs.run(traced.forward(), inputs, numbers)
        np.testing.assert_allclose(found, losses[s], rtol=1e-13)
        np.testing.assert_array_equal(found, again)
        (*of_inputs,), pulled = array_programs.run(
            traced.level().derivative([True]).program(), [*inputs, np.ones(1)], numbers
        )
        np.testing.assert_allclose(pulled, gradients, rtol=1e-12, atol=1e-15)
        assert [part.size for part in of_inputs] == [np.size(array) for array in inputs]
        total += gradients
    np.testing.assert_allclose(total, [expected.get(leaf, 0.0) for leaf in traced.leaves], rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("name", traced_functions.MAKERS)
def test_results_and_gradients(name):
    check(*traced_functions.make(name))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_programs_of_any_kind(seed):
    check(*traced_functions.of_any_kind(seed))


@given(st.integers(-5, 50), st.lists(st.tuples(st.integers(2, 4), st.integers(-9, 9)), max_size=3))
def test_strides_are_found_again(start, dimensions):
    shape, strides = tuple(n for n, _ in dimensions), [step for _, step in dimensions]
    reading = Strided(start, tuple(strides)).spread(shape)
    found = places(reading, shape)
    assert found == Strided(start, tuple(strides))
    own = axes([reading])
    read = places(reading, own)
    if isinstance(read, Strided):
        assert read.spread(own) == reading


def test_what_lies_unevenly_is_listed():
    assert places([0, 1, 5], (3,)) == Listed((0, 1, 5))


def test_a_layer_is_one_statement_and_its_relus_are_another():
    program = Traced(*traced_functions.make("hinge"), lines=True).forward()
    assert [type(statement).__name__ for statement in program.statements[:5]] == ["Sum", "Map", "Sum", "Map", "Sum"]
    assert len(program.statements) == 8
    assert {program.arrays[statement.out].line.partition(":")[0] for statement in program.statements} == {
        "traced_functions.py"
    }


def test_other_constants_are_another_statement_and_a_table_of_constants_is_one():
    halves = Traced(lambda x: [0.5 * v * (0.7 * v).erf() for v in x], ([[0.0] * 8],)).forward()
    assert [statement.op for statement in halves.statements] == ["*", "*", "erf", "*"]
    scaled = Traced(lambda x: [(i + 0.5) * v for i, v in enumerate(x)], ([[0.0] * 8],)).forward()
    (statement,) = scaled.statements
    assert list(scaled.arrays[statement.operands[0].array].numbers) == [i + 0.5 for i in range(8)]
