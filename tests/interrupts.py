"""Ctrl-C, before a line of the packages that the test chooses."""

import linecache
import sys


class InterruptAt:
    """Raises KeyboardInterrupt before the nth line that Python runs in functions of ours, as Ctrl-C may.

    Args:
        n: Which line, counted from 1.
        *functions: The names of those whose lines count; none for all.
        again: Whether to raise it before each later line too.
        modules: What the names of their modules begin with.
    """

    def __init__(self, n, *functions, again=False, modules=("micrograd.",)):
        self.left, self.functions, self.again, self.modules = n, functions, again, modules

    def __enter__(self):
        self.old = sys.gettrace()
        sys.settrace(self.call)

    def __exit__(self, *_):
        sys.settrace(self.old)

    def call(self, frame, event, arg):
        ours = frame.f_globals.get("__name__", "").startswith(self.modules)
        return self.line if ours and (not self.functions or frame.f_code.co_name in self.functions) else None

    def line(self, frame, event, arg):
        # Where `try:` stands, and on the way out of a `with`, Python hears no signal, and may be outside of both.
        deaf = linecache.getline(frame.f_code.co_filename, frame.f_lineno).lstrip().startswith(("with ", "try:"))
        if event == "line" and not deaf:
            self.left -= 1
            if self.left == 0 or (self.again and self.left < 0):
                raise KeyboardInterrupt
        return self.line
