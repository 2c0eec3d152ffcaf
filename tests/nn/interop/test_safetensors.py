"""Files of safetensors, which both sides read; what does not fit is refused by its header."""

import json
import os
import random
import struct
import subprocess
import sys

import pytest
import safetensors.torch
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from micrograd.engine import Value
from micrograd.nn import MLP, Embedding, LayerNorm, Linear, Module, Sequential, relu
from micrograd.nn.interop import load_safetensors, save_safetensors, to_torch
from micrograd.nn.tensors import values_of


def numbers(model):
    return {name: [value.data for value in values_of(tensor)] for name, tensor in model.tensors().items()}


class Own(Module):
    def __init__(self):
        self.scale = Value(random.random())
        self.table = [[[Value(random.random()) for _ in range(2)]] for _ in range(3)]
        self.inner = MLP(2, [3, 1])


MODELS = {
    "network": lambda: MLP(2, [4, 3, 1], dropout=0.5),
    "sequential": lambda: Sequential(Embedding(3, 2), LayerNorm(2), Linear(2, 2), relu),
    "own": Own,
}


@pytest.mark.parametrize("make", MODELS.values(), ids=MODELS)
def test_there_and_back(make, tmp_path):
    path = tmp_path / "model.safetensors"
    model, fresh = make(), make()
    save_safetensors(model, path)
    load_safetensors(fresh, path)
    assert numbers(fresh) == numbers(model)
    arrays = safetensors.torch.load_file(path)
    assert {name: array.flatten().tolist() for name, array in arrays.items()} == numbers(model)
    assert {array.dtype for array in arrays.values()} == {torch.float64}


def test_torch_reads_what_is_written_here_and_the_other_way_round(tmp_path):
    path = tmp_path / "model.safetensors"
    model = MLP(2, [4, 1])
    net = to_torch(MLP(2, [4, 1]))
    save_safetensors(model, path)
    net.load_state_dict(safetensors.torch.load_file(path))
    assert [parameter.flatten().tolist() for parameter in net.parameters()] == [*numbers(model).values()]

    nn.init.normal_(net[0].weight)
    safetensors.torch.save_model(net, path)
    load_safetensors(model, path)
    assert [*numbers(model).values()] == [parameter.flatten().tolist() for parameter in net.parameters()]


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.float16, torch.bfloat16])
@given(st.lists(st.floats(width=16), min_size=6, max_size=6))
def test_numbers_of_each_type_are_exact(dtype, tmp_path_factory, row):
    path = tmp_path_factory.mktemp("numbers") / "linear.safetensors"
    weight = (torch.tensor(row, dtype=torch.float64) / 3).to(dtype).view(2, 3)
    safetensors.torch.save_file({"weight": weight, "bias": torch.tensor([-0.0, 1e-7]).to(dtype)}, path)
    linear = Linear(3, 2)
    load_safetensors(linear, path)
    expected = [*weight.double().flatten().tolist(), *torch.tensor([-0.0, 1e-7]).to(dtype).double().tolist()]
    assert [repr(p.data) for p in linear.parameters()] == [repr(number) for number in expected]


def tied():
    model = Sequential(Linear(2, 2, bias=False), relu, Linear(2, 2, bias=False))
    model[2].weight = model[0].weight
    return model


def test_what_is_shared(tmp_path):
    path = tmp_path / "tied.safetensors"
    model, fresh = tied(), tied()
    save_safetensors(model, path)
    assert [*safetensors.torch.load_file(path)] == ["0.weight", "2.weight"]
    load_safetensors(fresh, path)
    assert numbers(fresh) == numbers(model)

    safetensors.torch.save_model(to_torch(model), path)  # which writes it once
    assert len(safetensors.torch.load_file(path)) == 1
    load_safetensors(fresh := tied(), path)
    assert numbers(fresh) == numbers(model)

    weight = torch.tensor(model.tensors()["0.weight"][0][0].data).repeat(2, 2)
    safetensors.torch.save_file({"0.weight": weight, "2.weight": weight + 1}, path)
    with pytest.raises(ValueError, match=r"weight is shared with another tensor, which has other numbers"):
        load_safetensors(fresh, path)
    assert numbers(fresh) == numbers(model)


def file_of(header, data=b"", length=None):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + data


def entry(shape, first, last, dtype="F64"):
    return {"dtype": dtype, "shape": shape, "data_offsets": [first, last]}


WEIGHT, BIAS = entry([1, 2], 0, 16), entry([1], 16, 24)
GOOD = {"weight": WEIGHT, "bias": BIAS}
DATA = bytes(24)
HOSTILE = {
    "nothing": (b"", "of 0 bytes, 0 are to be a header|its header cannot be read"),
    "seven bytes": (b"1234567", "bytes, .* are to be a header"),
    "a header beyond the file": (file_of(GOOD, DATA, length=10**6), "are to be a header"),
    "a header of 2**64 bytes": (file_of(GOOD, DATA, length=2**64 - 1), "are to be a header"),
    "a large header": (file_of(b" " * 2**21), "2097152 are to be a header"),
    "no JSON": (file_of(b"{" * 1000), "its header cannot be read"),
    "no text": (file_of(b"\xff\xfe{}"), "its header cannot be read"),
    "deep JSON": (file_of(b"[" * 100_000), "its header cannot be read"),
    "a long number": (file_of(b'{"weight": ' + b"9" * 10_000 + b"}"), "its header cannot be read"),
    "a list": (file_of([]), "its header is no object"),
    "an entry that is none": (file_of({"weight": 3}), "weight has no shape, but is 3"),
    "a shape that is none": (file_of({"weight": {**WEIGHT, "shape": 3}, "bias": BIAS}, DATA), "weight has no shape"),
    "texts in a shape": (file_of({"weight": {**WEIGHT, "shape": ["1", 2]}, "bias": BIAS}, DATA), "of another shape"),
    "truths in a shape": (file_of({"weight": {**WEIGHT, "shape": [True, 2]}, "bias": BIAS}, DATA), "it is no safet"),
    "a key twice": (file_of(b'{"weight": 1, "weight": 2}'), "a key comes twice: weight"),
    "missing": (file_of({"weight": WEIGHT}, DATA[:16]), "missing: bias"),
    "unexpected": (file_of({**GOOD, "more": entry([1], 24, 32)}, bytes(32)), "unexpected: more"),
    "a name to print": (file_of({**GOOD, "\x1b[31m" * 1000: entry([1], 24, 32)}, bytes(32)), r"unexpected: '\\x1b"),
    "a billion numbers": (file_of({"weight": entry([10**9, 2], 0, 16), "bias": BIAS}, DATA), "of another shape"),
    "a huge shape": (file_of({"weight": entry([10**30], 0, 16), "bias": BIAS}, DATA), "of another shape"),
    "many dimensions": (file_of({"weight": entry([1] * 10_000, 0, 16), "bias": BIAS}, DATA), "of another shape"),
    "a transpose": (file_of({"weight": entry([2, 1], 0, 16), "bias": BIAS}, DATA), r"weight is \(2, 1\), not \(1, 2\)"),
    "integers": (file_of({"weight": entry([1, 2], 0, 16, "I64"), "bias": BIAS}, DATA), "weight is of 'I64', and"),
    "truths": (file_of({"weight": entry([1, 2], 0, 2, "BOOL"), "bias": BIAS}, DATA), "weight is of 'BOOL'"),
    "no type": (file_of({"weight": entry([1, 2], 0, 2, ["F64"]), "bias": BIAS}, DATA), r"weight is of \['F64'\]"),
    "cut off": (file_of(GOOD, DATA[:-1]), "it has 23 bytes of numbers, and its header says 24"),
    "too long": (file_of(GOOD, bytes(25)), "it has 25 bytes of numbers, and its header says 24"),
    "over each other": (file_of({"weight": WEIGHT, "bias": entry([1], 8, 16)}, DATA), "it is no safetensors file"),
    "beyond the file": (file_of({"weight": WEIGHT, "bias": entry([1], 24, 32)}, DATA), "it is no safetensors file"),
    "backwards": (file_of({"weight": entry([1, 2], 16, 0), "bias": BIAS}, DATA), "it is no safetensors file"),
    "no offsets": (file_of({"weight": {"dtype": "F64", "shape": [1, 2]}, "bias": BIAS}, DATA), "it is no safet"),
    "odd metadata": (file_of({**GOOD, "__metadata__": 3}, DATA), "it is no safetensors file"),
}


@pytest.mark.parametrize(("content", "message"), HOSTILE.values(), ids=HOSTILE)
def test_files_that_do_not_fit_are_refused(content, message, tmp_path):
    path = tmp_path / "hostile.safetensors"
    path.write_bytes(content)
    linear = Linear(2, 1)
    before = numbers(linear)
    with pytest.raises(ValueError, match=message) as raised:
        load_safetensors(linear, path)
    assert numbers(linear) == before
    assert str(raised.value).startswith("Linear cannot load this state (nothing was changed): ")
    assert str(raised.value).isprintable()
    assert len(str(raised.value)) < 400


def test_the_files_above_would_be_good_otherwise(tmp_path):
    path = tmp_path / "good.safetensors"
    path.write_bytes(file_of({**GOOD, "__metadata__": {"made": "here"}}, struct.pack("<3d", 1.0, 2.0, 3.0)))
    linear = Linear(2, 1)
    load_safetensors(linear, path)
    assert [parameter.data for parameter in linear.parameters()] == [1.0, 2.0, 3.0]


def test_a_file_of_gigabytes_is_refused_without_reading_it(tmp_path):
    path = tmp_path / "huge.safetensors"
    header = {"weight": entry([10**5, 10**4], 0, 8 * 10**9)}
    with open(path, "wb") as file:
        file.write(file_of(header))
        file.truncate(8 * 10**9)  # sparse: no disk is used
    program = f"""
import resource, sys; sys.path[:] = {sys.path!r}
from micrograd.nn import Linear
from micrograd.nn.interop import checkpoints, load_safetensors
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    load_safetensors(Linear(2, 1), {str(path)!r})
except ValueError as error:
    print("of another shape" in str(error), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000)
"""
    out = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60).stdout
    assert out.split() == ["True", "True"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no FIFOs here")
def test_pipes_devices_and_folders_are_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ValueError, match="it is no regular file"):
        load_safetensors(Linear(2, 1), tmp_path / "pipe")
    with pytest.raises(ValueError, match="it is no regular file"):
        load_safetensors(Linear(2, 1), "/dev/zero")
    with pytest.raises(OSError, match="directory"):
        load_safetensors(Linear(2, 1), tmp_path)
    with pytest.raises(FileNotFoundError):
        load_safetensors(Linear(2, 1), tmp_path / "missing")


def test_what_is_no_module_is_refused(tmp_path):
    for call in (save_safetensors, load_safetensors):
        with pytest.raises(TypeError, match=rf"{call.__name__} takes a Module, got \[1.0\] \(list\)"):
            call([1.0], tmp_path / "list.safetensors")
    assert not [*tmp_path.iterdir()]
