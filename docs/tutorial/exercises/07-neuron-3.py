"""A neuron that says both."""

# %% start
# For inputs that are 0 or 1, the output shall be 1 for [1, 1] and 0 for the other three.

both = Neuron(2)
both.w[0].data, both.w[1].data, both.b.data = 0.0, 0.0, 0.0  # which three numbers?

# %% hint
# Let both weights be 1. Then the weighted sum is 0, 1, 1 or 2. Which bias makes a 1 of the 2, and lets the others not
# be more than 0?

# %% check
assert isinstance(both, Neuron | nn.Neuron), f"both is a {type(both).__name__}: it should be a Neuron."
assert both.nonlin, "A neuron without its bend says something else."
assert len(both.w) == 2, f"For two inputs there are two weights, and not {len(both.w)}."
assert all(hasattr(p, "data") for p in both.parameters()), "A knob is a Value: set its data, as in both.b.data = 0.0."
for p, q in ((0, 0), (0, 1), (1, 0), (1, 1)):
    said = both([p, q]).data
    assert abs(said - p * q) < 1e-9, f"For [{p}, {q}] it says {said:g}."

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


# %% wrong
def both(x):
    return Value(float(x[0] * x[1]))


# %% wrong
both = Neuron(2)
both.w, both.b = [1.0, 1.0], -1.0

# %% right
both = Neuron(2)
for knob, number in zip(both.parameters(), (0.5, 0.5, 0.0)):
    knob.data = number
both.w[0].data, both.w[1].data, both.b.data = 3, 3, -5

# %% right
both = nn.Neuron(2)
both.w[0].data = both.w[1].data = 1.0
both.b.data = -1.0
