"""A single neuron and the moons."""

# %% start
# Train a network that is a single neuron without a bend, until its loss falls no further. Which share of the points
# does it get right then?

X, y = moons(40)
random.seed(5)
single = MLP(2, [1])
share = ...

# %% hint
# The training loop is there: `train(single, mean_squared_error, X, y, steps=..., rate=...)`. With the rate 0.1 it takes
# a few hundred steps until the loss falls no further. `share_right` counts.

# %% check
X, y = moons(40)
assert hasattr(single, "parameters"), f"single is a {type(single).__name__}: it should be a network."
knobs = len(single.parameters())
assert knobs == 3, f"A single neuron for two inputs has 3 parameters, and this network has {knobs}."
loss = mean_squared_error(single, X, y).data
assert loss == loss, "The numbers ran away: take a smaller rate."
told = "take a smaller rate" if loss > 9 else "train on"
assert loss < 0.339, f"Its loss is {loss:.3f}. It can be brought to 0.338: {told}."
assert isinstance(share, int | float), "share is not a number yet."
assert 0 <= share <= 1, f"A share lies between 0 and 1, and yours is {share:g}."
right = round(40 * share_right(single, X, y))
assert abs(40 * share - right) < 1e-9, f"It gets {right} of the 40 points right, and you say {40 * share:g}."

# %% wrong
random.seed(5)
single = MLP(2, [1])
share = share_right(single, *moons(40))

# %% wrong
X, y = moons(40)
random.seed(5)
single = MLP(2, [1])
train(single, mean_squared_error, X, y, steps=5, rate=0.1)
share = share_right(single, X, y)

# %% wrong
X, y = moons(40)
random.seed(5)
single = MLP(2, [1])
train(single, mean_squared_error, X, y, steps=300, rate=0.1)
share = 1.0

# %% wrong
X, y = moons(40)
random.seed(5)
single = MLP(2, [4, 1])
train(single, mean_squared_error, X, y, steps=50, rate=0.1)
share = share_right(single, X, y)

# %% wrong
X, y = moons(40)


def single(x):
    return Value(1.0)


share = share_right(single, X, y)

# %% right
single = Neuron(2, nonlin=False)
X, y = moons(40)
train(single, mean_squared_error, X, y, steps=300, rate=0.1)
share = 37 / 40

# %% right
X, y = moons(40)
single = nn.MLP(2, [1])
nn.fit(single, nn.mse_loss, nn.SGD(single.parameters(), lr=0.1), X, y, epochs=300)
share = share_right(single, X, y)

# %% wrong
X, y = moons(40)
single = MLP(2, [1])
train(single, mean_squared_error, X, y, steps=300, rate=0.1)
share = 92.5
