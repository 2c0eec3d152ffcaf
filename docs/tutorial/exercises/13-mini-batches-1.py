"""How many steps."""

# %% start
# The number of steps of a training that goes through all points in batches of this size, so many epochs long.


def steps(points, size, epochs):
    return ...


# %% hint
# Count for one epoch first: 200 points in batches of 60 are 60, 60, 60 and 20. All are dealt anew in each epoch.

# %% check
for points, size, epochs, wanted in (
    (200, 10, 20, 400),
    (200, 60, 1, 4),
    (200, 60, 3, 12),
    (7, 10, 5, 5),
    (9, 3, 2, 6),
    (1, 1, 9, 9),
    (1000, 999, 10, 20),
):
    count = steps(points, size, epochs)
    assert count is not ..., "steps gives nothing yet: put a formula behind return."
    assert count == wanted, (
        f"steps({points}, {size}, {epochs}) is {count}. Deal {points} points in batches of {size}, "
        "count the batches, a smaller last one among them, and do that in each epoch."
    )


# %% wrong
def steps(points, size, epochs):
    return points // size * epochs


# %% wrong
def steps(points, size, epochs):
    return points / size * epochs


# %% wrong
def steps(points, size, epochs):
    return -(-points * epochs // size)


# %% wrong
def steps(points, size, epochs):
    return (points // size + 1) * epochs


# %% right
def steps(points, size, epochs):
    return math.ceil(points / size) * epochs


# %% right
def steps(points, size, epochs):
    return sum(len(range(0, points, size)) for _ in range(epochs))
