"""Two layers that are one."""


# %% start
# Both layers are without bends, and the second has one neuron. Give a single neuron, also without a bend, that says the
# same as second(first(x)).
def merged(first, second):
    one = Neuron(len(first.neurons[0].w), nonlin=False)
    for weight in one.w:
        weight.data = 0.0  # what is it made of?
    one.b.data = 0.0
    return one


# %% hint
# Call the second layer's neuron `last`. It counts neuron `k` of the first layer `last.w[k].data` times. So input `i`
# counts, by way of it, `last.w[k].data * first.neurons[k].w[i].data` times; add this up over all `k`. Do the same with
# the biases, and add that of the last neuron.

# %% check
random.seed(1)
for nin, hidden in ((1, 2), (2, 3), (3, 2)):
    first, second = Layer(nin, hidden, nonlin=False), Layer(hidden, 1, nonlin=False)
    parameters = [*first.parameters(), *second.parameters()]
    for parameter in parameters:
        parameter.data = random.uniform(-1, 1)  # biases too
    inputs = [[0.0] * nin, *([random.uniform(-2, 2) for _ in range(nin)] for _ in range(5))]
    answers = [second(first(x)).data for x in inputs]
    before = [parameter.data for parameter in parameters]
    one = merged(first, second)
    assert isinstance(one, Neuron), f"merged gives {one!r}: it should give a Neuron."
    assert not one.nonlin, "The neuron should have no bend."
    assert [parameter.data for parameter in parameters] == before, "merged has changed the layers that it was given."
    for x, answer in zip(inputs, answers):
        said = one(x).data
        told = f"With {hidden} hidden neurons, for {x} it says {said:.3f} and the two layers say {answer:.3f}."
        assert abs(said - answer) < 1e-9, told


# %% wrong
def merged(first, second):
    last = second.neurons[0]
    one = Neuron(len(first.neurons[0].w), nonlin=False)
    for i, weight in enumerate(one.w):
        weight.data = sum(v.data * neuron.w[i].data for v, neuron in zip(last.w, first.neurons))
    one.b.data = last.b.data
    return one


# %% wrong
def merged(first, second):
    last = second.neurons[0]
    one = Neuron(len(first.neurons[0].w), nonlin=False)
    for i, weight in enumerate(one.w):
        weight.data = sum(v.data * neuron.w[i].data for v, neuron in zip(last.w, first.neurons))
    one.b.data = last.b.data + sum(neuron.b.data for neuron in first.neurons)
    return one


# %% wrong
def merged(first, second):
    last = second.neurons[0]
    one = Neuron(len(first.neurons[0].w))
    for i, weight in enumerate(one.w):
        weight.data = sum(v.data * neuron.w[i].data for v, neuron in zip(last.w, first.neurons))
    one.b.data = last.b.data + sum(v.data * neuron.b.data for v, neuron in zip(last.w, first.neurons))
    return one


# %% wrong
def merged(first, second):
    return first.neurons[0]


# %% wrong
def merged(first, second):
    for parameter in first.parameters() + second.parameters():
        parameter.data = 0.0
    one = Neuron(len(first.neurons[0].w), nonlin=False)
    for weight in one.w:
        weight.data = 0.0
    return one


# %% right
def merged(first, second):
    nin = len(first.neurons[0].w)
    one = Neuron(nin, nonlin=False)
    one.b.data = second(first([0.0] * nin)).data
    for i, weight in enumerate(one.w):
        alone = [float(i == k) for k in range(nin)]
        weight.data = second(first(alone)).data - one.b.data
    return one


# %% right
def merged(first, second):
    last = second.neurons[0]
    one = Neuron(0, nonlin=False)
    one.w = [sum(v * neuron.w[i] for v, neuron in zip(last.w, first.neurons)) for i in range(len(first.neurons[0].w))]
    one.b = sum((v * neuron.b for v, neuron in zip(last.w, first.neurons)), last.b)
    return one
