"""Even batches."""

# %% start
# The batches of an epoch, pairs of points and targets, all of the same size. What is left over is left out.


def even_batches(X, y, size):
    return []


# %% hint
# `batches(X, y, size)` shuffles and deals. Which of its batches are to be kept?

# %% check
from itertools import pairwise

X = [[float(i), 0.5] for i in range(23)]
y = [100 + i for i in range(23)]
ever = set()
together = 0
for seed, size in [*((seed, 5) for seed in range(150)), (150, 4), (151, 23), (152, 24)]:
    random.seed(seed)
    found = even_batches(list(X), list(y), size)
    assert hasattr(found, "__iter__"), f"even_batches gives {found!r}: batches are wanted, as a list or with yield."
    found = [tuple(batch) if hasattr(batch, "__iter__") else (batch,) for batch in found]
    assert all(len(batch) == 2 for batch in found), "A batch is a pair: a list of points and a list of their targets."
    found = [(list(points), list(targets)) for points, targets in found]
    sizes = [len(points) for points, targets in found]
    assert all(count == size for count in sizes), (
        f"With 23 points and a size of {size}, the batches have {sizes} points."
    )
    assert len(found) == 23 // size, f"23 points make {23 // size} batches of {size}, and there are {len(found)}."
    dealt = [[int(x[0]) for x in points] for points, targets in found]
    met = {i for part in dealt for i in part}
    assert len(met) == size * len(dealt), "A point comes twice in an epoch."
    assert all(len(targets) == size for points, targets in found), "A batch has as many targets as points."
    assert all(t == y[int(x[0])] for batch in found for x, t in zip(*batch)), "Some points have lost their targets."
    if size == 5:
        ever |= set(range(23)) - met
        together += sum((j - i) % 23 in (1, 22) for part in dealt for i, j in pairwise(part))
assert len(ever) == 23, (
    f"In 150 epochs {23 - len(ever)} of the 23 points were never left out. Shuffle all of them, and set no seed."
)
assert together < 150 * 16 / 2, "Points that are neighbours in the list come together. Turning a list is no shuffling."


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


# %% wrong
def even_batches(X, y, size):
    places = list(range(len(X)))
    random.shuffle(places)
    found = []
    for start in range(0, len(X) - size + 1, size):
        found.append(([X[i] for i in places[start : start + size]], [y[i] for i in places[start:]]))
    return found


# %% wrong
def even_batches(X, y, size):
    turn = random.randrange(len(X))
    X, y = X[turn:] + X[:turn], y[turn:] + y[:turn]
    starts = range(0, len(X) - size + 1, size)
    return [(X[start : start + size], y[start : start + size]) for start in starts]


# %% wrong
def even_batches(X, y, size):
    starts = list(range(0, len(X) - size + 1, size))
    random.shuffle(starts)
    return [(X[start : start + size], y[start : start + size]) for start in starts]


# %% wrong
def even_batches(X, y, size):
    random.seed(1)
    return [batch for batch in batches(X, y, size) if len(batch[0]) == size]


# %% wrong
def even_batches(X, y, size):
    pairs = random.sample(list(zip(X, y)), len(X) // size * size)
    return [pairs[start : start + size] for start in range(0, len(pairs), size)]


# %% right
def even_batches(X, y, size):
    pairs = random.sample(list(zip(X, y)), len(X) // size * size)
    for start in range(0, len(pairs), size):
        yield zip(*pairs[start : start + size])


# %% right
def even_batches(X, y, size):
    kept = list(batches(X, y, size))
    if kept and len(kept[-1][0]) < size:
        kept.pop()
    return kept
