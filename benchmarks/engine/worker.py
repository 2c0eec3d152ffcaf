"""One engine in a process of its own.

Usage: python -m engine.worker micrograd | local

`micrograd` is whichever micrograd the Python that runs this has: ours or the classic one.
"""

import gc
import random
import sys
import time
import tracemalloc
from functools import partial

from engine.network import MLP
from moons import moons
from serving import serve

if sys.argv[1] == "local":
    from engine.local_gradients import Value

    ShippedMLP = partial(MLP, Value)
else:
    from micrograd.engine import Value
    from micrograd.nn import MLP as ShippedMLP

CHAIN = 1_000_000


X, y = moons(100)
random.seed(1337)
shipped = ShippedMLP(2, [16, 16, 1])
random.seed(1337)
same = MLP(Value, 2, [16, 16, 1])


def step(model):
    """The loss of the classic demo, forward and backward; returns it with its graph."""
    scores = [model([Value(xi) for xi in point]) for point in X]
    losses = [(1 + -yi * score).relu() for yi, score in zip(y, scores)]  # noqa: B905
    loss = sum(losses) * (1.0 / len(losses)) + 1e-4 * sum(p * p for p in model.parameters())
    for p in model.parameters():
        p.grad = 0.0
    loss.backward()
    return loss


def seconds(model):
    start = time.process_time()
    step(model)
    return time.process_time() - start


def gradients(model):
    loss = step(model)
    return [loss.data, *(p.grad for p in model.parameters())]


def nodes():
    root = step(same)
    seen, todo = {root}, [root]
    while todo:
        for child in todo.pop()._prev:
            if child not in seen:
                seen.add(child)
                todo.append(child)
    return len(seen)


def memory():
    """Bytes that the graph of a step holds after its backward."""
    gc.collect()
    tracemalloc.start()
    loss = step(same)
    gc.collect()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del loss
    return held


def chain():
    """Seconds to build a chain of a million nodes, to differentiate it, and to free it."""
    gc.collect()
    w, b = Value(0.999), Value(0.001)
    start = time.process_time()
    v = Value(0.5)
    for _ in range(CHAIN // 2):
        v = v * w + b
    built = time.process_time()
    v.backward()
    differentiated = time.process_time()
    del v
    freed = time.process_time()
    return [built - start, differentiated - built, freed - differentiated]


def deep():
    """What becomes of `backward` in a chain of 5,000 nodes."""
    v = Value(0.5)
    for _ in range(5000):
        v = v + 1
    try:
        v.backward()
    except RecursionError:
        return "RecursionError"
    return "done"


serve(
    {
        "shipped gradients": partial(gradients, shipped),
        "gradients": partial(gradients, same),
        "shipped step": partial(seconds, shipped),
        "step": partial(seconds, same),
        "nodes": nodes,
        "memory": memory,
        "chain": chain,
        "deep": deep,
    }
)
