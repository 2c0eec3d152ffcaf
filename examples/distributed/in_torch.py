"""PyTorch's part: go on from a checkpoint, in as many processes as torchrun starts, and write it anew.

    torchrun --nproc-per-node 2 examples/distributed/in_torch.py out 10

Nothing of micrograd is needed here.
"""

from argparse import ArgumentParser
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from sklearn.datasets import load_digits
from torch import distributed
from torch.nn import Linear, ReLU, Sequential
from torch.nn.functional import cross_entropy
from torch.nn.parallel import DistributedDataParallel

parser = ArgumentParser(description="Go on from a checkpoint.")
parser.add_argument("folder", type=Path, help="where the checkpoint is")
parser.add_argument("epochs", type=int)
args = parser.parse_args()
distributed.init_process_group("gloo")
rank, processes = distributed.get_rank(), distributed.get_world_size()

images, digits = map(torch.from_numpy, load_digits(return_X_y=True))
net = Sequential(Linear(64, 32), ReLU(), Linear(32, 10)).double()
net.load_state_dict(load_file(args.folder / "model.safetensors"))
optimizer = torch.optim.SGD(net.parameters())
optimizer.load_state_dict(torch.load(args.folder / "optimizer.pt"))

parallel = DistributedDataParallel(net)  # gives each process the mean of the gradients of all
for _ in range(args.epochs):
    for batch in torch.arange(len(images)).split(32):
        share = batch[rank::processes]
        total = cross_entropy(parallel(images[share] / 16), digits[share], reduction="sum")
        optimizer.zero_grad()
        (total * processes / len(batch)).backward()  # so that their mean is that of the batch
        optimizer.step()

if rank == 0:
    save_file(net.state_dict(), args.folder / "model.safetensors")
    torch.save(optimizer.state_dict(), args.folder / "optimizer.pt")
distributed.destroy_process_group()
