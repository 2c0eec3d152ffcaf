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
    real, mine = len(MLP(nin, nouts).parameters()), count(nin, nouts)
    assert isinstance(mine, int), f"count({nin}, {nouts}) gives {mine!r}, which is no whole number."
    assert mine == real, f"count({nin}, {nouts}) says {mine}, and MLP({nin}, {nouts}) has {real}."


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
