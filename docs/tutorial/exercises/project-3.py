"""Mini-batches."""

# %% start
# The batches of one epoch: pairs, points and their targets.


def batches(X, y, size):
    return []


# %% hint
# Shuffle `list(range(len(X)))`, and cut it into pieces of `size`: `places[start : start + size]`.

# %% check
from itertools import pairwise

ever = set()
together = 0
cases = [*((seed, 23, 5) for seed in range(150)), (150, 20, 5), (151, 7, 10), (152, 4, 1)]
for seed, count, size in cases:
    X = [[float(i), 1.0] for i in range(count)]
    y = [100 + i for i in range(count)]
    kept_X, kept_y = list(X), list(y)
    random.seed(seed)
    found = batches(X, y, size)
    assert hasattr(found, "__iter__"), f"batches gives {found!r}: the batches are wanted, as a list or with yield."
    found = [tuple(batch) if hasattr(batch, "__iter__") else (batch,) for batch in found]
    assert all(len(batch) == 2 for batch in found), "A batch is a pair: points, and their targets."
    found = [(list(points), list(targets)) for points, targets in found]
    assert (X, y) == (kept_X, kept_y), "X or y have changed: shuffle a list of places instead."
    dealt = [int(x[0]) for points, targets in found for x in points]
    assert len(dealt) == count, f"Of {count} samples the batches of an epoch have {len(dealt)}."
    assert len(set(dealt)) == count, "A sample comes twice in an epoch, and another one never."
    assert all(len(points) == len(targets) for points, targets in found), "A batch has as many targets as points."
    assert all(y[int(x[0])] == t for batch in found for x, t in zip(*batch)), (
        "Some points have the target of another one."
    )
    sizes = [len(points) for points, targets in found]
    wanted = [size] * (count // size) + [count % size] * (count % size > 0)
    assert sizes == wanted, f"{count} samples in batches of {size} make batches of {sizes}; {wanted} is wanted."
    if count == 23:
        ever |= set(dealt[:5])
        together += sum((j - i) % 23 in (1, 22) for i, j in pairwise(dealt))
assert len(ever) == 23, (
    f"In 150 epochs {23 - len(ever)} of 23 samples were never in the first batch. Shuffle all of them, and set no seed."
)
assert together < 150 * 22 / 2, "Samples that are neighbours in the list come together. Turning a list is no shuffling."


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


# %% wrong
def batches(X, y, size):
    places = list(range(len(X)))
    random.shuffle(places)
    starts = range(0, len(X), size)
    return [([X[i] for i in places[s : s + size]], [y[i] for i in places[s:]]) for s in starts]


# %% wrong
def batches(X, y, size):
    turn = random.randrange(len(X))
    X, y = X[turn:] + X[:turn], y[turn:] + y[:turn]
    return [(X[start : start + size], y[start : start + size]) for start in range(0, len(X), size)]


# %% wrong
def batches(X, y, size):
    random.seed(7)
    places = list(range(len(X)))
    random.shuffle(places)
    starts = range(0, len(X), size)
    return [([X[i] for i in places[s : s + size]], [y[i] for i in places[s : s + size]]) for s in starts]


# %% wrong
def batches(X, y, size):
    pairs = random.sample(list(zip(X, y)), len(X))
    return [pairs[start : start + size] for start in range(0, len(X), size)]


# %% right
def batches(X, y, size):
    pairs = random.sample(list(zip(X, y)), len(X))
    for start in range(0, len(X), size):
        yield tuple(zip(*pairs[start : start + size]))


# %% right
def batches(X, y, size):
    left = list(zip(X, y))
    found = []
    while left:
        part = [left.pop(random.randrange(len(left))) for _ in range(min(size, len(left)))]
        found.append(([x for x, _ in part], [t for _, t in part]))
    return found
