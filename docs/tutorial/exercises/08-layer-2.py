"""The absolute value."""

# %% start
# Two relu neurons whose outputs add up to the absolute value of x. Which weights and biases?

pair = Layer(1, 2)
for neuron in pair.neurons:
    neuron.w[0].data, neuron.b.data = 0.0, 0.0

# %% hint
# One neuron is for the numbers to the right of 0, where |x| is x. The other is for those to the left, where |x| is −x.
# Each has to be silent where the other one speaks.

# %% check
assert len(pair.neurons) == 2, f"There should be two neurons, not {len(pair.neurons)}."
assert all(neuron.nonlin for neuron in pair.neurons), "The neurons have lost their bends."
for x in (-2.0, -0.5, 0.0, 0.5, 3.0):
    said = sum(pair([x])).data
    assert abs(said - abs(x)) < 1e-9, f"For {x} the two add up to {said:g}."

# %% wrong
pair = Layer(1, 2)
for neuron in pair.neurons:
    neuron.w[0].data, neuron.b.data = 1.0, 0.0

# %% wrong
pair = Layer(1, 2)
for neuron in pair.neurons:
    neuron.w[0].data, neuron.b.data = 0.5, 0.0

# %% wrong
pair = Layer(1, 2)
for neuron, weight in zip(pair.neurons, (1.0, -1.0)):
    neuron.w[0].data, neuron.b.data = weight, 1.0

# %% wrong
pair = Layer(1, 2, nonlin=False)
for neuron, weight in zip(pair.neurons, (1.0, -1.0)):
    neuron.w[0].data, neuron.b.data = weight, 0.0
