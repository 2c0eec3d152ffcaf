"""From an unlucky seed."""

# %% start
# From seed 0, train a network of the finished package that gets at least 39 of the 40 points right, and at least 150 of
# the 160 that it has not seen. Eight neurons and a hundred steps do not do it. What do you change?

X, y = moons(40)
random.seed(0)
model = nn.MLP(2, [8, 1])
history = nn.fit(model, nn.mse_loss, nn.SGD(model.parameters(), lr=0.1), X, y, epochs=100)
print(share_right(model, X, y))

# %% hint
# Change one thing at a time. Try a second hidden layer, `[8, 8, 1]`, or more neurons in the one there is; look at the
# loss at the end, `history.loss[-1]`, and see whether more steps still bring it down.

# %% check
told = "Train with the 40 points of moons(40) alone, as X and y; what you look at afterwards gets other names."
assert globals().get("X", moons(40)[0]) == moons(40)[0], told
assert hasattr(model, "parameters"), f"model is a {type(model).__name__}: it should be a network."
all_X, all_y = moons(200)
known = round(40 * share_right(model, all_X[:40], all_y[:40]))
unseen = round(160 * share_right(model, all_X[40:], all_y[40:]))
assert len(model.parameters()) > 3, "A single neuron draws a straight border. Give it some company."
assert known >= 39, f"It gets {known} of the 40 points right that it was trained with. 39 is the aim."
assert unseen >= 150, f"It gets {known} of the 40 points right, but of those that it has not seen {unseen} of 160."

# %% wrong
X, y = moons(40)
random.seed(0)
model = nn.MLP(2, [8, 1])
nn.fit(model, nn.mse_loss, nn.SGD(model.parameters(), lr=1.0), X, y, epochs=50)

# %% wrong
X, y = moons(40)
random.seed(0)
model = nn.MLP(2, [8, 1])
nn.fit(model, nn.mse_loss, nn.SGD(model.parameters(), lr=0.1, momentum=0.9), X, y, epochs=60)

# %% wrong
random.seed(0)
model = nn.MLP(2, [8, 8, 1])

# %% wrong
X, y = moons(40)
random.seed(0)
model = nn.MLP(2, [1])
nn.fit(model, nn.mse_loss, nn.SGD(model.parameters(), lr=0.1), X, y, epochs=100)

# %% wrong
X, y = moons(200)
random.seed(0)
model = nn.MLP(2, [8, 8, 1])
nn.fit(model, nn.mse_loss, nn.SGD(model.parameters(), lr=0.1), X, y, epochs=60)

# %% wrong
X, y = moons(40)


def model(x):
    return Value(1.0)


# %% right
random.seed(0)
model = nn.MLP(2, [8, 8, 1])
nn.fit(model, nn.mse_loss, nn.Adam(model.parameters(), lr=0.05), *moons(40), epochs=100)

# %% right
X, y = moons(40)
random.seed(0)
model = MLP(2, [8, 8, 1])
train(model, mean_squared_error, X, y, steps=150, rate=0.1)
