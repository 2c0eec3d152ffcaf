"""Array programs as C99.

export.py       what users call
file.py         the two files: structs, numbers, functions
body.py         statements as loops
expressions.py  numbers, names and operations
"""

from micrograd.engine.jit.c.export import export_c

__all__ = ["export_c"]
