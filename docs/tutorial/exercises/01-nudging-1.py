"""Where the slope is zero."""

# %% start
# At which x is the slope of f zero? Find it with calculus: 6x - 4 is the slope. Then check with slope(f, x).

x = ...

# %% hint
# Where is 6x − 4 zero? Write it as a fraction: Python computes `1 / 3` as exactly as it can.

# %% check
from numbers import Real

assert isinstance(x, Real), f"x is {x!r}, which is no number."
assert abs(slope(f, x)) < 0.1, (
    f"At {float(x):g} the slope is {slope(f, x):.4f}: there f still goes {'up' if x > 0.6 else 'down'}."
)
assert abs(slope(f, x)) < 1e-7, (
    f"Nearly: at {float(x):g} the slope is {slope(f, x):g}. Write x as a fraction, as exactly as Python can."
)

# %% wrong
x = 4

# %% wrong
x = -2 / 3

# %% wrong
x = 0.667

# %% wrong
x = 0.0

# %% right
x = 0.0
for _ in range(50):
    x -= slope(f, x) / 6

# %% wrong
x = 0.66667

# %% wrong
x = 3 / 2

# %% wrong
x = "2/3"

# %% right
from fractions import Fraction

x = Fraction(2, 3)

# %% right
x = 2 / 3
slope = slope(f, x)  # a name of the chapter, which the check needs
