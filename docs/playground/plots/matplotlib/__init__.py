"""Plots in the playground, by the names that matplotlib gives them.

Matplotlib itself is not there in the browser. This package draws what the pages draw, as SVG and in pure Python: with
matplotlib's defaults, so that a picture here is recognisably the one that a notebook shows. What it does not know it
refuses by name. It is imported when a program imports it.
"""

from .refusals import missing


def __getattr__(name: str) -> object:
    """What is not here."""
    return missing(f"matplotlib.{name}")
