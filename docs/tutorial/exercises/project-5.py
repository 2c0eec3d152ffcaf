"""It reads."""

# %% start
# Make scribbles, and train a model with them: from 25 numbers to five scores.
random.seed(0)
X, y = scribbles(50)
model = MLP(25, [5, 5])

# %% hint
# 150 scribbles, ten hidden neurons, batches of ten, Adam with a rate of 0.03, a dozen epochs. Print the loss of each
# epoch: if it hardly falls, something is wrong.

# %% check
random.seed(924731)
new_X, new_y = scribbles(300)
assert hasattr(model, "parameters"), "model must be a network, with parameters that have been learned."
knobs = list(model.parameters())
assert knobs, "model has no parameters, so it cannot have learned."


def read(pictures):
    """The letters that the model takes some pictures for."""
    answers = [model(list(x)) for x in pictures]
    assert all(isinstance(scores, list | tuple) and len(scores) == 5 for scores in answers), (
        "For a picture, model must give a list of five scores."
    )
    assert all(hasattr(score, "data") for scores in answers for score in scores), "Each of the scores must be a Value."
    return [max(range(5), key=lambda k: scores[k].data) for scores in answers]


said = read(new_X)
shares = [sum(s == t == k for s, t in zip(said, new_y)) / 60 for k in range(5)]
share = sum(shares) / 5
assert len(set(said)) > 1, f"It says {'CLOTX'[said[0]]} to all 300 pictures. Has it been trained?"
weakest = "CLOTX"[min(range(5), key=lambda k: shares[k])]
assert share >= 0.9, (
    f"Of 300 new scribbles it reads {share:.0%}, and 90 % are wanted. It has the most trouble with {weakest}. "
    + (
        "That is about what guessing gives: has it been trained?"
        if share < 0.4
        else "What helps: more scribbles, more epochs."
    )
)
learned = [p.data for p in knobs]
for p in knobs:
    p.data = 0.0
blank = read(new_X[:50])
for p, number in zip(knobs, learned):
    p.data = number
assert sum(s == t for s, t in zip(blank, new_y)) < 25, (
    "With 0 in place of all of its parameters it reads as well as before: what it knows is not what it has learned."
)

# %% wrong
random.seed(0)
model = MLP(25, [10, 5])


# %% wrong
def model(x):
    return [Value(1.0), Value(0.0), Value(0.0), Value(0.0), Value(0.0)]


# %% wrong
random.seed(0)
X, y = scribbles(10)
model = MLP(25, [4, 5])
train(model, cross_entropy, X, y, steps=60, rate=0.1)

# %% wrong
random.seed(0)
X, y = scribbles(150)
model = MLP(25, [10, 5])
train(model, cross_entropy, X, y, steps=2, rate=0.01)

# %% wrong
random.seed(0)
X, y = scribbles(60)
model = MLP(25, [10, 1])
train(model, mean_squared_error, X, y, steps=5, rate=0.01)


# %% wrong
class Reader:
    def parameters(self):
        return []

    def __call__(self, x):
        return [Value(float(k == most_like(x))) for k in range(5)]


model = Reader()


# %% wrong
class Reader(MLP):
    def __call__(self, x):
        return [9.0 * (k == most_like(x)) + score for k, score in enumerate(super().__call__(x))]


model = Reader(25, [5])


# %% wrong
def scribbles(n):
    X = [[float(k == i) for i in range(25)] for k in range(5)]
    return [X[i % 5] for i in range(n)], [i % 5 for i in range(n)]


random.seed(0)
model = MLP(25, [5])
train(model, cross_entropy, *scribbles(5), steps=60, rate=0.5)

# %% wrong
model = most_like

# %% right
random.seed(0)
model = nn.MLP(25, [10, 5])
X, y = scribbles(150)
nn.fit(model, nn.cross_entropy, nn.Adam(model.parameters(), lr=0.03), X, y, epochs=12, batch_size=10)


# %% right
class Reader(MLP):
    def __call__(self, x):
        return tuple(super().__call__(x))


random.seed(0)
model = Reader(25, [5])
adam = Adam(model.parameters(), rate=0.03)
X, y = scribbles(150)
train_with(adam, model, cross_entropy, X, y, epochs=10, size=10)
