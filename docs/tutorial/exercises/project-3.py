"""Mini-batches."""

# %% start
# The batches of one epoch: pairs, points and their targets.


def batches(X, y, size):
    return []


# %% hint
# Shuffle `list(range(len(X)))`, and cut it into pieces of `size`: `places[start : start + size]`.

# %% check
orders = set()
for seed, count, size in ((0, 23, 5), (1, 23, 5), (2, 23, 5), (3, 20, 5), (4, 7, 10), (5, 4, 1)):
    X = [[float(i), 1.0] for i in range(count)]
    y = [i % 3 for i in range(count)]
    kept_X, kept_y = list(X), list(y)
    random.seed(seed)
    found = [(list(points), list(targets)) for points, targets in batches(X, y, size)]
    assert (X, y) == (kept_X, kept_y), "X or y have changed: shuffle a list of places instead."
    dealt = [x for points, targets in found for x in points]
    told = [t for points, targets in found for t in targets]
    assert len(dealt) == count, f"Of {count} samples the batches of an epoch have {len(dealt)}."
    assert len({x[0] for x in dealt}) == count, "A sample comes twice in an epoch, and another one never."
    assert all(len(points) == len(targets) for points, targets in found), "A batch has as many targets as points."
    assert all(y[int(x[0])] == t for x, t in zip(dealt, told)), "Some points have the target of another one."
    sizes = [len(points) for points, targets in found]
    wanted = [size] * (count // size) + [count % size] * (count % size > 0)
    assert sizes == wanted, f"{count} samples in batches of {size} make batches of {sizes}; {wanted} is wanted."
    if count == 23:
        orders.add(tuple(x[0] for x in dealt))
assert len(orders) > 1, "The order is the same in each epoch: shuffle."


# %% wrong
def batches(X, y, size):
    return [(X[start : start + size], y[start : start + size]) for start in range(0, len(X), size)]


# %% wrong
def batches(X, y, size):
    places = list(range(len(X)))
    random.shuffle(places)
    full = [places[i * size : (i + 1) * size] for i in range(len(X) // size)]
    return [([X[i] for i in part], [y[i] for i in part]) for part in full]


# %% wrong
def batches(X, y, size):
    found = []
    for start in range(0, len(X), size):
        part = random.sample(range(len(X)), min(size, len(X) - start))
        found.append(([X[i] for i in part], [y[i] for i in part]))
    return found


# %% wrong
def batches(X, y, size):
    random.shuffle(X)
    random.shuffle(y)
    return [(X[start : start + size], y[start : start + size]) for start in range(0, len(X), size)]
