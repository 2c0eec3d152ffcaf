"""The hinge loss."""


# %% start
# As mean_squared_error, but the error of a point is 0 as soon as answer times target is at least 1, and grows by 1 for
# each 1 that is missing.
def hinge_loss(model, X, y):
    return ...


# %% hint
# What is missing is `1 - target * model(x)`, which may be negative. You have an operation that makes a 0 of everything
# negative, and `backward` knows its slope.

# %% check
one = Value(1.0)
for answers, y, wanted in (
    ([3.0], [1], 0.0),
    ([-3.0], [-1], 0.0),
    ([0.5], [1], 0.5),
    ([0.5], [-1], 1.5),
    ([1.0, 0.0, -2.0], [1, 1, 1], 4 / 3),
    ([1.0, 0.0, -2.0], [-1, -1, -1], 1.0),
):
    loss = hinge_loss(lambda x: one * x, answers, y)
    assert isinstance(loss, Value), f"hinge_loss gives {loss!r}. Without a Value, backward has nothing to go through."
    assert abs(loss.data - wanted) < 1e-9, f"For the answers {answers} and the targets {y} it is {loss.data:g}."
one.grad = 0.0
hinge_loss(lambda x: one * x, [0.5], [-1]).backward()
assert one.grad == 0.5, "The number is right, but backward finds another slope: is all of it made of Values?"


# %% wrong
def hinge_loss(model, X, y):
    errors = [1 - target * model(x) for x, target in zip(X, y)]
    return sum(errors) / len(errors)


# %% wrong
def hinge_loss(model, X, y):
    errors = [(1 - target * model(x)).relu() for x, target in zip(X, y)]
    return sum(errors)


# %% wrong
def hinge_loss(model, X, y):
    errors = [max(0.0, 1 - target * model(x).data) for x, target in zip(X, y)]
    return sum(errors) / len(errors)


# %% wrong
def hinge_loss(model, X, y):
    errors = [(target - model(x)).relu() for x, target in zip(X, y)]
    return sum(errors) / len(errors)


# %% wrong
def hinge_loss(model, X, y):
    errors = [max(0.0, 1 - target * model(x).data) for x, target in zip(X, y)]
    return Value(sum(errors) / len(errors))
