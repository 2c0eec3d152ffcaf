"""The bar of fit: what it says, where it is shown, and that it troubles nobody."""

import contextlib
import os
import sys

import nbformat
import pytest
from nbclient import NotebookClient

from micrograd.nn import SGD, Neuron, fit, mse_loss
from micrograd.nn.training.progress import progress_bar

X, Y = [[0.0, 1.0], [1.0, 0.5], [-1.0, 2.0], [0.5, -0.5], [2.0, 1.5]], [1, -1, 1, -1, 1]


@pytest.mark.parametrize("options", [{}, {"progress": True}, {"progress": False}])
@pytest.mark.parametrize("missing", [None, "tqdm", "stderr"])
def test_the_bar_is_shown_where_tqdm_and_a_console_are(monkeypatch, capsys, options, missing):
    if missing == "tqdm":
        monkeypatch.setitem(sys.modules, "tqdm.auto", None)  # what its import finds where it is not installed
    if missing == "stderr":
        monkeypatch.setattr(sys, "stderr", None)  # as in a program that was started without a console
    model = Neuron(2)
    history = fit(model, mse_loss, SGD(model.parameters()), X, Y, 2, 2, **options)
    out, err = capsys.readouterr()
    assert len(history.loss) == 2
    assert out == ""
    if options.get("progress", True) and not missing:
        assert "6/6" in err
        assert "loss " in err
    else:
        assert err == ""


def last_line(capsys):
    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith("\n")
    assert err.count("\n") == 1
    return err.rpartition("\r")[2].rstrip()


def test_it_says_the_epoch_and_what_is_known(capsys):
    with progress_bar(4, 5, True, done=1) as advance:
        for _ in range(2):
            advance(0.5, 5)
            advance(0.5, 0, {"val_loss": 0.75, "val_accuracy": 0.9})
        advance(0.25, 5)
    line = last_line(capsys)
    assert line.startswith("epoch 4/4: 100%")
    assert "20/20" in line
    assert line.endswith("loss 0.25, val_loss 0.75, val_accuracy 0.9]")


@pytest.mark.parametrize(("batches", "epoch"), [(0, 1), (1, 1), (4, 1), (5, 1), (6, 2), (10, 2), (11, 3)], ids=str)
def test_the_epoch_is_that_of_the_last_batch(capsys, batches, epoch):
    with contextlib.suppress(KeyboardInterrupt), progress_bar(3, 5, True) as advance:
        if batches:
            advance(0.5, batches)
        raise KeyboardInterrupt
    line = last_line(capsys)
    assert line.startswith(f"epoch {epoch}/3:")
    assert f" {batches}/15 " in line


def test_who_stops_early_is_done(capsys):
    with progress_bar(10, 5, True) as advance:
        advance(0.5, 15)
    line = last_line(capsys)
    assert line.startswith("epoch 3/10: 100%")
    assert "15/15" in line


def test_there_is_no_bar_where_there_is_nothing_to_do(capsys):
    with progress_bar(3, 5, True, done=3) as advance:
        advance(0.5, 0)
    assert capsys.readouterr() == ("", "")


CELL = """
import sys, warnings
warnings.simplefilter("always")
sys.modules["ipywidgets"] = None
from micrograd.nn import SGD, Neuron, fit, mse_loss
model = Neuron(2)
history = fit(model, mse_loss, SGD(model.parameters()), [[0.0, 1.0]] * 3, [1.0] * 3, 2, 1)
"""


def test_a_notebook_without_widgets_gets_the_bar_of_a_console(monkeypatch):
    """And none of tqdm's warnings."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])
    NotebookClient(notebook, timeout=60).execute()
    outputs = notebook.cells[0].outputs
    assert {output.name for output in outputs} == {"stderr"}
    text = "".join(output.text for output in outputs)
    assert text.rpartition("\r")[2].startswith("epoch 2/2: 100%")
    assert text.count("\n") == 1
