"""The two tests that users of the classic micrograd know, against torch."""

import torch

from micrograd.engine import Value


def test_sanity_check() -> None:
    def program(x):
        z = 2 * x + 2 + x
        q = z.relu() + z * x
        h = (z * z).relu()
        return h + q + q * x

    ours = Value(-4.0)
    y = program(ours)
    y.backward()
    theirs = torch.tensor(-4.0, dtype=torch.float64, requires_grad=True)
    expected = program(theirs)
    expected.backward()

    assert y.data == expected.item()
    assert ours.grad == theirs.grad.item()


def test_more_ops() -> None:
    def program(a, b):
        c = a + b
        d = a * b + b**3
        c += c + 1
        c += 1 + c + (-a)
        d += d * 2 + (b + a).relu()
        d += 3 * d + (b - a).relu()
        e = c - d
        f = e**2
        g = f / 2.0
        g += 10.0 / f
        return g

    a, b = Value(-4.0), Value(2.0)
    g = program(a, b)
    g.backward()
    ta = torch.tensor(-4.0, dtype=torch.float64, requires_grad=True)
    tb = torch.tensor(2.0, dtype=torch.float64, requires_grad=True)
    expected = program(ta, tb)
    expected.backward()

    assert abs(g.data - expected.item()) < 1e-12
    assert abs(a.grad - ta.grad.item()) < 1e-12
    assert abs(b.grad - tb.grad.item()) < 1e-12
    assert [f"{x:.4f}" for x in (g.data, a.grad, b.grad)] == ["24.7041", "138.8338", "645.5773"]
