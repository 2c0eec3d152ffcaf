"""An honest forecast."""

# %% start
# The mean surprise of a forecast that says "rain" with the probability p every day, where it rains on the part often of
# all days.


def mean_surprise(p, often):
    return ...


# The p with the least surprise for often = 0.7, to two digits.
best = ...

# %% hint
# On a rainy day the surprise is `-math.log(p)`. What is the probability that the forecast gives to a dry day, and how
# often is one? For `best`, try `0.01`, `0.02` and so on with `min`.

# %% check
for p, often in ((0.5, 0.5), (0.5, 0.2), (0.9, 0.7), (0.1, 0.25), (0.7, 0.7), (0.3, 1.0), (0.3, 0.0)):
    mine = mean_surprise(p, often)
    assert isinstance(mine, float | int), "mean_surprise gives no number yet."
    rainy = round(often * 100)
    wanted = sum([-math.log(p)] * rainy + [-math.log(1 - p)] * (100 - rainy)) / 100
    assert abs(mine - wanted) < 1e-9, (
        f"mean_surprise({p}, {often}) is {mine:.4f}. Of a hundred days {rainy} are rainy; "
        f"the surprises of all hundred have the mean {wanted:.4f}."
    )
assert isinstance(best, float | int), f"best is {best!r}: it should be the p with the least surprise, a number."
assert 0 < best < 1, f"best is {best}: a probability that is neither 0 nor 1 is asked for."
for other in (best - 0.002, best + 0.002):
    if 0 < other < 1:
        assert mean_surprise(other, 0.7) > mean_surprise(best, 0.7), f"Not {best:g}: {other:g} is a better forecast."


# %% wrong
def mean_surprise(p, often):
    return -math.log(p) * often


best = 0.99


# %% wrong
def mean_surprise(p, often):
    return -often * math.log(p) - (1 - often) * math.log(1 - p)


best = 0.9


# %% wrong
def mean_surprise(p, often):
    return -p * math.log(often) - (1 - p) * math.log(1 - often) if 0 < often < 1 else 0.0


best = 0.7


# %% wrong
def mean_surprise(p, often):
    return -often * math.log(p) - (1 - often) * math.log(1 - p)


best = 0.5


# %% wrong
def mean_surprise(p, often):
    return (-math.log(p) - math.log(1 - p)) / 2


best = 0.5


# %% wrong
def mean_surprise(p, often):
    return -often * math.log(p) - (1 - often) * math.log(1 - p)


best = 0.704


# %% wrong
def mean_surprise(p, often):
    return -often * math.log(p) - (1 - often) * math.log(1 - p)


best = mean_surprise(0.7, 0.7)


# %% right
def mean_surprise(p, often):
    return often * math.log(1 / p) + (1 - often) * math.log(1 / (1 - p))


best = 0.5
for _ in range(1000):
    best -= 0.01 * slope(lambda p: mean_surprise(p, 0.7), best)
