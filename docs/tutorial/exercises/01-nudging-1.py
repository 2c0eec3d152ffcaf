"""Where the slope is zero."""

# %% start
# At which x is the slope of f zero? Find it with calculus: 6x - 4 is the slope. Then check with slope(f, x).

x = ...

# %% hint
# Where is 6x − 4 zero? Write it as a fraction: Python computes `1 / 3` as exactly as it can.

# %% check
assert isinstance(x, int | float), "Put a number in place of the dots."
assert abs(slope(f, x)) < 0.1, (
    f"At {x:g} the slope is {slope(f, x):.4f}: there f still goes {'up' if x > 0.6 else 'down'}."
)
assert abs(slope(f, x)) < 1e-4, f"Nearly: at {x:g} the slope is {slope(f, x):.4f}. Write x as a fraction, it is exact."

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
