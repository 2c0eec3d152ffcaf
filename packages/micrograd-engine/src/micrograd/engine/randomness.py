"""Random numbers that the compiler can draw too, once for each sample and call."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_source: ContextVar[Callable[[], Any] | None] = ContextVar("source", default=None)


def draw() -> Any:
    """A random number from 0 to 1, from Python's global `random`; under the compiler one for each sample at each call.

    Returns:
        A float; in a function that is being traced a placeholder for one.

    Example:
        >>> import random
        >>> random.seed(0)
        >>> draw()
        0.8444218515250481
    """
    from random import random  # slow to import, and not everybody draws

    return (_source.get() or random)()


@contextmanager
def drawing(source: Callable[[], Any]) -> Iterator[None]:
    """While it lasts, `draw` takes its numbers from elsewhere, in this thread.

    What is compiled goes on to draw from the seed that it is given or takes from Python's `random`.

    Args:
        source: Returns the next number, from 0 to 1.

    Example:
        >>> import random
        >>> with drawing(random.Random(0).random):
        ...     draw()
        0.8444218515250481
    """
    token = _source.set(source)
    try:
        yield
    finally:
        _source.reset(token)
