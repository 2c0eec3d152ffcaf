"""The lock that compiling takes, and what becomes of locks when the process forks.

One lock serves all functions: with one for each, two functions that call each other, traced in two threads, would wait
for each other for ever.
"""

import os
import threading

import llvmlite.binding as llvm

compiling = threading.RLock()  # reentrant, so that a function that calls itself ends with a RecursionError


def _after_fork() -> None:
    """A thread that held the lock is not there in the child, and would never release it."""
    global compiling
    compiling = threading.RLock()


if hasattr(os, "register_at_fork"):  # not on Windows
    # LLVM has locks of its own, which nobody could renew: a fork waits until no thread is inside.
    _llvm = llvm.ffi.lib._lock
    os.register_at_fork(before=_llvm.__enter__, after_in_parent=_llvm.__exit__, after_in_child=_llvm.__exit__)
    os.register_at_fork(after_in_child=_after_fork)
