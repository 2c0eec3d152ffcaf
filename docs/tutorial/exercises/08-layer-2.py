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
assert isinstance(pair, Layer | nn.Layer), f"pair is a {type(pair).__name__}: it should be a Layer."
assert len(pair.neurons) == 2, f"There should be two neurons, not {len(pair.neurons)}."
assert all(neuron.nonlin for neuron in pair.neurons), "The neurons have lost their bends."
assert all(hasattr(p, "data") for p in pair.parameters()), "A knob is a Value: set its data, as in w[0].data = 0.0."
for x in (-20.0, -2.0, -0.5, 0.0, 0.5, 3.0, 20.0):
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


# %% wrong
def pair(x):
    return [Value(abs(x[0])), Value(0.0)]


# %% wrong
pair = Layer(1, 1)
pair.neurons[0].w[0].data, pair.neurons[0].b.data = 1.0, 0.0

# %% right
pair = nn.Layer(1, 2)
pair.neurons[0].w[0].data, pair.neurons[1].w[0].data = -1, 1
