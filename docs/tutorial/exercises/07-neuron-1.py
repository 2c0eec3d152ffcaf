"""The border of a neuron."""


# %% start
# With the weights 1 and -2 and the bias 0.5: at which wind does the neuron begin to speak, if the sun shines that much?
def border(sun):
    return ...


# %% hint
# It begins to speak where the sum is 0: sun − 2 wind + 0.5 = 0. Solve that for the wind.

# %% check
walk = Neuron(2)
for parameter, number in zip(walk.parameters(), (1.0, -2.0, 0.5)):
    parameter.data = number
for sun in (0.0, 1.0, 2.5, -1.5, 20.0):
    wind = border(sun)
    assert wind is not ..., "Put something in place of the dots."
    assert isinstance(wind, int | float), f"border({sun}) gives {wind!r}, which is no number."
    below, above = walk([sun, wind - 1e-6]).data, walk([sun, wind + 1e-6]).data
    where = f"With the sun at {sun} and the wind at {wind:g}"
    assert below > 0, f"{where} it is silent, and with a little less wind still. There is too much wind."
    assert above == 0, f"{where} it speaks, and with a little more wind still. There is too little wind."


# %% wrong
def border(sun):
    return sun + 0.5


# %% wrong
def border(sun):
    return (sun - 0.5) / 2


# %% wrong
def border(sun):
    return 2 * sun - 0.5


# %% wrong
def border(sun):
    return 0.25


# %% wrong
def border(sun):
    return (sun + 0.5) / 2 + 0.005


# %% wrong
def border(sun):
    return 0.25 if sun < 0.5 else 0.75 if sun < 2 else 1.5


# %% right
def border(sun):
    return (1.0 * sun + 0.5) / -(-2.0)


# %% right
def border(sun):
    low, high = -1000.0, 1000.0
    for _ in range(60):
        middle = (low + high) / 2
        if sun - 2 * middle + 0.5 > 0:
            low = middle
        else:
            high = middle
    return low
