"""Backward, twice."""

# %% start
# y = b + b * a with b = a * a and a = 2. After y.backward() has been called twice: what is a.grad with your class, and
# what with the finished engine?

yours = ...
finished = ...

# %% hint
# Run it with both: `Value(2.0)` and `engine.Value(2.0)`. Then find out which gradients of yours were not 0 when the
# second pass began.

# %% check
grads = []
for kind in (Value, engine.Value):
    a = kind(2.0)
    b = a * a
    y = b + b * a
    y.backward()
    y.backward()
    grads.append(a.grad)
assert isinstance(yours, int | float), "yours is not a number yet."
assert isinstance(finished, int | float), "finished is not a number yet."
assert yours != 32, "Twice 16 it would be if b had begun the second pass at 0."
assert yours == grads[0], f"yours is not {yours:g}: also b begins the second pass with what is left in it."
assert finished == grads[1], f"finished is not {finished:g}: there only the leaves add up."

# %% wrong
yours, finished = 32, 32

# %% wrong
yours, finished = 16, 16

# %% wrong
yours, finished = 56, 56

# %% wrong
yours, finished = 56, 16
