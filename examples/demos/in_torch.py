"""The training of `digits.py` once more, in PyTorch: from the same weights, through the same batches."""

import random
import time
from collections.abc import Callable

import numpy as np
import torch

from micrograd.nn import MLP
from micrograd.nn.interop import to_torch


def train(
    model: MLP,
    X: np.ndarray,
    y: np.ndarray,
    X_new: np.ndarray,
    y_new: np.ndarray,
    epochs: int,
    batch_size: int,
    hyper: dict,
    decay: Callable[[int], float],
    seed: int,
) -> None:
    """Train in one thread, in float64 and eagerly, and print what came out.

    Args:
        model: Where to start from; it is not changed.
        X: The images, shape (samples, 64).
        y: What they are, shape (samples,).
        X_new: Held-out images.
        y_new: What they are.
        epochs: How many times to go through all images.
        batch_size: As in `fit`.
        hyper: What both `SGD`s take.
        decay: The factor of the learning rate in each epoch.
        seed: Of Python's global `random` when `fit` began, which shuffles the samples in just this way.
    """
    torch.set_num_threads(1)
    images, labels = torch.from_numpy(X), torch.from_numpy(y)
    net = to_torch(model)
    optimizer = torch.optim.SGD(net.parameters(), **hyper)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, decay)
    shuffle = random.Random(seed).shuffle
    losses = []

    start = time.perf_counter()
    for _ in range(epochs):
        order = list(range(len(X)))
        shuffle(order)
        total = 0.0
        for x, t in zip(images[order].split(batch_size), labels[order].split(batch_size), strict=True):
            loss = torch.nn.functional.cross_entropy(net(x), t)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(t)
        schedule.step()
        losses.append(total / len(X))
    seconds = time.perf_counter() - start

    with torch.no_grad():
        accuracy = np.mean(net(torch.from_numpy(X_new)).argmax(dim=1).numpy() == y_new)
    print(f"PyTorch {torch.__version__}, eager, on one thread, from the same weights through the same batches:")
    print(f"  loss {losses[0]:.4f} -> {losses[-1]:.4f}")
    print(f"  accuracy on the held-out images: {accuracy:.1%}")
    print(f"  {epochs} passes took {seconds:.2f} s")
