"""What compiling holds: a lock, and the garbage collector. And what becomes of both when the process forks.

One lock serves all functions: with one for each, two functions that call each other, traced in two threads, would wait
for each other for ever.
"""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import llvmlite.binding as llvm

_lock = threading.RLock()  # reentrant, so that a function that calls itself ends with a RecursionError
_paused = False


@contextmanager
def compiling() -> Iterator[None]:
    """While it lasts, no other thread compiles, and Python looks for no garbage.

    Compiling makes millions of objects without a cycle among them. The collector would go through all of them again and
    again, for as long as the work itself takes.
    """
    global _paused
    with _lock:
        if not gc.isenabled():  # by the user, or by a function that is being traced and calls this one
            yield
            return
        try:
            _paused = True
            gc.disable()
            yield
        finally:
            gc.enable()
            _paused = False


def _after_fork() -> None:
    """A thread that was compiling is not there in the child, and would never give back what it holds."""
    global _lock
    _lock = threading.RLock()
    if _paused:
        gc.enable()


if hasattr(os, "register_at_fork"):  # not on Windows
    # LLVM has locks of its own, which nobody could renew: a fork waits until no thread is inside.
    _llvm = llvm.ffi.lib._lock
    os.register_at_fork(before=_llvm.__enter__, after_in_parent=_llvm.__exit__, after_in_child=_llvm.__exit__)
    os.register_at_fork(after_in_child=_after_fork)
