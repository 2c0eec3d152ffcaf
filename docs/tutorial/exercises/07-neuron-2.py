"""A dead neuron."""


# %% start
# True if a neuron is silent for all of the inputs: a list of inputs such as [2.0, 1.0].
def is_dead(neuron, inputs):
    return ...


# %% hint
# A neuron is silent where its output is 0. One input for which it speaks is enough for it to be alive: Python's `all`
# asks all of them.

# %% check
neuron = Neuron(2)
straight = Neuron(2, nonlin=False)
for each in (neuron, straight):
    for parameter, number in zip(each.parameters(), (1.0, -2.0, 0.5)):
        parameter.data = number
for each, bias, inputs, right, told in (
    (neuron, 0.5, [[2.0, 1.0]], False, "the neuron says 0.5 for [2, 1]"),
    (neuron, -5.0, [[2.0, 1.0]], True, "with the bias -5 the neuron is silent for [2, 1]"),
    (
        neuron,
        -5.0,
        [[2.0, 1.0], [9.0, 1.0]],
        False,
        "with the bias -5 the neuron is silent for [2, 1], but not for [9, 1]",
    ),
    (neuron, -5.0, [[9.0, 1.0], [2.0, 1.0]], False, "with the bias -5 the neuron speaks up for [9, 1]"),
    (neuron, -5.0, [[2.0, 1.0], [0.0, 3.0]], True, "with the bias -5 the neuron is silent for [2, 1] and for [0, 3]"),
    (straight, -5.0, [[2.0, 1.0]], False, "a neuron without a bend is never silent: it says -5 for [2, 1]"),
):
    each.b.data = bias
    said = is_dead(each, inputs)
    assert said is not ..., "Put something in place of the dots."
    assert bool(said) == right, f"is_dead says {said}, but {told}."


# %% wrong
def is_dead(neuron, inputs):
    return neuron(inputs[0]).data == 0


# %% wrong
def is_dead(neuron, inputs):
    return any(neuron(x).data == 0 for x in inputs)


# %% wrong
def is_dead(neuron, inputs):
    return neuron.b.data < 0


# %% wrong
def is_dead(neuron, inputs):
    return all(neuron(x).data <= 0 for x in inputs)


# %% right
def is_dead(neuron, inputs):
    for x in inputs:
        neuron.b.grad = 0.0
        neuron(x).backward()
        if neuron.b.grad:
            return False
    return True


# %% right
def is_dead(neuron, inputs):
    return not any(neuron(x).data for x in inputs)
