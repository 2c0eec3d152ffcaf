"""Three parts."""

# %% start
# Shuffle the points, and give back three pairs of lists: 60 % of them for training, 20 % for validation, 20 % for the
# test. Each pair is like those of split: the points, and their targets.


def three_parts(X, y):
    training = [], []
    validation = [], []
    test = [], []
    return training, validation, test


# %% hint
# `split(X, y, kept)` makes two parts of one. What it returns can be split again: `split(*rest, kept)`.

# %% check
X = [[float(i), -float(i)] for i in range(50)]
y = [i % 7 for i in range(50)]
firsts = set()
for seed in range(4):
    random.seed(seed)
    parts = three_parts(X, y)
    assert isinstance(parts, (tuple, list)), "Give back three pairs: training, validation, test."
    assert len(parts) == 3, "Give back three pairs: training, validation, test."
    assert all(len(part) == 2 for part in parts), "Each of the three is a pair: a list of points and a list of targets."
    points = [x for part in parts for x in part[0]]
    assert len(points) >= 50, f"Of 50 points only {len(points)} are in the three parts."
    assert len(points) == 50, f"50 points have become {len(points)}: some are in more than one part."
    assert sorted(points) == sorted(X), "Some points are lost, and others are there twice."
    sizes = [len(part[0]) for part in parts]
    assert sizes == [30, 10, 10], f"Of 50 points the parts have {sizes}: wanted are 60 %, 20 % and 20 %, in this order."
    pairs = [(x, t) for part in parts for x, t in zip(*part)]
    assert len(pairs) == 50, "Some points have lost their targets."
    assert all(y[int(x[0])] == t for x, t in pairs), "Some points have lost their targets."
    firsts.add(tuple(x[0] for x in parts[2][0]))
assert len(firsts) > 1, "The same points are in the test each time: shuffle them."


# %% wrong
def three_parts(X, y):
    a, b = len(X) * 6 // 10, len(X) * 8 // 10
    return (X[:a], y[:a]), (X[a:b], y[a:b]), (X[b:], y[b:])


# %% wrong
def three_parts(X, y):
    fifth = len(X) // 5
    training, validation = split(X, y, fifth)
    training, test = split(X, y, fifth)
    return training, validation, test


# %% wrong
def three_parts(X, y):
    shuffled = list(X)
    random.shuffle(shuffled)
    a, b = len(X) * 6 // 10, len(X) * 8 // 10
    return (shuffled[:a], y[:a]), (shuffled[a:b], y[a:b]), (shuffled[b:], y[b:])


# %% wrong
def three_parts(X, y):
    rest, test = split(X, y, len(X) // 5)
    training, validation = split(*rest, len(rest[0]) // 5)
    return training, validation, test
