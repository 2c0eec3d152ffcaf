"""The spread of dropout."""

# %% start
# The mean of the squared distance of dropout(1.0, p) from 1.


def spread(p):
    return ...


# %% hint
# With the probability `p` the result is 0, else it is `1 / (1 - p)`. For each of the two: how far is it from 1? Square
# that, multiply it by how often it happens, and add up.

# %% check
random.seed(0)
for p in (0.0, 0.1, 0.25, 0.5, 0.8):
    mine = spread(p)
    assert isinstance(mine, float | int), "spread gives no number yet: put a formula behind return."
    tried = sum((dropout(1.0, p) - 1) ** 2 for _ in range(20000)) / 20000
    assert abs(mine - tried) < 0.08 * tried + 1e-9, f"spread({p}) is {mine:.3f}; twenty thousand draws say {tried:.3f}."
    exact = p * 1 + (1 - p) * (1 / (1 - p) - 1) ** 2
    assert abs(mine - exact) < 1e-9, f"spread({p}) is close to what draws say, but there is a formula that is exact."


# %% wrong
def spread(p):
    return p


# %% wrong
def spread(p):
    return p * (1 - p)


# %% wrong
def spread(p):
    return 1 / (1 - p)


# %% wrong
def spread(p):
    return (p / (1 - p)) ** 2


# %% wrong
def spread(p):
    return 1 / 3


# %% wrong
def spread(p):
    return sum((dropout(1.0, p) - 1) ** 2 for _ in range(1000)) / 1000


# %% right
def spread(p):
    return p + (1 - p) * (1 / (1 - p) - 1) ** 2


# %% right
def spread(p):
    return 1 / (1 - p) - 1
