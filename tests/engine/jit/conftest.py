"""The shapes that compiled code can have: what holds for one must hold for all."""

import pytest

SHAPES = [{}, {"width": 1}, {"width": 2}, {"width": 4}, {"cut": 10}, {"width": 8, "cut": 10}, {"width": 4, "cut": 1}]


@pytest.fixture(
    scope="session",  # so that Hypothesis may run many examples in one of them
    params=SHAPES,
    ids=lambda shape: "-".join(f"{name}{number}" for name, number in shape.items()) or "default",
)
def shape(request):
    """Keyword arguments of `jit`."""
    return request.param
