"""States as JSON files: whole or not at all, and nothing in them is believed."""

import json
import math
import os
import re
import stat
import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from micrograd.engine import Value
from micrograd.nn import MLP, SGD, Adam, LRScheduler, Neuron, load, save


def content(folder):
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()}


def test_a_model_goes_round(tmp_path):
    trained, fresh = MLP(2, [4, 1]), MLP(2, [4, 1])
    trained.save(tmp_path / "model.json")
    fresh.load(str(tmp_path / "model.json"))
    assert fresh.state_dict() == trained.state_dict()
    assert fresh([0.5, 1.0]).data == trained([0.5, 1.0]).data
    assert list(content(tmp_path)) == ["model.json"]


def test_a_checkpoint_goes_round(tmp_path):
    model = MLP(1, [2, 1])
    optimizer = Adam(model.parameters(), lr=0.25, betas=(0.5, 0.75))
    for p in optimizer.params:
        p.grad = 1.0
    optimizer.step()
    save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "epoch": 3}, tmp_path / "c.json")
    checkpoint = load(tmp_path / "c.json")
    other = Adam(MLP(1, [2, 1]).parameters())
    other.load_state_dict(checkpoint["optimizer"])
    assert (other.hyper, other.t, other.state) == (optimizer.hyper, 1, optimizer.state)
    assert checkpoint["model"] == model.state_dict()
    assert checkpoint["epoch"] == 3


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True)))
def test_every_float_survives(tmp_path_factory, numbers):
    path = tmp_path_factory.mktemp("floats") / "state.json"
    save({str(i): number for i, number in enumerate(numbers)}, path)
    assert repr(list(load(path).values())) == repr(numbers)


@pytest.mark.parametrize("number", [math.inf, -math.inf, math.nan, -0.0, 5e-324, 1.7976931348623157e308])
def test_odd_numbers_survive_in_a_model(tmp_path, number):
    neuron, other = Neuron(1), Neuron(1)
    neuron.b.data = number
    neuron.save(tmp_path / "n.json")
    other.load(tmp_path / "n.json")
    assert repr(other.b.data) == repr(number)


def test_the_file_is_plain_json(tmp_path):
    save({"a": 0.1}, tmp_path / "a.json")
    assert json.loads((tmp_path / "a.json").read_text()) == {
        "format": "micrograd-state",
        "version": 1,
        "state": {"a": 0.1},
    }


def test_the_file_has_ordinary_permissions(tmp_path):
    (tmp_path / "other").touch()
    save({}, tmp_path / "a.json")
    assert stat.S_IMODE((tmp_path / "a.json").stat().st_mode) == stat.S_IMODE((tmp_path / "other").stat().st_mode)


LOOP = {}
LOOP["again"] = LOOP


@pytest.mark.parametrize(
    ("state", "error"),
    [
        ({"a": 1.0, "b": Value(1.0)}, TypeError),
        ({"a": {1.0, 2.0}}, TypeError),
        ({"a": 1j}, TypeError),
        ({"a": b"bytes"}, TypeError),
        ({1: 1.0}, TypeError),
        ({"deep": [{"a": {None: 1.0}}]}, TypeError),
        ({("a", "b"): 1.0}, TypeError),
        (LOOP, ValueError),
        ([1.0], TypeError),
        (None, TypeError),
        (1.0, TypeError),
        ("state", TypeError),
    ],
)
def test_what_json_cannot_hold_is_refused_and_the_old_file_stays(tmp_path, state, error):
    save({"old": 1.0}, tmp_path / "a.json")
    before = content(tmp_path)
    with pytest.raises(error):
        save(state, tmp_path / "a.json")
    assert content(tmp_path) == before


def test_a_key_that_is_no_string_is_named(tmp_path):
    with pytest.raises(TypeError, match=r"keys are strings, got the key 7 \(int\) in a\.0; .*b\.json was not written"):
        save({"a": [{7: 1.0}]}, tmp_path / "b.json")


@pytest.mark.parametrize(
    ("state", "place"),
    [
        (
            {"optimizer": {"t": 1, "param_groups": [{"lr": Value(0.1)}, {"lr": Value(0.2)}]}},
            "optimizer.param_groups.0.lr",
        ),
        ({"schedules": [{"base_lrs": (0.1, np.array([0.1]))}]}, "schedules.0.base_lrs.1"),
        ({"a": {"b": torch.tensor(1.0)}}, "a.b"),
        ({"a": np.complex128(1j)}, "a"),
        ({"a": [Fraction(10**400)]}, "a.0"),
        ({"a": {"\x1b[31m" * 100: print}}, r"'a.\x1b[31m"),
    ],
)
def test_what_cannot_be_written_is_named_by_its_place(tmp_path, state, place):
    with pytest.raises(TypeError, match=re.escape(f"save: {place}")) as caught:
        save(state, tmp_path / "a.json")
    assert re.search(r" must be a number, a text or None.*, got .*a\.json was not written$", str(caught.value))
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 500
    assert not content(tmp_path)


def test_numbers_of_other_kinds_are_written_as_the_numbers_they_are(tmp_path):
    shared = [np.float32(0.1), {"flag": np.True_, "no": np.bool_(False)}]
    save(
        {
            "rates": (np.float32(0.1), np.float64(0.1), np.float16(0.1), np.float32("inf"), np.longdouble(0.5)),
            "counts": [np.int64(2**62), np.uint8(7), True, 10**400],
            "half": Fraction(1, 2),
            "shared": [shared, shared],
        },
        tmp_path / "a.json",
    )
    found = load(tmp_path / "a.json")
    again = [float(np.float32(0.1)), {"flag": True, "no": False}]
    assert repr(found) == repr(
        {
            "rates": [float(np.float32(0.1)), 0.1, float(np.float16(0.1)), math.inf, 0.5],
            "counts": [2**62, 7, True, 10**400],
            "half": 0.5,
            "shared": [again, again],
        }
    )


def test_an_optimizer_and_a_schedule_with_numbers_of_numpy_go_round(tmp_path):
    class Every(LRScheduler):
        def __init__(self, optimizer, epochs):
            self.epochs = epochs
            super().__init__(optimizer)

        def lr_at(self, epoch):
            return self.base_lr * 0.5 ** (epoch // self.epochs)

    def start():
        optimizer = SGD([Value(1.0)], lr=np.float32(0.1), momentum=0.5)
        return optimizer, Every(optimizer, np.int64(2))

    optimizer, schedule = start()
    optimizer.param_groups[0] |= {"momentum": np.float32(0.9), "nesterov": np.True_, "scale": np.float32(2)}
    optimizer.step()
    schedule.step()
    save({"optimizer": optimizer.state_dict(), "schedule": schedule.state_dict()}, tmp_path / "a.json")
    state = load(tmp_path / "a.json")
    again, schedule_again = start()
    again.load_state_dict(state["optimizer"])
    schedule_again.load_state_dict(state["schedule"])
    assert again.state_dict() == optimizer.state_dict()
    assert schedule_again.state_dict() == schedule.state_dict()


def test_a_missing_folder_is_an_os_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        save({}, tmp_path / "missing" / "a.json")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_the_place_of_the_file_stays(tmp_path):
    (tmp_path / "a.json" / "inside").mkdir(parents=True)
    with pytest.raises(OSError):  # noqa: PT011  which one depends on the system
        save({}, tmp_path / "a.json")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.json"]
    assert (tmp_path / "a.json" / "inside").is_dir()


def test_a_full_disk_leaves_the_old_file_and_no_draft(tmp_path):
    """In a process of its own that may write files of at most 2,000 bytes, which fails half-way through the draft."""
    program = f"""
import resource, signal
from micrograd.nn import save
save({{"old": 1.0}}, {str(tmp_path / "a.json")!r})
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
try:
    save({{str(i): i / 7 for i in range(1000)}}, {str(tmp_path / "a.json")!r})
except OSError as error:
    print("refused:", error.strerror)
"""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-B", "-c", program], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout == "refused: File too large\n"
    assert list(content(tmp_path)) == ["a.json"]
    assert load(tmp_path / "a.json") == {"old": 1.0}


def test_a_name_that_is_too_long_is_an_os_error(tmp_path):
    with pytest.raises(OSError):  # noqa: PT011
        save({}, tmp_path / ("n" * 300))
    assert list(tmp_path.iterdir()) == []


def envelope(**changes):
    return json.dumps({"format": "micrograd-state", "version": 1, "state": {"a": 1.0}} | changes)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        '"micrograd-state"',
        "[" * 100_000,
        '{"a":' * 100_000,
        envelope()[:-1],
        envelope() + envelope(),
        envelope(format="other"),
        envelope(format=["micrograd-state"]),
        envelope(state=[1.0]),
        envelope(state=None),
        '{"format": "micrograd-state", "version": 1}',
        '{"format": "micrograd-state", "version": 1, "state": {"a": 1.0, "a": 2.0}}',
        '{"format": "micrograd-state", "version": 1, "state": {"a": ' + "9" * 5000 + "}}",
        "__import__('os').system('true')",
        "cos\nsystem\n(S'true'\ntR.",
        "\ufeff" + envelope(),
    ],
    ids=lambda text: text[:20] or "empty",
)
def test_other_files_are_refused(tmp_path, text):
    path = tmp_path / "a.json"
    path.write_text(text, encoding="utf-8")
    neuron = Neuron(1)
    before = neuron.state_dict()
    with pytest.raises(ValueError, match=r"a\.json is not a file that micrograd\.nn\.save wrote"):
        load(path)
    with pytest.raises(ValueError, match=r"is not a file that"):
        neuron.load(path)
    assert neuron.state_dict() == before


@pytest.mark.parametrize("data", [b"\x80\x04\x95", b"\xff\xfe{\x00}\x00", bytes(range(256))])
def test_bytes_that_are_no_text_are_refused(tmp_path, data):
    (tmp_path / "a.json").write_bytes(data)
    with pytest.raises(ValueError, match="is not a file that"):
        load(tmp_path / "a.json")


@given(st.binary(max_size=60))
def test_random_bytes_are_refused(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("bytes") / "a.json"
    path.write_bytes(data)
    with pytest.raises(ValueError, match="is not a file that"):
        load(path)


@pytest.mark.parametrize("version", [0, 2, 1.5, "1", None, True, 1.0])
def test_another_version_is_named(tmp_path, version):
    (tmp_path / "a.json").write_text(envelope(version=version))
    with pytest.raises(ValueError, match=f"has version {version!r} of the format, this micrograd-nn reads version 1"):
        load(tmp_path / "a.json")


@pytest.mark.parametrize(
    "state",
    [
        {"w.0": 1.0},
        {"w.0": 1.0, "b": "2.0"},
        {"w.0": 1.0, "b": [2.0]},
        {"w.0": 1.0, "b": {"data": 2.0}},
        {"w.0": 1.0, "b": None},
        {"w.0": 1.0, "b": True},
        {"w.0": 1.0, "b": 10**400},
        {"w.0": 1.0, "b": 2.0, "__class__": 3.0},
    ],
)
def test_a_state_that_does_not_fit_changes_nothing(tmp_path, state):
    save(state, tmp_path / "a.json")
    neuron = Neuron(1)
    before = neuron.state_dict()
    with pytest.raises(ValueError, match=r"Neuron cannot load this state \(nothing was changed\)"):
        neuron.load(tmp_path / "a.json")
    assert neuron.state_dict() == before


def test_a_missing_file_is_an_os_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "a.json")


def test_only_the_content_of_a_file_changes(tmp_path):
    """What `micrograd.engine.files` promises, through `save`: links, modes, and long names."""
    path = tmp_path / ("n" * 255)
    path.touch(mode=0o600)
    (tmp_path / "link").symlink_to(path.name)
    MLP(1, [1]).save(tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(load(path)) == ["layers.0.neurons.0.w.0", "layers.0.neurons.0.b"]


@pytest.mark.parametrize("path", ["", "."])
def test_no_file_is_an_os_error_about_what_was_given(tmp_path, monkeypatch, path):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OSError, match=repr(path)):
        save({}, path)
    assert list(tmp_path.iterdir()) == []


HUGE = "\x1b[31m" + "n" * 1_700_000 + "\x00\u202e"


@pytest.mark.parametrize(
    "text",
    [
        HUGE,
        json.dumps(HUGE),
        json.dumps({HUGE: 1.0}),
        envelope(version=HUGE),
        envelope(version=[HUGE] * 3),
        envelope(version=int("9" * 4000)),
        envelope(format=HUGE),
        envelope(state=HUGE),
        '{"format": "micrograd-state", "version": 1, "state": {' + f"{json.dumps(HUGE)}: 1.0, " * 2 + '"b": 1.0}}',
        envelope(state={HUGE: 1.0}),
        envelope(state={"w.0": 1.0, "b": HUGE}),
        envelope(state={"w.0": 1.0, "b": [HUGE]}),
        envelope(state={f"{i}\n": 1.0 for i in range(10_000)}),
        envelope(state={"w.0": 1.0, "b": int("9" * 4000)}),
    ],
    ids=range(14),
)
def test_messages_about_hostile_files_are_short_and_printable(tmp_path, text):
    (tmp_path / "a.json").write_text(text, encoding="utf-8")
    neuron = Neuron(1)
    before = neuron.state_dict()
    with pytest.raises(ValueError) as refused:  # noqa: PT011
        neuron.load(tmp_path / "a.json")
    message = str(refused.value)
    assert message.isprintable()
    assert len(message) < 600 + len(str(tmp_path))
    assert neuron.state_dict() == before


def test_a_key_that_comes_twice_is_named(tmp_path):
    (tmp_path / "a.json").write_text('{"a": 1, "w.0": 1.0, "b": 2, "w.0": 2.0}')
    with pytest.raises(ValueError, match=r"a key comes twice: w\.0"):
        load(tmp_path / "a.json")
