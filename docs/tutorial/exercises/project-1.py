"""Training, validation and test."""

# %% start
# Three pairs of lists, points and targets: 60 % of each class for training, 20 % for validation, 20 % for the test.


def divide(X, y):
    training = [], []
    validation = [], []
    test = [], []
    return training, validation, test


# %% hint
# Go through the classes, `sorted(set(y))`. For each, collect the places of its samples, shuffle these, and cut the list
# in three.

# %% check
X = [[float(i), -float(i)] for i in range(110)]
y = [0] * 50 + [1] * 10 + [2] * 20 + [4] * 30
kept_X, kept_y = list(X), list(y)
tests = set()
for seed in range(4):
    random.seed(seed)
    parts = divide(X, y)
    assert isinstance(parts, (tuple, list)), "Give back three pairs: training, validation, test."
    assert len(parts) == 3, "Give back three pairs: training, validation, test."
    assert all(len(part) == 2 for part in parts), "Each of the three is a pair: points, and their targets."
    assert (X, y) == (kept_X, kept_y), "divide has changed X or y: shuffle a list of places instead."
    points = [x for part in parts for x in part[0]]
    targets = [t for part in parts for t in part[1]]
    assert len(points) == len(targets), "There must be a target for each point."
    assert len(points) == 110, f"110 samples went in, and {len(points)} came out."
    assert len({x[0] for x in points}) == 110, "Some samples are there twice, and others are lost."
    assert all(y[int(x[0])] == t for x, t in zip(points, targets)), "Some points have the target of another one."
    for k, size in ((0, 50), (1, 10), (2, 20), (4, 30)):
        counts = [list(part[1]).count(k) for part in parts]
        assert counts == [size * 3 // 5, size // 5, size // 5], (
            f"Of the {size} samples of class {k}, the three parts have {counts}. "
            "Wanted are 60 %, 20 % and 20 % of each class."
        )
    tests.add(frozenset(x[0] for x in parts[2][0]))
assert len(tests) > 1, "The same samples are in the test each time: which ones must be a matter of chance."


# %% wrong
def divide(X, y):
    rest, test = split(X, y, len(X) // 5)
    training, validation = split(*rest, len(X) // 5)
    return training, validation, test


# %% wrong
def divide(X, y):
    parts = ([], []), ([], []), ([], [])
    for k in sorted(set(y)):
        places = [i for i in range(len(y)) if y[i] == k]
        fifth = len(places) // 5
        for part, cut in zip(parts, (places[2 * fifth :], places[:fifth], places[fifth : 2 * fifth])):
            part[0].extend(X[i] for i in cut)
            part[1].extend(y[i] for i in cut)
    return parts


# %% wrong
def divide(X, y):
    parts = ([], []), ([], []), ([], [])
    for k in sorted(set(y)):
        places = [i for i in range(len(y)) if y[i] == k]
        random.shuffle(places)
        fifth = len(places) // 5
        for part, cut in zip(parts, (places[fifth:], places[:fifth], places[:fifth])):
            part[0].extend(X[i] for i in cut)
            part[1].extend(y[i] for i in cut)
    return parts


# %% wrong
def divide(X, y):
    random.shuffle(X)
    a, b = len(X) * 3 // 5, len(X) * 4 // 5
    return (X[:a], y[:a]), (X[a:b], y[a:b]), (X[b:], y[b:])
