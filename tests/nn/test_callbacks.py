"""What fit calls: in which order, with what, and what becomes of a training when a callback does as it likes."""

import math
import random
import warnings

import numpy as np
import pytest

from interrupts import InterruptAt
from micrograd.engine import Value
from micrograd.nn import (
    MLP,
    SGD,
    Adam,
    Checkpoint,
    EarlyStopping,
    ExponentialLR,
    FitState,
    History,
    Module,
    OneCycleLR,
    SequentialLR,
    StepLR,
    evaluate,
    fit,
    mse_loss,
    resume,
)

X = [[0.0, 1.0], [1.0, 0.5], [-1.0, 2.0], [0.5, -0.5], [2.0, 1.5]]
Y = [1, -1, 1, -1, 1]
NAN, INF = math.nan, math.inf
JIT = pytest.mark.parametrize("jit", [False, True])


class Line(Module):
    def __init__(self, slope=0.0):
        self.slope = Value(slope)

    def __call__(self, x):
        return self.slope * x[0]


def train(epochs=3, model=None, optimizer=None, x=(1.0, 2.0), y=(2.0, 4.0), **options):
    model = model or Line()
    optimizer = optimizer or SGD(model.parameters(), lr=0.1)
    return fit(model, mse_loss, optimizer, list(x), list(y), epochs, progress=False, **options)


class On:
    """Calls functions when fit does: `On(epoch_end=f)` has a method `on_epoch_end` alone."""

    def __init__(self, **functions):
        for name, function in functions.items():
            setattr(self, f"on_{name}", function)


class Spy:
    def __init__(self):
        self.seen = []

    def on_fit_begin(self, state):
        self.seen.append(
            ("begin", state.epoch, state.epochs, {name: list(column) for name, column in state.history.items()})
        )

    def on_epoch_end(self, state):
        self.seen.append(("epoch", state.epoch, state.optimizer.t, state.schedule.last_epoch, len(state.history.loss)))
        assert {len(column) for column in state.history.values()} == {state.epoch}

    def on_fit_end(self, state):
        self.seen.append(("end", state.epoch, state.optimizer.lr))


@JIT
def test_what_is_called_when(jit):
    model, spy = Line(), Spy()
    optimizer = SGD(model.parameters(), lr=0.1)
    schedule = StepLR(optimizer, 1, gamma=0.5)
    train(3, model, optimizer, schedule=schedule, batch_size=1, callbacks=[spy], validation=([1.0], [2.0]), jit=jit)
    assert spy.seen == [
        ("begin", 0, 3, {"loss": [], "lr": [], "val_loss": []}),
        ("epoch", 1, 2, 1, 1),
        ("epoch", 2, 4, 2, 2),
        ("epoch", 3, 6, 3, 3),
        ("end", 3, 0.0125),
    ]


@JIT
def test_each_of_the_methods_will_do(jit):
    calls = []
    train(2, callbacks=[On(fit_begin=calls.append), On(fit_end=calls.append), On(epoch_end=calls.append)], jit=jit)
    assert len(calls) == 4
    assert {type(state) for state in calls} == {FitState}
    assert len({id(state) for state in calls}) == 1


@pytest.mark.parametrize(
    ("callbacks", "message"),
    [
        (
            [lambda state: None],
            "fit: a callback is an object with a method on_fit_begin, on_epoch_end, on_fit_end, got",
        ),
        ([None], "a callback is .* got None"),
        ([EarlyStopping], "a callback is .* got <class"),
        ([On(epoch_end=3)], "a callback is"),
        ([On(epoch_ends=print)], "a callback is"),
        (EarlyStopping(1), "fit: callbacks must be a list of them, got"),
    ],
)
def test_what_is_no_callback_is_refused(callbacks, message):
    model = Line()
    with pytest.raises(TypeError, match=message):
        train(1, model, callbacks=callbacks)
    assert model.slope.data == 0.0


@JIT
@pytest.mark.parametrize("at", [0, 1, 3])
def test_a_callback_stops_the_training(at, jit):
    def stop(state):
        state.stop = state.epoch == at

    model = Line()
    history = train(10, model, callbacks=[On(fit_begin=stop, epoch_end=stop)], jit=jit)
    same = Line()
    assert history == train(at, same)
    assert model.slope.data == pytest.approx(same.slope.data, rel=1e-12)


@JIT
def test_a_callback_may_change_parameters_and_rates(jit):
    def change(state):
        state.model.slope.data += 1.0
        state.optimizer.lr *= 0.5

    model = Line()
    history = train(3, model, callbacks=[On(epoch_end=change)], jit=jit)
    slope, rate = 0.0, 0.1
    for _ in range(3):
        slope += rate * 2 * 2.5 * (2 - slope) + 1.0
        rate *= 0.5
    assert model.slope.data == pytest.approx(slope, rel=1e-12)
    assert history.lr == [0.1, 0.05, 0.025]


@JIT
def test_a_callback_may_have_a_column_of_its_own(jit):
    def write(state):
        state.history.setdefault("slope", [NAN] * state.epoch)[-1] = state.model.slope.data

    model = Line()
    first = train(2, model, callbacks=[On(epoch_end=write)], jit=jit)
    both = train(4, model, callbacks=[On(epoch_end=write)], history=first, jit=jit)
    assert both["slope"][:2] == first["slope"]
    assert both["slope"][-1] == model.slope.data
    assert len(both["slope"]) == 4


def test_a_column_that_grows_apart_is_refused():
    def append(state):
        state.history.setdefault("slope", []).append(0.0)

    with pytest.raises(
        ValueError, match=r"after 2 epochs a column must have as many numbers, callbacks left 3 in slope"
    ):
        train(3, callbacks=[On(epoch_end=append)])


@pytest.mark.parametrize(
    ("written", "expected"),
    [(True, 1.0), (np.bool_(False), 0.0), (np.float32(0.5), 0.5), (np.int64(3), 3.0), (np.array(0.25), 0.25), (2, 2)],
)
def test_numbers_of_all_kinds_may_be_in_a_column(written, expected, tmp_path):
    """And Checkpoint writes them."""

    def write(state):
        state.history.setdefault("own", [NAN] * state.epoch)[-1] = written

    model = MLP(1, [1])
    optimizer = SGD(model.parameters(), lr=0.1)
    history = train(2, model, optimizer, callbacks=[On(epoch_end=write), Checkpoint(tmp_path / "run.json")])
    assert history["own"][-1] == expected
    assert type(history["own"][-1]) in (float, int)
    assert str(resume(tmp_path / "run.json", model, optimizer)) == str(history)  # with nan


@pytest.mark.parametrize(
    ("column", "shown"),
    [
        (["yes"], r"'own': \['yes'\]"),
        ([None], r"'own': \[None\]"),
        ([[0.5]], "'own'"),
        (0.5, "'own': 0.5"),
        ([10**400], "'own'"),
    ],
)
@pytest.mark.parametrize("place", [0, 1])
def test_a_column_that_is_none_of_numbers_is_refused_by_name(column, shown, place, tmp_path):
    """Before it gets into a file that nobody can read."""

    def write(state):
        state.history["own"] = column

    model, path = MLP(1, [1]), tmp_path / "run.json"
    optimizer = SGD(model.parameters(), lr=0.1)
    callbacks = [Checkpoint(path)]
    callbacks.insert(place, On(epoch_end=write))
    with pytest.raises(TypeError, match=f"column of the history is a list of numbers .* a callback left {shown}"):
        train(2, model, optimizer, callbacks=callbacks)
    assert path.exists() == (place == 1)
    if place:
        assert set(resume(path, model, optimizer)) == {"loss", "lr"}


@JIT
def test_a_callback_that_sets_evaluation_mode_does_not_change_the_training(jit):
    def run(callbacks):
        random.seed(3)
        model = MLP(2, [4, 1], dropout=0.5)
        optimizer = SGD(model.parameters(), lr=0.1)
        fit(model, mse_loss, optimizer, X, Y, 4, 2, seed=1, progress=False, callbacks=callbacks, jit=jit)
        assert model.training
        return model.state_dict()

    assert run([On(epoch_end=lambda state: state.model.eval())]) == run([On(epoch_end=lambda state: None)])


@JIT
def test_a_callback_may_call_fit(jit):
    """Even with the same optimiser: then the steps are those of both."""
    model = Line()
    optimizer = SGD(model.parameters(), lr=0.01)

    def again(state):
        train(2, model, optimizer, jit=jit)

    history = train(3, model, optimizer, batch_size=1, shuffle=False, callbacks=[On(epoch_end=again)], jit=jit)
    same = Line()
    optimizer2 = SGD(same.parameters(), lr=0.01)
    losses = []
    for _ in range(3):
        losses += train(1, same, optimizer2, batch_size=1, shuffle=False).loss
        train(2, same, optimizer2)
    assert history.loss == pytest.approx(losses, rel=1e-12)
    assert optimizer.t == 12
    assert model.slope.data == pytest.approx(same.slope.data, rel=1e-12)


def test_steps_that_a_callback_took_are_no_epochs():
    """Ctrl-C right after them, and in the last step of the next epoch, which has been entered and is not taken."""
    model = Line()
    optimizer = SGD(model.parameters(), lr=0.01)

    def again(state):
        train(4, model, optimizer)
        if interrupted:
            raise KeyboardInterrupt

    for interrupted in (True, False):
        history = train(2, model, optimizer, batch_size=1, callbacks=[On(epoch_end=again)])
        assert len(history.loss) == len(history.lr) == (1 if interrupted else 2)

    class Interrupted(SGD):
        def step(self):
            if self.t == 7:
                raise KeyboardInterrupt
            super().step()

    optimizer = Interrupted(model.parameters(), lr=0.01)
    history = train(2, model, optimizer, batch_size=1, callbacks=[On(epoch_end=again)])
    assert (len(history.loss), optimizer.t) == (1, 7)


@JIT
@pytest.mark.parametrize("where", ["fit_begin", "epoch_end", "fit_end"])
def test_an_error_in_a_callback_is_raised_and_all_that_began_ends(where, jit):
    def fail(state):
        raise ZeroDivisionError

    ended = []
    first, last = On(fit_end=lambda state: ended.append("first")), On(fit_end=lambda state: ended.append("last"))
    model = Line().eval()
    with pytest.raises(ZeroDivisionError):
        train(3, model, callbacks=[first, On(**{where: fail}), last], jit=jit)
    assert ended == ["first"] if where == "fit_begin" else ["first", "last"]
    assert model.training is False


@pytest.mark.parametrize(
    ("where", "jit"),  # compiled, the validation loss is no function of Python
    [("metric", False), ("metric", True), ("validation", False), ("callback", False), ("callback", True)],
)
@pytest.mark.parametrize("at", [1, 2])
def test_ctrl_c_after_an_epoch_leaves_a_finished_epoch(where, at, jit):
    """The steps are taken, the schedule has stepped, and all columns have a number, or nan, for it."""
    calls = 0
    tries = {"validation": 1, "metric": 2, "callback": 0}[where]  # before the first epoch

    def interrupt(*_):
        nonlocal calls
        calls += 1
        if calls == at + tries:
            raise KeyboardInterrupt
        return 0.5

    def loss(predictions, targets):
        if len(predictions) == 3 and where == "validation":
            interrupt()
        return mse_loss(predictions, targets)

    model = Line()
    optimizer = SGD(model.parameters(), lr=0.1)
    schedule = ExponentialLR(optimizer, 0.5)
    history = fit(
        model, loss, optimizer, [1.0, 2.0], [2.0, 4.0], 5, progress=False, schedule=schedule, jit=jit,
        validation=([1.0] * 3, [2.0] * 3),
        metrics={"m": interrupt} if where == "metric" else None,
        callbacks=[On(epoch_end=interrupt)] if where == "callback" else [],
    )  # fmt: skip
    epochs = 1 if where == "metric" and at == 2 else at  # once for the training samples, once for those of validation
    assert history.interrupted
    assert {name: len(column) for name, column in history.items()} == dict.fromkeys(history, epochs)
    assert (optimizer.t, schedule.last_epoch, optimizer.lr) == (epochs, epochs, 0.1 * 0.5**epochs)
    assert math.isnan(history["val_loss"][-1]) == (where != "callback")
    assert all(map(math.isfinite, history.loss))


@JIT
def test_ctrl_c_anywhere_leaves_columns_of_one_length_for_the_epochs_whose_steps_are_taken(jit):
    """At every line of what goes on around the steps: what is returned tells one story, and callbacks have ended."""

    def run(at):
        model, ended = Line(), []
        optimizer = SGD(model.parameters(), lr=0.1)
        schedules = [ExponentialLR(optimizer, 0.5), StepLR(optimizer, 1, gamma=0.5)]
        history = None
        try:
            with InterruptAt(at, modules=("micrograd.nn.training.",)):
                history = train(
                    3, model, optimizer, batch_size=1, schedule=schedules, seed=1, jit=jit,
                    validation=([1.0], [2.0]), metrics={"one": lambda p, t: 1.0},
                    callbacks=[On(fit_begin=ended.append, fit_end=lambda state: ended.pop())],
                )  # fmt: skip
        except KeyboardInterrupt:  # before or after the training itself
            return None
        epochs = optimizer.t // 2
        assert {name: len(column) for name, column in history.items()} == dict.fromkeys(history, epochs)
        assert all(map(math.isfinite, [*history.loss, *history.lr]))
        assert math.isfinite(sum(history["one"][:-1] + history["val_loss"][:-1]))
        for schedule in schedules:
            assert schedule.last_epoch == epochs
        assert ended == [] or optimizer.t == 0  # it came before `fit` had noted that the callback has begun
        assert model.training
        return history.interrupted

    found = []
    for at in range(1, 10**4, 11 if jit else 1):  # each time it compiles
        found.append(run(at))
        if found[-1] is False:
            break
    assert found.count(True) > (10 if jit else 100)


def test_a_training_that_diverges_keeps_what_was_validated():
    model, ended = Line(), []
    with pytest.warns(RuntimeWarning, match="fit stopped before step"):
        history = train(
            5000, model, SGD(model.parameters(), lr=10.0), validation=([3.0], [1.0]),
            callbacks=[On(fit_end=lambda state: ended.append(state.history.diverged))],
        )  # fmt: skip
    assert history.diverged
    assert ended == [True]
    assert len({len(column) for column in history.values()}) == 1
    assert len(history.loss) > 10


def test_no_epochs_begin_and_end():
    calls = []
    hooks = {name: lambda state, name=name: calls.append(name) for name in ("fit_begin", "epoch_end", "fit_end")}
    history = train(0, callbacks=[On(**hooks)], validation=([1.0], [1.0]), metrics={"m": lambda p, t: 1.0})
    assert calls == ["fit_begin", "fit_end"]
    assert history == {"loss": [], "lr": [], "m": [], "val_loss": [], "val_m": []}


# ---------------------------------------------------------------------------------------------- EarlyStopping


class Scripted:
    """Writes numbers into a column, as if they had been measured, and moves the parameter along with the epochs."""

    def __init__(self, numbers, column="loss"):
        self.numbers, self.column = numbers, column

    def on_epoch_end(self, state):
        state.history[self.column][-1] = self.numbers[state.epoch - 1]
        state.model.slope.data = float(state.epoch)


def stopped(numbers, patience, *, history=None, epochs=None, callback=None, model=None, more=(), **options):
    model = model or Line()
    callback = callback or EarlyStopping(patience, **options)
    optimizer = SGD(model.parameters(), lr=0.0)
    found = fit(
        model, mse_loss, optimizer, [1.0], [1.0], epochs or len(numbers), progress=False,
        callbacks=[Scripted(numbers), callback, *more], history=history,
    )  # fmt: skip
    return len(found.loss), model.slope.data, callback.best_epoch, found


@pytest.mark.parametrize(
    ("numbers", "options", "expected"),
    [
        ([3, 2, 1, 2, 2, 2], {"patience": 2}, (5, 3.0, 3)),
        ([3, 2, 1, 2, 2, 2], {"patience": 2, "restore_best": False}, (5, 5.0, 3)),
        ([3, 2, 1, 2, 0, 2], {"patience": 2}, (6, 5.0, 5)),
        ([3, 2, 1], {"patience": 1}, (3, 3.0, 3)),
        ([3, 3, 3], {"patience": 1}, (2, 1.0, 1)),
        ([3, 3, 3], {"patience": 0}, (2, 1.0, 1)),
        ([1, 2, 3, 3, 3], {"patience": 2, "mode": "max"}, (5, 3.0, 3)),
        ([3, 2.9, 2.8, 2.7, 2.6], {"patience": 2, "min_delta": 0.25}, (3, 1.0, 1)),
        ([3, 2.75, 2.5, 2.25], {"patience": 2, "min_delta": 0.25}, (4, 3.0, 3)),
        ([1, 1.25, 1.5], {"patience": 2, "min_delta": 0.25, "mode": "max"}, (3, 3.0, 3)),
        ([NAN, 2, NAN, NAN, 1], {"patience": 2}, (4, 2.0, 2)),
        ([NAN, NAN, NAN], {"patience": 2}, (2, 2.0, 0)),
        ([INF, INF, INF], {"patience": 2}, (2, 2.0, 0)),
        ([-INF, 2, 3], {"patience": 2}, (3, 1.0, 1)),
    ],
)
def test_early_stopping(numbers, options, expected):
    assert stopped(numbers, **options)[:3] == expected


def test_patience_goes_on_with_an_earlier_history():
    """In one call, or in two with one callback or with another: the same epochs."""
    numbers = [3, 1, 2, 2, 2, 2, 2]
    at_once = stopped(numbers, 3)
    model, callback = Line(), EarlyStopping(3)
    for epochs in range(2, 8):
        history = None if epochs == 2 else history  # noqa: F821
        *found, history = stopped(numbers, 3, model=model, callback=callback, epochs=epochs, history=history)
        found_epochs = found[0]
    assert (found_epochs, *found[1:]) == at_once[:3]
    with pytest.warns(RuntimeWarning, match="cannot restore the parameters of the best epoch, 2, which came before"):
        assert stopped(numbers, 3, history=History([3, 1, 2], [0.0] * 3))[:3] == (5, 5.0, 2)
    assert stopped(numbers, 3, model=Line(7.0), history=History([3, 1], [0.0] * 2))[:3] == (5, 7.0, 2)


def test_a_history_that_gets_no_better_trains_no_more():
    with pytest.warns(RuntimeWarning, match="best epoch, 1, which came before"):
        assert stopped([3] * 9, 2, history=History([3, 3, 3], [0.0] * 3))[0] == 3


def test_epochs_before_there_was_validation_do_not_count():
    seen = []
    earlier = History([3.0] * 9, [0.1] * 9)
    history = train(
        12, history=earlier, validation=([1.0], [1.0]),
        callbacks=[On(fit_begin=lambda state: seen.append(list(state.history["val_loss"]))), EarlyStopping(2)],
    )  # fmt: skip
    assert seen[0] == pytest.approx([NAN] * 9, nan_ok=True)
    assert len(history.loss) >= 11
    assert len(train(15, history=earlier, validation=([1.0], [NAN]), callbacks=[EarlyStopping(2)]).loss) == 11


def test_the_best_parameters_of_another_model_are_not_restored():
    callback, model = EarlyStopping(9), Line()
    assert stopped([3, 1, 2], 9, callback=callback, model=model)[:3] == (3, 2.0, 2)
    model.slope.data = 7.0
    with pytest.warns(RuntimeWarning, match="cannot restore the parameters of the best epoch, 2, which came before"):
        assert stopped([3, 1, 2, 2], 9, callback=callback, history=History([3, 1, 2], [0.0] * 3))[:3] == (4, 4.0, 2)
    assert model.slope.data == 7.0


def test_one_callback_serves_several_trainings():
    callback = EarlyStopping(2)
    assert stopped([3, 2, 3, 3, 3], 2, callback=callback)[:3] == (4, 2.0, 2)
    assert stopped([3, 4, 5, 5], 2, callback=callback)[:3] == (3, 1.0, 1)
    assert stopped([3, 2, 3, 3, 3], 2, callback=callback)[:3] == (4, 2.0, 2)
    assert stopped([NAN, 2, 3, 3, 3], 2, callback=callback)[:3] == (4, 2.0, 2)


def test_the_best_is_restored_after_ctrl_c_and_divergence():
    def interrupt(state):
        if state.epoch == 3:
            raise KeyboardInterrupt

    found = stopped([3, 1, 2, 2], 9, more=[On(epoch_end=interrupt)])
    assert found[:3] == (3, 2.0, 2)
    assert found[-1].interrupted

    def spoil(state):
        if state.epoch == 3:
            state.model.slope.data = NAN

    with pytest.warns(RuntimeWarning, match="fit stopped before step 4"):
        found = stopped([3, 1, 2, 2], 9, more=[On(epoch_end=spoil)])
    assert found[:3] == (3, 2.0, 2)
    assert found[-1].diverged


@JIT
def test_it_looks_at_validation_if_there_is_one(jit):
    """The training loss falls on, that of validation turns: the best parameters are those with its lowest loss."""
    model = Line()
    stopping = EarlyStopping(3)
    history = train(
        50, model, SGD(model.parameters(), lr=0.05), validation=([1.0, 1.0], [1.0, 1.2]), callbacks=[stopping], jit=jit
    )
    best = min(range(len(history.loss)), key=history["val_loss"].__getitem__)
    assert 0 < best == len(history.loss) - 4 == stopping.best_epoch - 1
    assert evaluate(model, mse_loss, [1.0, 1.0], [1.0, 1.2])["loss"] == pytest.approx(
        history["val_loss"][best], rel=1e-12
    )
    assert history.loss == sorted(history.loss, reverse=True)


def test_any_column_can_be_monitored():
    numbers = iter([0, 1, 2, 3, 3, 3, 3, 3])  # it is tried once
    history = train(
        7, metrics={"score": lambda p, t: next(numbers)}, callbacks=[EarlyStopping(2, monitor="score", mode="max")]
    )
    assert history["score"] == [1, 2, 3, 3, 3]


def test_a_column_that_is_not_there_is_named_before_the_training():
    model = Line()
    with pytest.raises(
        ValueError, match="EarlyStopping: monitor='val_los' is no column of the history, which has loss, lr, val_loss"
    ):
        train(1, model, validation=([1.0], [1.0]), callbacks=[EarlyStopping(1, monitor="val_los")])
    assert model.slope.data == 0.0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"patience": -1}, "EarlyStopping: patience must be an int of at least 0, got -1"),
        ({"patience": 1.5}, "EarlyStopping: patience must be an int"),
        ({"patience": 1, "restore_best": "yes"}, "EarlyStopping: restore_best must be True or False"),
        ({"patience": 1, "mode": "auto"}, "EarlyStopping: mode must be 'min' or 'max', got 'auto'"),
        ({"patience": 1, "min_delta": -0.1}, "EarlyStopping: min_delta must be a number of at least 0"),
        ({"patience": 1, "min_delta": NAN}, "EarlyStopping: min_delta must be a number of at least 0"),
    ],
)
def test_wrong_arguments_of_early_stopping(options, message):
    with pytest.raises(ValueError, match=message):
        EarlyStopping(**options)


class Remembering:
    """Notes all numbers of the model after each epoch, and then does something."""

    def __init__(self, change):
        self.change, self.seen = change, []

    def on_epoch_end(self, state):
        self.change(state)
        self.seen.append(state.model.state_dict())


def thaw(state):
    if state.epoch == 3:
        first = state.model.layers[0].requires_grad_()
        state.optimizer.add_param_group({"params": first.parameters(), "lr": 0.5})


def move_what_is_frozen(state):
    state.model.layers[0].neurons[0].b.data += 1.0


@pytest.mark.parametrize(
    ("change", "jit"),  # compiled, a callback may not change groups
    [(thaw, False), (move_what_is_frozen, False), (move_what_is_frozen, True)],
)
def test_the_whole_model_is_what_it_was(change, jit):
    """Whatever the optimiser holds, then or now: a mixture of two epochs would be a model that nobody has measured."""
    random.seed(2)
    model = MLP(2, [3, 1])
    model.layers[0].requires_grad_(False)
    remembering, stopping = Remembering(change), EarlyStopping(9, monitor="script")

    def script(state):
        state.history["script"][-1] = abs(state.epoch - 2)

    fit(
        model, mse_loss, Adam(model.parameters(), lr=0.1), X, Y, 5, progress=False, jit=jit,
        callbacks=[remembering, On(epoch_end=script), stopping], history=History(script=[]),
    )  # fmt: skip
    assert stopping.best_epoch == 2
    assert model.state_dict() == remembering.seen[1] != remembering.seen[-1]


def test_without_a_module_what_the_optimiser_holds_is_restored():
    w = Value(0.0)
    stopping = EarlyStopping(9, mode="max")
    seen = []
    fit(
        lambda x: w * x[0], mse_loss, SGD([w], lr=0.1), [1.0], [2.0], 4, progress=False,
        callbacks=[On(epoch_end=lambda state: seen.append(w.data)), stopping],
    )  # fmt: skip
    assert (stopping.best_epoch, w.data) == (1, seen[0])
    assert seen[0] != seen[-1]


def test_the_same_callback_goes_on_when_a_part_has_been_thawed():
    """And with another optimiser: it has kept all of the model, so it can go back to an epoch of the first call."""
    model, stopping = MLP(2, [3, 1]), EarlyStopping(9, mode="max")
    model.layers[0].requires_grad_(False)
    remembering = Remembering(lambda state: None)
    options = {"progress": False, "callbacks": [remembering, stopping]}
    history = fit(model, mse_loss, SGD(model.parameters(), lr=0.01), X, Y, 3, **options)
    model.layers[0].requires_grad_()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fit(model, mse_loss, Adam(model.parameters(), lr=0.01), X, Y, 6, history=history, **options)
    assert stopping.best_epoch == 1
    assert model.state_dict() == remembering.seen[0] != remembering.seen[-1]


def test_an_epoch_that_was_cut_off_from_the_callback_counts():
    """Ctrl-C comes in another callback, after the best epoch: it is the best in this call and in the next."""

    def interrupt(state):
        if state.epoch == 3:
            raise KeyboardInterrupt

    model, callback = Line(), EarlyStopping(9)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        script = [Scripted([3, 2, 1, 4, 4]), On(epoch_end=interrupt), callback]
        history = train(5, model, SGD(model.parameters(), lr=0.0), callbacks=script)
        assert (callback.best_epoch, model.slope.data, len(history.loss)) == (3, 3.0, 3)
        assert stopped([3, 2, 1, 4, 4], 9, model=model, callback=callback, history=history)[:3] == (5, 3.0, 3)


def test_patience_goes_on_where_nothing_has_got_better_yet():
    callback, model = EarlyStopping(3), Line()
    first = stopped([NAN, NAN], 3, callback=callback, model=model)
    assert stopped([NAN] * 9, 3, callback=callback, model=model, history=first[-1])[0] == 3
    assert stopped([NAN] * 9, 3, callback=callback, model=model)[0] == 3


def test_one_of_several_can_restore():
    model, first, second = Line(), EarlyStopping(1), EarlyStopping(5, monitor="lr")
    with pytest.raises(
        ValueError, match=r"2 callbacks have restore_best=True.* let the others have restore_best=False"
    ):
        train(5, model, callbacks=[first, second])
    assert model.slope.data == 0.0
    kept = EarlyStopping(5, False, monitor="lr")
    assert stopped([3, 1, 2], 9, more=[kept])[:3] == (3, 2.0, 2)
    assert kept.best_epoch == 1


@pytest.mark.parametrize(
    "state",
    [
        3,
        {},
        {"first": 0, "epoch": 1},
        {"first": 0, "epoch": -1, "parameters": {}},
        {"first": 0.5, "epoch": 1, "parameters": {}},
        {"first": 0, "epoch": 1, "parameters": [1.0]},
        {"first": 0, "epoch": 1, "parameters": {"slope": "x"}},
        {"first": 0, "epoch": 1, "parameters": {"slope": 1.0}, "more": 1},
    ],
)
def test_a_wrong_state_of_early_stopping_changes_nothing(state):
    callback = EarlyStopping(9)
    stopped([3, 1, 2], 9, callback=callback)
    before = callback.state_dict()
    assert before == {"first": 0, "epoch": 2, "parameters": {"slope": 2.0}}
    with pytest.raises(ValueError, match="EarlyStopping cannot load this state"):
        callback.load_state_dict(state)
    assert callback.state_dict() == before


def test_the_state_of_another_model_is_refused():
    callback, model = EarlyStopping(9), MLP(2, [1])
    callback.load_state_dict({"first": 0, "epoch": 1, "parameters": {"slope": 2.0}})
    with pytest.raises(ValueError, match="has the state of another model, with the parameters slope"):
        fit(
            model, mse_loss, SGD(model.parameters()), X, Y, 3, progress=False, callbacks=[callback],
            history=History([1.0], [0.1]),
        )  # fmt: skip


def test_nothing_warns_where_all_is_well():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        stopped([3, 2, 3, 3, 3], 2)


class Own:
    """A schedule that is no LRScheduler."""

    def __init__(self, optimizer, step):
        self.optimizer, self.act = optimizer, step

    def step(self):
        self.act()


@JIT
def test_an_error_of_a_schedule_is_raised_as_it_is(jit):
    def fail():
        raise ZeroDivisionError("mine")

    model = Line()
    optimizer = SGD(model.parameters(), lr=0.1)
    for schedule in (Own(optimizer, fail), [ExponentialLR(optimizer, 0.5), Own(optimizer, fail)]):
        with pytest.raises(ZeroDivisionError, match="mine"):
            train(3, model, optimizer, schedule=schedule, jit=jit)


@JIT
@pytest.mark.parametrize("last_epoch", [None, 7.5, property(lambda self: self.optimizer.t)])
def test_a_schedule_of_another_kind_may_count_as_it_likes(last_epoch, jit):
    class Counting(Own):
        pass

    Counting.last_epoch = last_epoch
    calls = []
    model = Line()
    optimizer = SGD(model.parameters(), lr=0.1)
    train(4, model, optimizer, schedule=Counting(optimizer, lambda: calls.append(optimizer.t)), jit=jit)
    assert len(calls) == 4


@JIT
def test_a_schedule_is_given_once(jit):
    model = Line()
    optimizer = SGD(model.parameters(), lr=0.1)
    a, b = ExponentialLR(optimizer, 0.5), ExponentialLR(optimizer, 0.9)
    for schedules in ([a, a], [SequentialLR(optimizer, [a, b], [3]), a]):
        with pytest.raises(ValueError, match="a schedule may be given once"):
            train(3, model, optimizer, schedule=schedules, jit=jit)


@JIT
def test_a_schedule_that_would_end_too_early_may_be_stopped_by_a_callback(jit):
    model = Line()
    optimizer = SGD(model.parameters(), lr=0.1)
    schedule = OneCycleLR(optimizer, 0.1, total_steps=4, cycle_momentum=False)
    stop = On(epoch_end=lambda state: setattr(state, "stop", state.epoch == 3))
    assert len(train(50, model, optimizer, schedule=schedule, callbacks=[stop], jit=jit).loss) == 3


def test_ctrl_c_while_the_best_parameters_are_kept_loses_none():
    class Interrupted(EarlyStopping):
        calls = 0

        def _keep(self, state):
            self.calls += 1
            if self.calls == 3:
                raise KeyboardInterrupt
            super()._keep(state)

    stopping = Interrupted(5)
    history = train(5, callbacks=[stopping])
    assert history.interrupted
    assert stopping.best_epoch == len(history.loss) == 2
