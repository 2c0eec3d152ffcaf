"""Three gradients on paper."""

# %% start
# y = (a + b) * c with a = 1, b = 2, c = -4. What are the three gradients?

a_grad = ...
b_grad = ...
c_grad = ...

# %% hint
# Begin at the end: which numbers does the times exchange? Then let the plus hand on what arrived there.

# %% check
for name, grad in (("a_grad", a_grad), ("b_grad", b_grad), ("c_grad", c_grad)):
    assert isinstance(grad, int | float), f"{name} is not a number yet."
assert c_grad == 1 + 2, f"Not {c_grad:g} for c: a times hands to each operand the number of the other."
assert a_grad == b_grad, "A plus hands the same gradient to both sides."
assert a_grad == -4, f"Not {a_grad:g} for a: what does the sum receive from the times?"

# %% wrong
a_grad, b_grad, c_grad = 1, 1, 3

# %% wrong
a_grad, b_grad, c_grad = -4, -8, 3

# %% wrong
a_grad, b_grad, c_grad = -4, -4, -4

# %% wrong
a_grad, b_grad, c_grad = 3, 3, 3

# %% wrong
a_grad, b_grad, c_grad = -4, -4, 2

# %% right
a, b, c = Value(1.0), Value(2.0), Value(-4.0)
s = a + b
y = s * c
y.grad = 1.0
y.push()
s.push()
a_grad, b_grad, c_grad = a.grad, b.grad, c.grad
