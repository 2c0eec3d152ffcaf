"""Pushed twice."""

# %% start
# As in exercise 2, but s.push() is called twice. What are then s.grad and a.grad?

s_grad = ...
a_grad = ...

# %% hint
# `s.push()` changes the operands of `s`, and not `s` itself. What does it add to `a.grad` each time?

# %% check
a, b = Value(1.0), Value(2.0)
s = a + b
y = s * s
y.grad = 1.0
for node in (y, s, s):
    node.push()
assert isinstance(s_grad, int | float), "s_grad is not a number yet."
assert isinstance(a_grad, int | float), "a_grad is not a number yet."
assert s_grad == s.grad, f"s.grad is not {s_grad:g}: y pushed once, by two edges, and s does not push to itself."
assert a_grad == a.grad, f"a.grad is not {a_grad:g}: each push of s adds s.grad to it."

# %% wrong
s_grad, a_grad = 6, 6

# %% wrong
s_grad, a_grad = 12, 12

# %% wrong
s_grad, a_grad = 3, 6

# %% wrong
s_grad, a_grad = 6, 36
