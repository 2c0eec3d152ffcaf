"""Even batches."""

# %% start
# The batches of an epoch, pairs of points and targets, all of the same size. What is left over is left out.


def even_batches(X, y, size):
    return []


# %% hint
# `batches(X, y, size)` shuffles and deals. Which of its batches are to be kept?

# %% check
X = [[float(i), 0.5] for i in range(23)]
y = [i % 5 for i in range(23)]
left_out = set()
for seed, size in ((0, 5), (1, 5), (2, 5), (3, 5), (4, 4), (5, 23), (6, 24)):
    random.seed(seed)
    found = list(even_batches(X, y, size))
    sizes = [len(points) for points, targets in found]
    assert all(count == size for count in sizes), (
        f"With 23 points and a size of {size}, the batches have {sizes} points."
    )
    assert len(found) == 23 // size, f"23 points make {23 // size} batches of {size}, and there are {len(found)}."
    dealt = [x for points, targets in found for x in points]
    assert len({x[0] for x in dealt}) == len(dealt), "A point comes twice in an epoch."
    pairs = [(x, t) for points, targets in found for x, t in zip(points, targets)]
    assert len(pairs) == len(dealt), "There must be a target for each point of a batch."
    assert all(y[int(x[0])] == t for x, t in pairs), "Some points have lost their targets."
    if size == 5:
        left_out.add(frozenset(range(23)) - {int(x[0]) for x in dealt})
assert len(left_out) > 1, "The same points are left out each time, so they are never learned from: shuffle first."


# %% wrong
def even_batches(X, y, size):
    return list(batches(X, y, size))


# %% wrong
def even_batches(X, y, size):
    count = len(X) // size
    return [(X[i * size : (i + 1) * size], y[i * size : (i + 1) * size]) for i in range(count)]


# %% wrong
def even_batches(X, y, size):
    found = []
    for _ in range(len(X) // size):
        places = random.sample(range(len(X)), size)
        found.append(([X[i] for i in places], [y[i] for i in places]))
    return found


# %% wrong
def even_batches(X, y, size):
    return list(batches(X, y, size))[:-1]
