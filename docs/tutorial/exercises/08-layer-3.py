"""A line without bends."""

# %% start
# Without their bends, the three neurons say x, x - 1 and x - 2. The black line is 1, -2 and 2 times them. Which slope
# has it now, and how high is it at x = 0?

line_slope = ...
line_height = ...

# %% hint
# Write it out: 1 · x − 2 · (x − 1) + 2 · (x − 2), and gather what has an x and what has none.

# %% check
assert isinstance(line_slope, int | float), "line_slope is not a number yet."
assert isinstance(line_height, int | float), "line_height is not a number yet."
told = f"Not {line_slope:g}: without bends every neuron adds its slope times its weight, everywhere."
assert abs(line_slope - (1 * 1 - 2 * 1 + 2 * 1)) < 1e-6, told
assert abs(line_height - (1 * 0 - 2 * -1 + 2 * -2)) < 1e-6, f"Not {line_height:g}: at 0 the neurons say 0, -1 and -2."

# %% wrong
line_slope, line_height = 1, 0

# %% wrong
line_slope, line_height = 5, -2

# %% wrong
line_slope, line_height = 1, 2

# %% wrong
line_slope, line_height = 0, -2

# %% right
flat = Layer(1, 3, nonlin=False)
for neuron, bias in zip(flat.neurons, (0.0, -1.0, -2.0)):
    neuron.w[0].data, neuron.b.data = 1.0, bias


def line(x):
    return sum(weight * out.data for weight, out in zip((1.0, -2.0, 2.0), flat([x])))


line_slope, line_height = slope(line, 0.3), line(0.0)
