"""A film of backpropagation: one HTML page that steps through a graph, number by number.

`page.py` makes the page. `recording.py` writes down what happens in it, and `rules.py` writes the rules of the engine's
table out, so that the page can compute again when a reader changes a number. The scripts beside them only replay.
"""

from micrograd.viz.filming.page import Film, film

__all__ = ["Film", "film"]
