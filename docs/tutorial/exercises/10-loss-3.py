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
for answers, y, wanted, slope_of_one in (
    ([3.0], [1], 0.0, 0.0),
    ([-3.0], [-1], 0.0, 0.0),
    ([0.5], [1], 0.5, -0.5),
    ([0.5], [-1], 1.5, 0.5),
    ([1.5, 0.0, -2.0], [1, 1, 1], 4 / 3, 2 / 3),
    ([1.5, 0.0, -2.0, 0.25], [-1, -1, -1, 1], 1.0625, 0.3125),
):
    one.grad = 0.0
    loss = hinge_loss(lambda x: one * x, answers, y)
    where = f"For the answers {answers} and the targets {y}"
    assert loss is not ..., "Put something in place of the dots."
    assert isinstance(loss, Value), f"{where} it gives {loss!r}. Without a Value, backward has nothing to go through."
    assert abs(loss.data - wanted) < 1e-9, f"{where} it is {loss.data:g}."
    loss.backward()
    assert abs(one.grad - slope_of_one) < 1e-9, (
        f"{where} the number is right, but backward finds another slope: is all of it made of Values?"
    )


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


# %% right
def hinge_loss(model, X, y):
    total = Value(0.0)
    for x, target in zip(X, y):
        answer = model(x)
        if answer.data * target < 1:
            total = total + 1 - answer * target
    return total / len(X)
