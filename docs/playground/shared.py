"""What all programs share that run in one Python, one after the other: modules, classes, settings."""

import gc
import random
import sys
import warnings
from importlib import import_module
from types import ModuleType

from micrograd.engine import OPS

USUAL = "micrograd.nn", "micrograd.viz"
"""Modules that most programs import. They are there from the start, and need not be imported anew for each."""

Owner = ModuleType | type


class Snapshot:
    """How all that was at one moment. To put it back takes a hundredth of the time that a new Python takes to start."""

    def take(self) -> None:
        """Remember how all is now."""
        for name in USUAL:
            import_module(name)
        self.modules = dict(sys.modules)
        self.rows, self.path, self.filters = dict(OPS), list(sys.path), list(warnings.filters)
        self.depth = sys.getrecursionlimit()
        classes = [thing for thing in gc.get_objects() if issubclass(type(thing), type)]
        modules = [module for module in self.modules.values() if isinstance(module, ModuleType)]
        self.names = [(owner, dict(vars(owner))) for owner in (*modules, *classes)]

    def put_back(self) -> None:
        """Give the names of modules and classes that a program has replaced or deleted what they stood for.

        Names that it has added stay, as it may need them.
        """
        for owner, names in self.names:
            now = vars(owner)
            for name, value in names.items():
                if now.get(name, self) is not value:
                    kind(owner).__setattr__(owner, name, value)

    def restore(self) -> None:
        """Leave nothing of what a program has changed. Modules that it was the first to import are imported anew."""
        for name in sys.modules.keys() - self.modules.keys():
            del sys.modules[name]
        sys.modules.update(self.modules)
        self.put_back()
        for owner, names in self.names:
            for name in vars(owner).keys() - names.keys():
                kind(owner).__delattr__(owner, name)
        OPS.clear()
        OPS.update(self.rows)
        sys.path[:] = self.path
        warnings.filters[:] = self.filters
        sys.setrecursionlimit(self.depth)
        random.seed()


def kind(owner: Owner) -> type:
    """The class that knows how to set a name, whatever the owner's own class makes of it."""
    return type if isinstance(owner, type) else object
