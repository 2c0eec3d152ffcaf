"""The demo, as a user starts it."""

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from matplotlib.image import imread

DEMO = Path(__file__).parents[2] / "examples" / "demo.py"


def demo(*arguments, cwd, torch=None):
    """Run it; `torch` is what `import torch` executes in place of PyTorch."""
    path = os.environ.get("PYTHONPATH", "")
    if torch is not None:
        (cwd / "shadow").mkdir()
        (cwd / "shadow" / "torch.py").write_text(torch)
        path = os.pathsep.join([str(cwd / "shadow"), path])
    return subprocess.run(
        [sys.executable, DEMO, *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


def printed(done):
    """What each line of the output says: its text and the numbers in it."""
    assert done.returncode == 0, done.stderr
    number = r"\d+(?:\.\d+)?"
    return {
        re.sub(number, "#", line): [float(x) for x in re.findall(number, line)] for line in done.stdout.splitlines()
    }


def test_moons_from_beginning_to_end(tmp_path):
    done = demo(cwd=tmp_path, torch="raise SystemExit('the demo of the engine imports PyTorch')")
    lines = printed(done)
    assert lines["moons: # points, # parameters"] == [100, 337]
    first, last, steps = lines["loss # -> # in # steps"]
    assert steps == 100
    assert last < 0.02 < first
    assert lines["accuracy on the training points: #%"] == [100.0]
    count, held_out = lines["accuracy on # new points: #%"]
    assert count == 1000
    assert held_out > 98
    assert "100/100" in done.stderr  # the progress bar

    out = tmp_path / "out"
    assert {path.name for path in out.iterdir()} == {"moons.png", "neuron.svg"}
    check_picture(out / "moons.png")
    svg = ET.parse(out / "neuron.svg")
    written = [text.text for text in svg.iter("{http://www.w3.org/2000/svg}text")]
    assert {"w.0", "w.1", "b", "x.0", "x.1", "output", "ReLU"} <= set(written)
    assert written.count("grad") == 10


def test_digits_from_beginning_to_end(tmp_path):
    done = demo("--data", "digits", "--seed", "1", "--out", tmp_path / "a" / "b", cwd=tmp_path)
    lines = printed(done)
    assert lines["digits: # images, # parameters"] == [1437, 2410]
    first, last, *passes = lines["loss # -> # in # passes of # steps"]
    assert passes == [100, 45]
    assert last < 0.05 < first
    assert lines["accuracy on the training images: #%"] > [99.5]
    count, held_out = lines["accuracy on # held-out images: #%"]
    assert count == 360
    assert held_out > 95
    assert "4500/4500" in done.stderr
    assert lines["compilation and the first pass took # s, the other # # s"][1] == 99

    assert lines["  loss # -> #"] == pytest.approx([first, last], abs=2e-4)  # PyTorch's
    assert lines["  accuracy on the held-out images: #%"] == pytest.approx([held_out], abs=0.3)
    assert lines["  # passes took # s"][0] == 100
    assert [path.name for path in (tmp_path / "a" / "b").iterdir()] == ["digits.png"]
    check_picture(tmp_path / "a" / "b" / "digits.png")


def test_digits_where_pytorch_is_not_installed(tmp_path):
    lines = printed(demo("--data", "digits", "--steps", "46", cwd=tmp_path, torch="raise ImportError"))
    assert lines["loss # -> # in # passes of # steps"][2:] == [2, 45]
    assert any(line.endswith("pip install torch==#.#") for line in lines)
    assert not any("PyTorch #" in line for line in lines)
    assert (tmp_path / "out" / "digits.png").exists()


def check_picture(path):
    """It is a picture of the size that was asked for, with many colours in it."""
    pixels = imread(path)
    assert pixels.shape[:2] == (750, 1800)
    assert len({tuple(pixel) for pixel in pixels[::10, ::10].reshape(-1, pixels.shape[2])}) > 20


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--steps", "0"], "--steps must be at least 1, got 0"),
        (["--steps", "x"], "invalid int value: 'x'"),
        (["--data", "iris"], "invalid choice: 'iris'"),
    ],
)
def test_bad_arguments_are_named(tmp_path, arguments, message):
    done = demo(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr
    assert list(tmp_path.iterdir()) == []
