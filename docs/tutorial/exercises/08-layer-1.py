"""The knobs of a layer."""


# %% start
# How many parameters has Layer(nin, nout)? Write the formula, without making a layer.
def count(nin, nout):
    return ...


# %% hint
# How many has one of its neurons? Do not forget the bias.

# %% check
for nin, nout in ((1, 1), (2, 3), (3, 2), (10, 20)):
    real = len(Layer(nin, nout).parameters())
    luck = random.getstate()
    mine = count(nin, nout)
    assert mine is not ..., "Put something in place of the dots."
    assert isinstance(mine, int | float), f"count({nin}, {nout}) gives {mine!r}, which is no number."
    assert mine == real, f"count({nin}, {nout}) says {mine}, and Layer({nin}, {nout}) has {real}."
    assert random.getstate() == luck, "count draws weights, so it makes a layer. Write a formula that needs none."


# %% wrong
def count(nin, nout):
    return nin * nout


# %% wrong
def count(nin, nout):
    return nin * nout + 1


# %% wrong
def count(nin, nout):
    return nin * (nout + 1)


# %% wrong
def count(nin, nout):
    return 220


# %% wrong
def count(nin, nout):
    return len(Layer(nin, nout).parameters())


# %% right
def count(nin, nout):
    return nin * nout + nout
