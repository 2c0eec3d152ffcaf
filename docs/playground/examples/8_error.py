"""An error, and what it says."""

from micrograd.engine import Value


def area(width, height):
    """Of a rectangle."""
    return Value(width) * Value(height)


area(2.0, "three")
