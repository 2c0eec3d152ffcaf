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
y = [i // 10 for i in range(50)]
names = ("training", "validation", "test")
ever = {name: set() for name in names}
together = 0
for seed in range(80):
    random.seed(seed)
    parts = three_parts(list(X), list(y))
    assert hasattr(parts, "__iter__"), "Give back three pairs: training, validation, test."
    parts = [tuple(part) for part in parts if hasattr(part, "__iter__")]
    assert len(parts) == 3, "Give back three pairs: training, validation, test."
    assert all(len(part) == 2 for part in parts), "Each of the three is a pair: a list of points and a list of targets."
    parts = [(list(points), list(targets)) for points, targets in parts]
    points = [x for part in parts for x in part[0]]
    assert len(points) >= 50, f"Of 50 points only {len(points)} are in the three parts."
    assert len(points) == 50, f"50 points have become {len(points)}: some are in more than one part."
    assert sorted(points) == sorted(X), "Some points are lost, and others are there twice."
    sizes = [len(part[0]) for part in parts]
    assert sizes == [30, 10, 10], f"Of 50 points the parts have {sizes}: wanted are 60 %, 20 % and 20 %, in this order."
    told = [len(part[1]) for part in parts]
    assert told == sizes, f"The parts have {sizes} points and {told} targets: one for each point is wanted."
    assert all(y[int(x[0])] == t for part in parts for x, t in zip(*part)), "Some points have lost their targets."
    for name, part in zip(names, parts):
        ever[name] |= {int(x[0]) for x in part[0]}
    asked = {int(x[0]) for x in parts[2][0]}
    together += sum((i + 1) % 50 in asked for i in asked)
for name in names:
    never = set(range(50)) - ever[name]
    assert not never, (
        f"In 80 calls {len(never)} of the 50 points were never in the {name} part. Shuffle all points, and set no seed."
    )
assert together < 80 * 10 / 2, "Points that are neighbours in the list stay together. Turning a list is no shuffling."


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


# %% wrong
def three_parts(X, y):
    places = list(range(len(X)))
    random.shuffle(places)
    a, b = len(X) * 6 // 10, len(X) * 8 // 10
    cuts = slice(0, a), slice(a, b), slice(b, None)
    return [([X[i] for i in places[cut]], [y[i] for i in places[cut.start :]]) for cut in cuts]


# %% wrong
def three_parts(X, y):
    turn = random.randrange(len(X))
    X, y = X[turn:] + X[:turn], y[turn:] + y[:turn]
    a, b = len(X) * 6 // 10, len(X) * 8 // 10
    return (X[:a], y[:a]), (X[a:b], y[a:b]), (X[b:], y[b:])


# %% wrong
def three_parts(X, y):
    a = len(X) * 6 // 10
    validation, test = split(X[a:], y[a:], len(X) // 5)
    return (X[:a], y[:a]), validation, test


# %% wrong
def three_parts(X, y):
    random.seed(0)
    rest, test = split(X, y, len(X) // 5)
    training, validation = split(*rest, len(X) // 5)
    return training, validation, test


# %% wrong
def three_parts(X, y):
    pairs = list(zip(X, y))
    random.shuffle(pairs)
    a, b = len(X) * 6 // 10, len(X) * 8 // 10
    return pairs[:a], pairs[a:b], pairs[b:]


# %% right
def three_parts(X, y):
    pairs = list(zip(X, y))
    random.shuffle(pairs)
    a, b = len(X) * 6 // 10, len(X) * 8 // 10
    return [zip(*pairs[:a]), zip(*pairs[a:b]), zip(*pairs[b:])]


# %% right
def three_parts(X, y):
    places = set(range(len(X)))
    test = set(random.sample(sorted(places), len(X) // 5))
    validation = set(random.sample(sorted(places - test), len(X) // 5))
    for part in (places - test - validation, validation, test):
        yield [X[i] for i in part], [y[i] for i in part]
