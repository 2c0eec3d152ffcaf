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
names = ("training", "validation", "test")
ever = {name: set() for name in names}
together = dict.fromkeys(y, 0)
for seed in range(80):
    random.seed(seed)
    parts = divide(X, y)
    assert hasattr(parts, "__iter__"), "Give back three pairs: training, validation, test."
    parts = [tuple(part) for part in parts if hasattr(part, "__iter__")]
    assert len(parts) == 3, "Give back three pairs: training, validation, test."
    assert all(len(part) == 2 for part in parts), "Each of the three is a pair: points, and their targets."
    assert (X, y) == (kept_X, kept_y), "divide has changed X or y: shuffle a list of places instead."
    parts = [(list(points), list(targets)) for points, targets in parts]
    assert all(len(points) == len(targets) for points, targets in parts), "There must be a target for each point."
    points = [x for part in parts for x in part[0]]
    assert len(points) == 110, f"110 samples went in, and {len(points)} came out."
    assert len({x[0] for x in points}) == 110, "Some samples are there twice, and others are lost."
    assert all(y[int(x[0])] == t for part in parts for x, t in zip(*part)), (
        "Some points have the target of another one."
    )
    for k, size in ((0, 50), (1, 10), (2, 20), (4, 30)):
        counts = [targets.count(k) for points, targets in parts]
        assert counts == [size * 3 // 5, size // 5, size // 5], (
            f"Of the {size} samples of class {k}, the three parts have {counts}. "
            "Wanted are 60 %, 20 % and 20 % of each class."
        )
    for name, part in zip(names, parts):
        ever[name] |= {int(x[0]) for x in part[0]}
    asked = {int(x[0]) for x in parts[2][0]}
    for i in asked:
        places = [j for j in range(110) if y[j] == y[i]]
        together[y[i]] += places[(places.index(i) + 1) % len(places)] in asked
for name in names:
    never = [y[i] for i in range(110) if i not in ever[name]]
    assert not never, (
        f"In 80 calls {len(never)} samples, such as one of class {never[0]}, were never in the {name} part. Which ones "
        "are must be a matter of chance in every class: shuffle, and set no seed."
    )
for k, count in together.items():
    assert count < 80 * y.count(k) / 5 * 0.4, (
        f"Samples of class {k} that are neighbours in the list stay together. Turning a list is no shuffling."
    )


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


# %% wrong
def divide(X, y):
    parts = ([], []), ([], []), ([], [])
    for k in sorted(set(y)):
        places = [i for i in range(len(y)) if y[i] == k]
        turn = random.randrange(len(places))
        places = places[turn:] + places[:turn]
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
        if k == 0:
            random.shuffle(places)
        fifth = len(places) // 5
        for part, cut in zip(parts, (places[2 * fifth :], places[:fifth], places[fifth : 2 * fifth])):
            part[0].extend(X[i] for i in cut)
            part[1].extend(y[i] for i in cut)
    return parts


# %% wrong
def divide(X, y):
    random.seed(0)
    parts = ([], []), ([], []), ([], [])
    for k in sorted(set(y)):
        places = [i for i in range(len(y)) if y[i] == k]
        random.shuffle(places)
        fifth = len(places) // 5
        for part, cut in zip(parts, (places[2 * fifth :], places[:fifth], places[fifth : 2 * fifth])):
            part[0].extend(X[i] for i in cut)
            part[1].extend(y[i] for i in cut)
    return parts


# %% right
def divide(X, y):
    pairs = list(zip(X, y))
    random.shuffle(pairs)
    parts = [], [], []
    for k in set(y):
        of_class = [pair for pair in pairs if pair[1] == k]
        a, b = len(of_class) * 3 // 5, len(of_class) * 4 // 5
        for part, cut in zip(parts, (of_class[:a], of_class[a:b], of_class[b:])):
            part.extend(cut)
    return [zip(*part) for part in parts]
