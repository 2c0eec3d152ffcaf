"""One peer in a process of its own.

Usage: python -m compiler.worker PEER [options of the peer], where PEER is a module of `compiler.peers`.

Such a module has a VERSION and a class Network. A Network is made for a Problem and has

    backward()      the loss and the gradient of every parameter, once; gradients may be added to those before
    found()         what the first found, as a flat list: the loss, then the gradients in the order of the parameters
    train(steps)    steps of gradient descent from where the parameters are; gives the seconds that one took
    parameters()    where they are now
"""

import importlib
import statistics
import sys
import time
from functools import cache

from compiler.memory import peak
from compiler.problem import Problem
from serving import serve

peer = importlib.import_module(f"compiler.peers.{sys.argv[1]}")


@cache
def network(sizes, batch):
    return peer.Network(Problem(sizes, batch))


def gradients(sizes, batch):
    fresh = peer.Network(Problem(tuple(sizes), batch))
    fresh.backward()
    return fresh.found()


def backward(sizes, batch, calls):
    """The median seconds of a call."""
    timed = network(tuple(sizes), batch)
    times = []
    for _ in range(calls):
        start = time.perf_counter()
        timed.backward()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def train(sizes, batch, steps):
    return network(tuple(sizes), batch).train(steps)


def parameters(sizes, batch, steps):
    fresh = peer.Network(Problem(tuple(sizes), batch))
    fresh.train(steps)
    return fresh.parameters()


serve(
    {
        "version": lambda: peer.VERSION,
        "gradients": gradients,
        "backward": backward,
        "train": train,
        "parameters": parameters,
        "memory": peak,
        "reached": lambda sizes, batch: network(tuple(sizes), batch).parameters(),
        "compiling": lambda sizes, batch: network(tuple(sizes), batch).compiling,
        "digits": lambda epochs: peer.digits(epochs),
        "digits parameters": lambda epochs: peer.digits(epochs)["parameters"],
    }
)
