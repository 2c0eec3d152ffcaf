"""Half of the target."""

# %% start
# A network answers every point with exactly half of its target. What is its mean squared error, and its share of right
# answers?

loss = ...
share = ...

# %% hint
# The targets are 1 and −1. How far off is each answer, and what is the square of that? Which sign has half of a target?

# %% check
assert isinstance(loss, int | float), "loss is not a number yet."
assert isinstance(share, int | float), "share is not a number yet."
assert loss != 0.5, "0.5 is how far off each answer is. The error is squared."
assert abs(loss - (1 - 0.5) ** 2) < 1e-9, (
    f"Not {loss:g}: take one point, subtract, square, and all the others are like it."
)
assert 0 <= share <= 1, f"A share lies between 0 and 1, and yours is {share:g}."
assert abs(share - 1) < 1e-9, f"Not {share:g}: a decision is the sign of the answer, however small that is."

# %% wrong
loss, share = 0.5, 1.0

# %% wrong
loss, share = 0.25, 0.5

# %% wrong
loss, share = 0.0, 1.0

# %% wrong
loss, share = 10.0, 1.0

# %% wrong
loss, share = 0.25, 100

# %% right
X, y = moons(40)
targets = {tuple(x): target for x, target in zip(X, y)}


def halfway(x):
    return Value(targets[tuple(x)] / 2)


loss, share = mean_squared_error(halfway, X, y).data, share_right(halfway, X, y)
