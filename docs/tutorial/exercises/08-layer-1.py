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
    assert isinstance(count(nin, nout), int), (
        f"count({nin}, {nout}) gives {count(nin, nout)!r}, which is no whole number."
    )
    assert count(nin, nout) == real, (
        f"count({nin}, {nout}) says {count(nin, nout)}, and Layer({nin}, {nout}) has {real}."
    )


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
