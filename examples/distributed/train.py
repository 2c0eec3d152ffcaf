"""Train here, go on in two processes of PyTorch, and come back, beside a twin that stays here."""

import random
import subprocess
import sys
from argparse import ArgumentParser
from copy import deepcopy
from pathlib import Path

import torch
from safetensors.torch import load_file
from sklearn.datasets import load_digits

from micrograd.nn import MLP, SGD, cross_entropy, fit
from micrograd.nn.interop import from_torch, save_safetensors, to_torch

parser = ArgumentParser(description=__doc__)
parser.add_argument("--epochs", type=int, default=10, help="of each stretch (default: 10)")
parser.add_argument("--processes", type=int, default=2, help="of PyTorch (default: 2)")
parser.add_argument("--out", type=Path, default="out", help="folder of the checkpoint (default: out)")
args = parser.parse_args()
images, digits = load_digits(return_X_y=True)
fixed = {"batch_size": 32, "shuffle": False, "jit": True, "progress": False}


def train(model, optimizer):
    """Go through the images in their order, as PyTorch's part does, and give the last loss."""
    return fit(model, cross_entropy, optimizer, images / 16, digits, args.epochs, **fixed).loss[-1]


random.seed(1)
model = MLP(64, [32, 10])
optimizer = SGD(model.parameters(), lr=0.1, momentum=0.9)
print(f"here: loss {train(model, optimizer):.6f}")
twin, twin_optimizer = deepcopy((model, optimizer))

net, torch_optimizer = to_torch(model, optimizer=optimizer)
args.out.mkdir(parents=True, exist_ok=True)
save_safetensors(model, args.out / "model.safetensors")
torch.save(torch_optimizer.state_dict(), args.out / "optimizer.pt")

torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
program = [Path(__file__).with_name("in_torch.py"), args.out, str(args.epochs)]
subprocess.run([*torchrun, f"--nproc-per-node={args.processes}", *program], check=True)

net.load_state_dict(load_file(args.out / "model.safetensors"))
torch_optimizer.load_state_dict(torch.load(args.out / "optimizer.pt"))
model, optimizer = from_torch(net, optimizer=torch_optimizer, into=model)

train(twin, twin_optimizer)
pairs = zip(model.parameters(), twin.parameters(), strict=True)
apart = max(abs(ours.data - of_twin.data) for ours, of_twin in pairs)
print(f"back from {args.processes} processes: at most {apart:.0e} from the twin")
loss, of_twin = train(model, optimizer), train(twin, twin_optimizer)
print(f"here again: loss {loss:.6f}, of the twin {of_twin:.6f}")
