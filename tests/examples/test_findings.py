"""What the examples find is true, also with other numbers than on their pages."""

import re
import sys
from itertools import pairwise
from math import cos, radians, sin, sqrt
from pathlib import Path
from statistics import fmean

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from environments import run

EXAMPLES = Path(__file__).parents[2] / "examples"
NUMBER = r"[+-]?\d+(?:\.\d+)?(?:e[+-]\d+)?"


@pytest.fixture
def numbers(tmp_path):
    """Runs an example, and returns the numbers in each line that it prints, but for the last."""

    def of(name, *arguments):
        *lines, wrote = run(sys.executable, EXAMPLES / f"{name}.py", *arguments, cwd=tmp_path).splitlines()
        assert wrote == f"wrote out/{name}.svg"
        return [[float(number) for number in re.findall(rf"(?<!\w){NUMBER}", line)] for line in lines]

    return of


@pytest.mark.parametrize("seed", ["2", "3"])
def test_pendulum_is_as_long_and_as_damped_as_the_true_one(numbers, seed):
    *_, (_, off, length, damping) = numbers("pendulum", "--seed", seed)
    assert off == pytest.approx(6, rel=0.2)  # the readings' own
    assert length == pytest.approx(1.2, rel=0.03)
    assert damping == pytest.approx(0.3, abs=0.03)


def test_pendulum_swings_as_that_of_scipy(tmp_path):
    find = f"import sys; sys.path.append({str(EXAMPLES)!r})"
    show = "from pendulum import simulate; print(*simulate(1.2, 0.3, 2.1)[0])"
    *_, printed = run(sys.executable, "-c", f"{find}; {show}", cwd=tmp_path).splitlines()
    angles = [float(number) for number in printed.split()]

    def slope(_, state):
        return state[1], -9.81 / 1.2 * sin(state[0]) - 0.3 * state[1]

    times = 0.05 * np.arange(120)
    exact = solve_ivp(slope, (0, 6), [2.1, 0], t_eval=times, rtol=1e-10, atol=1e-10).y[0]
    assert angles == pytest.approx(exact, abs=1e-4)


@pytest.mark.parametrize("drag", ["0", "0.1"])
def test_slowest_throw_hits_and_is_the_textbooks_where_there_is_no_air(numbers, drag):
    *steps, textbook = numbers("projectile", "--drag", drag, "--steps", "7")
    _, angle, speed, off = steps[-1]
    assert off < 1e-12
    assert height(4.2, radians(angle), speed, float(drag)) == pytest.approx(0.95, abs=1e-3)
    if drag == "0":
        assert [angle, speed] == textbook[:2]
        assert textbook[2] < 1e-12
    else:
        assert speed > textbook[1]
        assert textbook[2] > 0.5


def height(distance, angle, speed, drag):
    """Where a ball is by SciPy when it has come so far, in m."""

    def slope(_, state):
        *_, u, v = state
        return u, v, -drag * np.hypot(u, v) * u, -drag * np.hypot(u, v) * v - 9.81

    def arrival(_, state):
        return state[0] - distance

    arrival.terminal = True
    start = [0, 0, speed * cos(angle), speed * sin(angle)]
    return solve_ivp(slope, (0, 5), start, events=arrival, rtol=1e-10, atol=1e-10).y_events[0][0][1]


def test_robot_arm_squares_its_error_in_each_step(numbers):
    first, *errors = [off for _, off in numbers("robot_arm")]
    assert first > 0.5
    assert errors.pop() < 1e-14  # no digits are left
    for before, after in pairwise(errors):
        assert after < 2 * before**2


def test_error_bars_of_the_spectrum_are_as_wide_as_its_errors(numbers):
    true = [(284.7, 60), (286.25, 20), (288.7, 20)]  # eV, %
    deviations = []
    for seed in "234":
        _, *bonds = numbers("spectrum", "--seed", seed)
        for (energy, energy_error, share, share_error), (true_energy, true_share) in zip(bonds, true, strict=True):
            deviations += [(energy - true_energy) / energy_error, (share - true_share) / share_error]
    assert len(deviations) == 18
    assert 0.5 < sqrt(fmean(deviation**2 for deviation in deviations)) < 1.5  # of standard deviations


def test_greeks_are_those_of_the_formulas(numbers):
    greeks = numbers("option")
    assert len(greeks) == 6
    assert all(off <= 1e-12 for *_, off in greeks)


def test_gru_echoes_sequences_it_never_heard(numbers):
    *_, last, echoed = numbers("gru", "--seed", "2", "--steps", "300")
    assert last[1] < 0.01
    assert echoed[-2] > 99.9
