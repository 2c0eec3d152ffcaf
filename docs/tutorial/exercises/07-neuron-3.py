"""A neuron that says both."""

# %% start
# For inputs that are 0 or 1, the output shall be 1 for [1, 1] and 0 for the other three.

both = Neuron(2)
both.w[0].data, both.w[1].data, both.b.data = 0.0, 0.0, 0.0  # which three numbers?

# %% hint
# Let both weights be 1. Then the weighted sum is 0, 1, 1 or 2. Which bias makes a 1 of the 2, and lets the others not
# be more than 0?

# %% check
for p, q in ((0, 0), (0, 1), (1, 0), (1, 1)):
    said = both([p, q]).data
    assert abs(said - p * q) < 1e-9, f"For [{p}, {q}] it says {said:g}."
assert both.nonlin, "A neuron without its bend says something else."

# %% wrong
both = Neuron(2)
both.w[0].data, both.w[1].data, both.b.data = 0.5, 0.5, 0.0

# %% wrong
both = Neuron(2)
both.w[0].data, both.w[1].data, both.b.data = 1.0, 1.0, -0.5

# %% wrong
both = Neuron(2, nonlin=False)
both.w[0].data, both.w[1].data, both.b.data = 1.0, 1.0, -1.0

# %% wrong
both = Neuron(2)
both.w[0].data, both.w[1].data, both.b.data = 1.0, 1.0, -2.0
