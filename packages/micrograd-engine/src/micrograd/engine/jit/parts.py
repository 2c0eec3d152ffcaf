"""A large batch in parts, which the processor's cores share.

Which samples form a part is decided by the batch and the program alone: so sums over the samples, which are added up
part by part, have the same bits however many cores there are.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from functools import cache
from typing import TypeVar

from micrograd.engine.jit.memory import whole_vectors

T = TypeVar("T")

MOST = 64  # parts of a batch
LEAST = 1024  # samples of a part, or the gradient of a large model would be cleared and read too often
WORTH = 2**23  # instructions of a part: they take a hundred microseconds and more, what a part costs besides, four
CACHED = 2**17  # numbers that stay in a core's cache: as many are laid out, computed with and written at a time


def size(numbers: int, instructions: int) -> int:
    """How many samples a part has, at least.

    Args:
        numbers: How many numbers are read and written for a sample.
        instructions: How many it takes.
    """
    return max(LEAST, min(CACHED // max(1, numbers), WORTH // max(1, instructions)))


def split(batch: int, size: int, width: int) -> list[range]:
    """A batch in parts of `size` samples and more: whole vectors, but for the last part."""
    count = min(MOST, max(1, batch // size))
    each = whole_vectors(-(-batch // count), width)
    return [range(first, min(first + each, batch)) for first in range(0, batch, each)]


def cores() -> int:
    """The processors that this process may use, but not more than the environment variable OMP_NUM_THREADS says."""
    affinity = getattr(os, "sched_getaffinity", None)  # not on macOS, nor on Windows
    available = len(affinity(0)) if affinity else os.cpu_count() or 1
    asked = os.environ.get("OMP_NUM_THREADS", "")
    return min(available, max(1, int(asked))) if asked.isdecimal() else available


def share(work: Callable[[range], T], parts: Sequence[range], threads: int) -> list[T]:
    """What `work` returns for each part, in their order. This thread and others take the parts in turn.

    An error, or a Ctrl-C, comes through when the parts that have begun are done.
    """
    waiting = deque(enumerate(parts))
    found: dict[int, T] = {}

    def take() -> None:
        try:
            while waiting:
                with suppress(IndexError):  # another thread may take the last one first
                    i, part = waiting.popleft()
                    found[i] = work(part)
        finally:
            waiting.clear()

    helpers: list[Future[None]] = []
    try:
        with suppress(RuntimeError):  # no more threads can be started, say when the interpreter is about to end
            helpers += (_pool().submit(take) for _ in range(threads - 1))
        take()
    finally:
        begun = [helper for helper in helpers if not helper.cancel()]
        wait(begun)
    for helper in begun:
        helper.result()
    return [found[i] for i in range(len(parts))]


@cache
def _pool() -> ThreadPoolExecutor:
    """Threads that wait for work, started when they are first needed: to start one takes a while."""
    return ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="micrograd")


if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(after_in_child=_pool.cache_clear)  # they are not there in the child
