"""The knobs of a network."""


# %% start
# How many parameters has MLP(nin, nouts), for example MLP(2, [16, 16, 1])? Without making a network.
def count(nin, nouts):
    return ...


# %% hint
# A layer has (inputs + 1) × outputs. The outputs of one layer are the inputs of the next: `zip([nin, *nouts], nouts)`
# pairs them, as in the class.

# %% check
for nin, nouts in ((2, [1]), (2, [4, 4, 1]), (3, [5, 2]), (2, [16, 16, 1])):
    real = len(MLP(nin, nouts).parameters())
    luck = random.getstate()
    mine = count(nin, list(nouts))
    assert mine is not ..., "Put something in place of the dots."
    assert isinstance(mine, int | float), f"count({nin}, {nouts}) gives {mine!r}, which is no number."
    assert mine == real, f"count({nin}, {nouts}) says {mine}, and MLP({nin}, {nouts}) has {real}."
    assert random.getstate() == luck, "count draws weights, so it makes a network. Write a formula that needs none."


# %% wrong
def count(nin, nouts):
    return sum(m * n for m, n in zip([nin, *nouts], nouts))


# %% wrong
def count(nin, nouts):
    return sum((nin + 1) * n for n in nouts)


# %% wrong
def count(nin, nouts):
    return sum((m + 1) * n for m, n in zip(nouts, nouts[1:]))


# %% wrong
def count(nin, nouts):
    return 337


# %% wrong
def count(nin, nouts):
    return len(MLP(nin, nouts).parameters())


# %% right
def count(nin, nouts):
    total = 0
    nouts.insert(0, nin)
    for i in range(1, len(nouts)):
        total += nouts[i - 1] * nouts[i] + nouts[i]
    return total


# %% right
def count(nin, nouts):
    return nouts[0] * (nin + 1) + count(nouts[0], nouts[1:]) if nouts else 0
