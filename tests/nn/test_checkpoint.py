"""Checkpoint and resume: a training that is stopped and gone on with is one that was never stopped, to the bit."""

import copy
import itertools
import json
import math
import os
import random
import subprocess
import sys
import tempfile
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interrupts import InterruptAt
from micrograd.engine import Value
from micrograd.nn import (
    MLP,
    SGD,
    Adam,
    Checkpoint,
    CosineAnnealingLR,
    EarlyStopping,
    ExponentialLR,
    History,
    LinearLR,
    Neuron,
    OneCycleLR,
    ReduceLROnPlateau,
    SequentialLR,
    StepLR,
    fit,
    load,
    mse_loss,
    resume,
    save,
)

X = [[0.0, 1.0], [1.0, 0.5], [-1.0, 2.0], [0.5, -0.5], [2.0, 1.5]]
Y = [1, -1, 1, -1, 1]

PROGRAM = """
import json, random, sys
from micrograd.nn import *

path, seed, until, jit = json.loads(sys.argv[1])
random.seed(7 if seed is None else until)
generator = random.Random(1)
X = [[generator.gauss(0, 1), generator.gauss(0, 1)] for _ in range(17)]
Y = [1 if a * b > 0 else -1 for a, b in X]
model = MLP(2, [5, 1], dropout=0.3)
if seed is not None:
    for i, p in enumerate(model.parameters()):
        p.data = 0.1 * i - 1.0
optimizer = Adam(model.parameters(), lr=0.05)
plateau = ReduceLROnPlateau(optimizer, factor=0.5, patience=0)
schedule = [StepLR(optimizer, 3, gamma=0.5), plateau, ExponentialLR(optimizer, 0.9)]
history = resume(path, model, optimizer, schedule) if until == "resume" else None
history = fit(
    model, hinge_loss, optimizer, X, Y, 10 if until == "resume" else until, 4, seed=seed, schedule=schedule,
    progress=False, validation=0.25, metrics={"accuracy": accuracy}, callbacks=[Checkpoint(path, every=5)],
    history=history, jit=jit,
)
print(json.dumps([
    model.state_dict(), optimizer.state_dict(), [s.state_dict() for s in schedule], history, random.getstate()
]))
"""


def run(*arguments):
    """Run the program in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:] = {sys.path!r}\n{PROGRAM}", json.dumps(arguments)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("jit", [False, True])
@pytest.mark.parametrize("seed", [None, 3])
def test_another_process_goes_on_to_the_bit(tmp_path, seed, jit):
    path, other = str(tmp_path / "run.json"), str(tmp_path / "other.json")
    at_once = run(other, seed, 10, jit)
    half = run(path, seed, 5, jit)
    assert len(half[3]["loss"]) == 5
    *resumed, generator = run(path, seed, "resume", jit)
    *expected, whole = at_once
    assert resumed == expected
    assert set(resumed[3]) == {"loss", "lr", "accuracy", "val_loss", "val_accuracy"}
    if seed is None:  # else nothing was drawn from it, and it was another one on purpose
        assert generator == whole
        assert load(path) == load(other)


SCHEDULES = [
    lambda optimizer: None,
    lambda optimizer: StepLR(optimizer, 2, gamma=0.5),
    lambda optimizer: [StepLR(optimizer, 2, gamma=0.5), ExponentialLR(optimizer, 0.9)],
    lambda optimizer: ReduceLROnPlateau(optimizer, factor=0.5, patience=0, threshold=0.01),
    lambda optimizer: OneCycleLR(optimizer, max_lr=0.2, total_steps=8),
    lambda optimizer: SequentialLR(
        optimizer, [LinearLR(optimizer, total_iters=3), CosineAnnealingLR(optimizer, T_max=5)], milestones=[3]
    ),
]
OPTIMIZERS = [
    lambda model: SGD(model.parameters(), lr=0.05, momentum=0.9),
    lambda model: Adam(model.parameters(), lr=0.05),
    lambda model: Adam(
        [{"params": model.layers[0].parameters(), "lr": 0.01}, {"params": model.layers[1].parameters()}]
    ),
]


@settings(max_examples=40, deadline=None)
@given(
    stops=st.lists(st.integers(1, 7), max_size=3),
    seed=st.none() | st.integers(0, 3),
    batch_size=st.integers(1, 6),
    dropout=st.sampled_from([0.0, 0.4]),
    optimizer=st.sampled_from(OPTIMIZERS),
    schedule=st.sampled_from(SCHEDULES),
    patience=st.none() | st.integers(1, 3),
    restore=st.booleans(),
    last=st.booleans(),
    extras=st.sampled_from(
        [{}, {"validation": 0.4}, {"clip_grad_norm": 0.5}, {"sample_weight": [0.5, 2.0, 0.0, 1.0, 1.0]}]
    ),
)
def test_however_often_it_is_stopped(
    stops, seed, batch_size, dropout, optimizer, schedule, patience, restore, last, extras
):
    def run(ends):
        history = None
        for begins, ends_at in itertools.pairwise([0, *sorted(ends), 8]):
            random.seed(5)  # as a new process, which makes all anew
            model = MLP(2, [3, 1], dropout=dropout)
            parts = [model, optimizer(model)]
            schedules = schedule(parts[1])
            callbacks = [Checkpoint(path), *([EarlyStopping(patience, restore, min_delta=0.01)] if patience else [])]
            if last:
                callbacks.reverse()
            if begins:
                random.seed(6)
                assert resume(path, *parts, schedules, callbacks) == history
            history = fit(
                model, mse_loss, parts[1], X, Y, ends_at, batch_size, seed=seed, schedule=schedules, progress=False,
                callbacks=callbacks, history=history, **extras,
            )  # fmt: skip
        return *[part.state_dict() for part in parts], history, random.getstate() if seed is None else None

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "run.json")
        assert run(stops) == run([])


@pytest.mark.parametrize("jit", [False, True])
@pytest.mark.parametrize("stop", [1, 2, 3, 4])
def test_what_early_stopping_has_kept_is_in_the_file(tmp_path, stop, jit):
    """Stopped before and after the best epoch; and a program that has finished can be started again."""

    def program(path, epochs):
        random.seed(5)
        model = MLP(2, [3, 1])
        optimizer = SGD(model.parameters(), lr=0.05)
        stopping = EarlyStopping(2, monitor="script")
        callbacks = [Script([3, 1, 2, 2, 2, 2]), stopping, Checkpoint(path)]
        history = resume(path, model, optimizer, callbacks=callbacks) if path.exists() else History(script=[])
        history = fit(
            model, mse_loss, optimizer, X, Y, epochs, progress=False, callbacks=callbacks, history=history, jit=jit
        )
        return model.state_dict(), optimizer.state_dict(), history, stopping.best_epoch, stopping.state_dict()

    at_once = program(tmp_path / "at_once.json", 6)
    assert len(at_once[2].loss) == 4
    program(tmp_path / "run.json", stop)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert program(tmp_path / "run.json", 6) == at_once
        assert program(tmp_path / "run.json", 6) == at_once
    assert load(tmp_path / "run.json") == load(tmp_path / "at_once.json")


class Script:
    """Writes a column."""

    def __init__(self, numbers):
        self.numbers = numbers

    def on_epoch_end(self, state):
        state.history["script"][-1] = self.numbers[state.epoch - 1]


class Counter:
    """A callback of one's own with a state."""

    def __init__(self, count=0):
        self.count = count

    def on_epoch_end(self, state):
        self.count += 1

    def state_dict(self):
        return {"count": self.count}

    def load_state_dict(self, state):
        if set(state) != {"count"}:
            raise ValueError("Counter cannot load this state")
        self.count = state["count"]


def test_callbacks_of_ones_own_are_in_the_file(tmp_path):
    path = tmp_path / "run.json"
    written(path, more=[Watched(path), Counter(4)])
    parts, counter = made(), Counter()
    resume(path, *parts, callbacks=[Watched(path), counter, Checkpoint(path)])
    assert counter.count == 6  # it came after Checkpoint, which had not seen its last epoch
    before = everything(*parts)
    for callbacks, message in [
        ([], "was written with other callbacks: resume got 0 that have a state, to go on from 1"),
        ([Watched(path)], "resume got 0 that have a state, to go on from 1"),
        ([counter, Counter()], "resume got 2 that have a state, to go on from 1"),
        ([EarlyStopping(1)], "EarlyStopping cannot load this state"),
    ]:
        with pytest.raises(ValueError, match=message):
            resume(path, *parts, callbacks=callbacks)
        assert everything(*parts) == before
        assert counter.count == 6
    for callbacks in (3, [None], [Half()]):
        with pytest.raises(TypeError, match=r"resume: .*(callbacks must be|a callback is|no load_state_dict)"):
            resume(path, *parts, callbacks=callbacks)
    with pytest.raises(TypeError, match=r"Checkpoint: .*Half.* has a state_dict, but no load_state_dict"):
        train(1, path, more=[Half()])
    state, before = load(path), everything(*parts)
    for odd in ([{"count": 1}, {}], 3, [{}]):
        save({**state, "callbacks": odd}, path)
        with pytest.raises(ValueError, match=r"was written with other callbacks|Counter cannot load this state"):
            resume(path, *parts, callbacks=[counter])
        assert everything(*parts) == before
        assert counter.count == 6


class Half:
    """Its state can be asked for, and not be given back."""

    def on_fit_end(self, state):
        pass

    def state_dict(self):
        return {}


class Watched:
    """Notes which files there are after each epoch."""

    def __init__(self, path):
        self.path, self.seen = path, []

    def on_epoch_end(self, state):
        self.seen.append(len(load(self.path)["history"]["loss"]) if os.path.exists(self.path) else 0)


def train(epochs, path, *, every=1, model=None, optimizer=None, more=(), **options):
    model = model or MLP(2, [3, 1])
    optimizer = optimizer or SGD(model.parameters(), lr=0.1, momentum=0.5)
    callbacks = [Checkpoint(path, every), *more]
    return fit(model, mse_loss, optimizer, X, Y, epochs, 2, progress=False, callbacks=callbacks, **options)


@pytest.mark.parametrize(
    ("every", "expected"), [(1, [1, 2, 3, 4, 5]), (2, [0, 2, 2, 4, 4]), (5, [0, 0, 0, 0, 5]), (9, [0] * 5)]
)
def test_it_is_written_every_so_many_epochs(tmp_path, every, expected):
    path = tmp_path / "run.json"
    watched = Watched(path)
    train(5, path, every=every, more=[watched])
    assert watched.seen == expected


def test_epochs_of_an_earlier_history_count(tmp_path):
    path = tmp_path / "run.json"
    watched = Watched(path)
    train(5, path, every=3, history=History([1.0, 1.0], [0.1, 0.1]), more=[watched])
    assert watched.seen == [3, 3, 3]


def test_it_holds_the_state_in_which_the_next_epoch_begins(tmp_path):
    path = tmp_path / "run.json"
    model = MLP(2, [3, 1])
    optimizer = SGD(model.parameters(), lr=0.1)
    schedule = StepLR(optimizer, 1, gamma=0.5)
    train(2, path, model=model, optimizer=optimizer, schedule=schedule)
    state = load(path)
    assert state["model"] == model.state_dict()
    assert state["optimizer"] == json.loads(json.dumps(optimizer.state_dict()))
    assert state["schedules"] == [schedule.state_dict()]
    assert (optimizer.lr, schedule.last_epoch) == (0.025, 2)


def test_nan_and_infinity_survive(tmp_path):
    path = tmp_path / "run.json"
    model = MLP(2, [3, 1])
    optimizer = SGD(model.parameters(), lr=0.1)
    train(
        1, path, model=model, optimizer=optimizer, metrics={"odd": lambda p, t: math.inf, "none": lambda p, t: math.nan}
    )
    history = resume(path, model, optimizer)
    assert history["odd"] == [math.inf]
    assert math.isnan(history["none"][0])
    assert type(history) is History


def everything(model, optimizer, *schedules):
    return copy.deepcopy([part.state_dict() for part in (model, optimizer, *schedules)]), random.getstate()


def made():
    random.seed(5)
    model = MLP(2, [3, 1])
    optimizer = Adam(model.parameters(), lr=0.1)
    return model, optimizer, StepLR(optimizer, 2)


def written(path, **options):
    model, optimizer, schedule = made()
    random.seed(99)
    train(3, path, model=model, optimizer=optimizer, schedule=schedule, **options)
    return everything(model, optimizer, schedule)


def corrupt(*keys, value):
    def change(state):
        for key in keys[:-1]:
            state = state[key]
        state[keys[-1]] = value

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda state: state.pop("random"), "is no file of Checkpoint"),
        (corrupt("more", value=1), "is no file of Checkpoint"),
        (corrupt("model", value={"w": 1.0}), "MLP cannot load this state"),
        (corrupt("model", "layers.0.neurons.0.b", value="x"), "MLP cannot load this state"),
        (corrupt("optimizer", value={}), "Adam cannot load this state"),
        (corrupt("optimizer", "state", value=[[0.0]]), "Adam cannot load this state"),
        (corrupt("schedules", value=[]), "was written with other schedules"),
        (corrupt("schedules", value=3), "was written with other schedules"),
        (corrupt("schedules", value=[{}]), "StepLR cannot load this state"),
        (corrupt("random", value=3), "no state of Python's random"),
        (corrupt("random", value=[3, [1] * 625]), "no state of Python's random"),
        (corrupt("random", value=[3, [1] * 625, "x"]), "no state of Python's random"),
        (corrupt("random", value=[3, [1] * 624, None]), "no state of Python's random"),
        (corrupt("random", value=[3, [-1] * 625, None]), "no state of Python's random"),
        (corrupt("random", value=[3, [10**30] * 625, None]), "no state of Python's random"),
        (corrupt("random", value=[3, ["x"] * 625, None]), "no state of Python's random"),
        (corrupt("history", value=[]), "no history"),
        (corrupt("history", value={"loss": []}), "no history"),
        (corrupt("history", "loss", value=3), "no history"),
        (corrupt("history", "loss", value=[None]), "no history"),
        (corrupt("history", "val", value={"a": 1}), "no history"),
    ],
)  # fmt: skip
def test_a_file_that_does_not_fit_changes_nothing(tmp_path, change, message):
    path = tmp_path / "run.json"
    written(path)
    state = load(path)
    change(state)
    save(state, path)
    parts = made()
    before = everything(*parts)
    with pytest.raises(ValueError, match=message):
        resume(path, *parts)
    assert everything(*parts) == before


def test_other_objects_change_nothing(tmp_path):
    path = tmp_path / "run.json"
    written(path)
    model, optimizer, schedule = made()
    other = MLP(2, [2, 1])
    second = ExponentialLR(optimizer, 0.5)
    before = everything(model, optimizer, schedule, other, second)
    for arguments in [
        (other, optimizer, schedule),
        (model, SGD(model.parameters()), schedule),
        (model, Adam(other.parameters()), schedule),
        (model, optimizer),
        (model, optimizer, []),
        (model, optimizer, [schedule, second]),
    ]:
        with pytest.raises(ValueError, match=r"cannot load this state|was written with other schedules"):
            resume(path, *arguments)
        assert everything(model, optimizer, schedule, other, second) == before
    with pytest.raises(TypeError, match="resume: schedule must be a schedule"):
        resume(path, model, optimizer, 3)
    with pytest.raises(FileNotFoundError):
        resume(tmp_path / "none.json", model, optimizer, schedule)
    save(model.state_dict(), path)
    with pytest.raises(ValueError, match="is no file of Checkpoint: it holds layers"):
        resume(path, model, optimizer, schedule)
    assert everything(model, optimizer, schedule, other, second) == before


def test_ctrl_c_in_resume_changes_all_or_nothing(tmp_path):
    path = tmp_path / "run.json"
    after = written(path)
    interrupted = 0
    for at in itertools.count(1):
        parts = made()
        before = everything(*parts)
        try:
            with InterruptAt(at, "resume", "load_state_dict", "setstate", "_history", "_random_state"):
                resume(path, *parts)
        except KeyboardInterrupt:
            interrupted += 1
            assert everything(*parts) in (before, after)
        else:
            assert everything(*parts) == after
            break
    assert interrupted > 10


class Interrupted(Checkpoint):
    """Ctrl-C comes at a line of writing the file."""

    def __init__(self, path, at):
        super().__init__(path)
        self.at = at

    def on_epoch_end(self, state):
        with InterruptAt(self.at, "save", "write", "_replace", "_draft", modules=("micrograd.",)):
            super().on_epoch_end(state)


def test_ctrl_c_while_it_is_written_leaves_the_old_one(tmp_path):
    """At every line of writing: there is one file, that of the epoch before or of this one, and fit returns."""
    path = tmp_path / "run.json"
    found = []
    for at in itertools.count(1):
        model = MLP(2, [3, 1])
        optimizer = SGD(model.parameters(), lr=0.1)
        first = train(1, path, model=model, optimizer=optimizer)
        history = fit(
            model, mse_loss, optimizer, X, Y, 2, 2, progress=False, history=first, callbacks=[Interrupted(path, at)]
        )
        assert len(history.loss) == len(history.lr) == 2
        assert optimizer.t == 6
        assert load(path)["history"] in (first, dict(history))
        assert os.listdir(tmp_path) == ["run.json"]
        found.append(load(path)["history"] == first)
        if not history.interrupted:
            break
    assert found.index(False) > 10
    assert not found[-1]


class Other:
    """A schedule without a state."""

    def step(self):
        pass


def test_what_cannot_be_saved_is_refused_before_the_training(tmp_path):
    path, model, outside = tmp_path / "run.json", Neuron(2), Value(1.0)
    w = Value(1.0)
    cases = [
        (lambda x: w * x[0], SGD([w]), {}, TypeError, "Checkpoint saves the state of a Module, got"),
        (
            model,
            SGD([*model.parameters(), outside]),
            {},
            ValueError,
            "the optimizer trains 1 Values that are none of them",
        ),
        (
            model,
            SGD(model.parameters()),
            {"schedule": Other()},
            TypeError,
            r"the state_dict\(\) of schedules, .* has none",
        ),
    ]
    for function, optimizer, options, error, message in cases:
        with pytest.raises(error, match=message):
            train(1, path, model=function, optimizer=optimizer, **options)
        assert optimizer.t == 0
    with pytest.raises(FileNotFoundError, match=r"there is no folder .*nowhere.* to write to"):
        train(1, tmp_path / "nowhere" / "run.json")
    assert not path.exists()


@pytest.mark.parametrize("every", [0, -1, 1.5, None])
def test_a_wrong_every_is_refused(every):
    with pytest.raises(ValueError, match="Checkpoint: every must be an int of at least 1"):
        Checkpoint("run.json", every)


def test_a_path_may_be_bare(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    train(1, "run.json")
    assert os.listdir() == ["run.json"]


def test_a_path_may_be_of_bytes(tmp_path):
    path = os.fsencode(tmp_path / "run.json")
    model = MLP(2, [3, 1])
    optimizer = SGD(model.parameters(), lr=0.1, momentum=0.5)
    history = train(1, path, model=model, optimizer=optimizer)
    assert resume(path, model, optimizer) == history
    with pytest.raises(TypeError, match="not int"):
        Checkpoint(3)
