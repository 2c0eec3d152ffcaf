"""One peer in a process of its own.

Usage: python -m compiler.worker PEER [options of the peer], where PEER is a module of `compiler.peers`.

Such a module has a VERSION and a class Network. A Network is made for a Problem and has

    backward()      the loss and the gradient of every parameter, once
    found()         what that found, as a flat list: the loss, then the gradients in the order of the parameters
    train(steps)    steps of gradient descent from where the parameters are; gives the seconds that one took
    parameters()    where they are now
"""

import importlib
import resource
import statistics
import sys
import time
from functools import cache

from compiler.problem import Problem
from serving import serve

peer = importlib.import_module(f"compiler.peers.{sys.argv[1]}")


@cache
def network(sizes, batch):
    return peer.Network(Problem(sizes, batch))


def gradients(sizes, batch):
    timed = network(tuple(sizes), batch)
    timed.backward()
    return timed.found()


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
    trained = peer.Network(Problem(tuple(sizes), batch))
    trained.train(steps)
    return trained.parameters()


def memory():
    """The most bytes that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


serve(
    {
        "version": lambda: peer.VERSION,
        "gradients": gradients,
        "backward": backward,
        "train": train,
        "parameters": parameters,
        "memory": memory,
        "compiling": lambda sizes, batch: network(tuple(sizes), batch).compiling,
        "digits": lambda *arguments: peer.digits(*arguments),
    }
)
