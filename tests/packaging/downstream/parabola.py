"""Fits a parabola with a Module of its own."""

from typing import assert_type

from micrograd.engine import Value, grad
from micrograd.nn import SGD, Module, fit, mse_loss


class Polynomial(Module):
    """A polynomial whose coefficients are learned, lowest first."""

    def __init__(self, degree: int) -> None:
        self.coefficients = [Value(0.0) for _ in range(degree + 1)]

    def __call__(self, x: list[Value]) -> Value:
        return sum((c * x[0] ** power for power, c in enumerate(self.coefficients)), Value(0.0))


def main() -> None:
    """Learn 1 - 2x + 3x² from samples, and print the coefficients and the slope at 2."""
    xs = [i / 10 for i in range(-10, 11)]
    ys = [1 - 2 * x + 3 * x * x for x in xs]
    model = Polynomial(2)
    history = fit(model, mse_loss, SGD(model.parameters(), lr=0.2, momentum=0.9), xs, ys, epochs=300, progress=False)
    assert_type(history.loss, list[float])
    assert_type(model.state_dict(), dict[str, float])

    x = Value(2.0)
    slope = grad(model([x]), x)
    assert_type(slope, Value)
    print(*(f"{c:.4f}" for c in model.coefficients), f"{slope:.4f}")


def misuse() -> None:
    """What a type checker has to complain about: were it silent, it would find these comments unnecessary."""
    Value("2.0")  # type: ignore[arg-type]
    Polynomial(2).coefficients = "1, -2, 3"  # type: ignore[assignment]
    SGD(Polynomial(2), lr=0.2)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
