"""Our networks learn as well as those of scikit-learn."""

import runpy
from pathlib import Path

import pytest

BENCHMARK = runpy.run_path(str(Path(__file__).parents[2] / "benchmarks" / "accuracy.py"))


@pytest.mark.parametrize("name", BENCHMARK["PROBLEMS"])
def test_held_out_means_of_five_seeds_are_within_one_standard_error(name):
    ours, theirs, error = BENCHMARK["compare"](name)
    assert abs(ours - theirs) <= error
