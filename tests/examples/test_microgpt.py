"""The GPT on scalars: machine code does what the eager loop does, and PyTorch does the same."""

import contextlib
import ctypes
import io
import random
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy, rms_norm, scaled_dot_product_attention

from micrograd.engine.jit import export_c
from micrograd.nn import Adam, LinearLR, fit
from micrograd.nn.interop import to_torch

EXAMPLES = Path(__file__).parents[2] / "examples"
STEPS, BATCH, SEED = 100, 4, 3


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """What is in the namespace of the script when it has run, and what it has `printed`."""
    out = tmp_path_factory.mktemp("microgpt")
    options = {"steps": STEPS, "batch": BATCH, "seed": SEED, "out": out}
    with pytest.MonkeyPatch.context() as patch, mpl.rc_context():  # examples have a style of their own
        patch.syspath_prepend(str(EXAMPLES))
        patch.setattr(
            sys, "argv", ["microgpt.py", "--jit", *(f"--{name}={option}" for name, option in options.items())]
        )
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            return {**runpy.run_path(str(EXAMPLES / "microgpt.py")), "printed": printed.getvalue()}


def fresh(run):
    """The model as it began, and the generator in the state that it had then."""
    random.seed(SEED)
    random.shuffle(sorted(run["known"] + run["held_out"]))
    return run["GPT"]()


def test_it_prints_and_draws_what_it_found(run):
    number, name = r"[+-]\d+\.\d\d", run["name"]
    assert re.fullmatch(
        r"4192 parameters, \d+\.\d s, or [\d,]+ letters a second\n"
        r"loss 3\.\d\d -> 2\.\d\d, held out 2\.\d\d\n"
        rf"{' '.join(run['dreams'][:10])}\n{' '.join(run['dreams'][10:])}\n\d+ of these 20 are new\n"
        r"expected least: (.) after \.(.*), loss \d\.\d\d\n"
        rf"looks times derivatives:( . {number})+\n"
        rf"head [1-4] looks at ., 0\.\d\d, with the derivative {number}, the sum of\n"
        rf"(  {number} through join\.weight\.\d+\.\d+, (\w+\.weight\.\d+\.\d+, )*tell\.weight\.\d+\.\d+\n){{5}}"
        rf"  {number} through [\d,]+ more paths\n"
        r"wrote .*microgpt\.svg\n",
        run["printed"],
    )
    for place, look in enumerate(run["looks"]):
        assert [len(shares) for shares in look] == [place + 1] * 4
        assert [sum(share.data for share in shares) for shares in look] == pytest.approx([1.0] * 4)
    assert len(run["looks"]) == len(name) + 1
    assert set("".join(run["dreams"])) <= set(run["ALPHABET"][1:])
    assert not set(run["known"]) & set(run["held_out"])


def test_without_temperature_it_always_writes_the_same(run, monkeypatch):
    monkeypatch.setattr(run["args"], "temperature", 0.0)
    assert len({run["dream"]() for _ in range(5)}) == 1


def test_machine_code_takes_the_steps_of_the_eager_loop(run, monkeypatch):
    monkeypatch.setattr(run["args"], "jit", False)
    X, y = run["rows"](run["known"])
    assert len(set(map(len, X))) > 1  # nothing is filled up
    model = fresh(run)
    optimizer = Adam(model.parameters(), lr=0.01, betas=(0.85, 0.99))
    decay = LinearLR(optimizer, 1.0, 0.0, total_iters=STEPS)
    history = fit(model, run["loss"], optimizer, X, y, 4, BATCH, steps_per_epoch=1, schedule=decay, progress=False)
    assert history.loss == pytest.approx(run["history"].loss[:4], rel=1e-9)
    assert history.lr == run["history"].lr[:4] == pytest.approx([0.01, 0.0099, 0.0098, 0.0097], rel=1e-12)


class Twin(torch.nn.Module):
    """The same GPT in tensors, with the parameters of one on scalars."""

    def __init__(self, model):
        super().__init__()
        for name in ("letter", "place", "query", "key", "value", "join", "widen", "narrow", "tell"):
            rows = [[weight.data for weight in row] for row in getattr(model, name).weight]
            self.register_parameter(name, torch.nn.Parameter(torch.tensor(rows, dtype=torch.float64)))

    def forward(self, letters):
        def heads(x):
            return x.unflatten(-1, (4, 4)).transpose(-2, -3)

        x = rms_norm(self.letter[letters] + self.place[: letters.shape[-1]], (16,), eps=1e-5)
        unit = rms_norm(x, (16,), eps=1e-5)
        taken = scaled_dot_product_attention(
            *(heads(unit @ weight.T) for weight in (self.query, self.key, self.value)), is_causal=True
        )
        x = x + taken.transpose(-2, -3).flatten(-2) @ self.join.T
        x = x + torch.relu(rms_norm(x, (16,), eps=1e-5) @ self.widen.T) @ self.narrow.T
        return x @ self.tell.T

    def loss(self, letters, following):
        losses = cross_entropy(self(letters).transpose(1, 2), following, reduction="none")
        return (losses.sum(1) / (following >= 0).sum(1)).mean()


def test_pytorch_trains_the_same_from_the_same_start_through_the_same_batches(run):
    X, y = map(torch.tensor, run["rows"](run["known"]))
    twin = Twin(fresh(run))
    optimizer = torch.optim.Adam(twin.parameters(), lr=0.01, betas=(0.85, 0.99))
    decay = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.0, total_iters=STEPS)
    losses = []
    for _ in range(STEPS):
        chosen = random.sample(range(len(X)), BATCH)
        loss = twin.loss(X[chosen], y[chosen])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        decay.step()
        losses.append(loss.item())
    assert run["history"].loss == pytest.approx(losses, rel=1e-9)
    for name, parameter in twin.named_parameters():
        ours = [[weight.data for weight in row] for row in getattr(run["model"], name).weight]
        torch.testing.assert_close(torch.tensor(ours, dtype=torch.float64), parameter.detach(), rtol=0, atol=1e-9)
    with torch.no_grad():
        held_out = twin.loss(*map(torch.tensor, run["rows"](run["held_out"]))).item()
    assert run["held_out_loss"] == pytest.approx(held_out, rel=1e-9)


def test_it_can_be_taken_to_pytorch_as_it_is(run):
    letters = run["rows"](run["held_out"])[0]
    scores = to_torch(run["model"], letters[:1])(torch.tensor(letters, dtype=torch.float64))
    torch.testing.assert_close(scores, Twin(run["model"])(torch.tensor(letters)), rtol=1e-12, atol=1e-12)


@pytest.mark.skipif(shutil.which("gcc") is None, reason="gcc is not on the path: apt-get install gcc")
def test_it_can_be_written_as_c(run, tmp_path):
    model, letters = run["model"], run["rows"](run["held_out"])[0]
    export_c(model, tmp_path / "gpt.c", letters[:1])
    strict = ["-std=c99", "-Wall", "-Wextra", "-Werror", "-O1", "-shared", "-fPIC"]
    subprocess.run(["gcc", *strict, "-o", tmp_path / "gpt.so", tmp_path / "gpt.c", "-lm"], check=True)
    library, places = ctypes.CDLL(str(tmp_path / "gpt.so")), len(letters[0])
    trained = ctypes.byref(ctypes.c_double.in_dll(library, "gpt_trained"))
    for row in letters[:3]:
        out = (ctypes.c_double * (27 * places))()
        library.gpt(trained, (ctypes.c_double * places)(*row), out)
        expected = [[score.data for score in scores] for scores in model(row)]
        np.testing.assert_allclose(np.reshape(out, (places, 27)), expected, rtol=1e-12, atol=1e-13)
