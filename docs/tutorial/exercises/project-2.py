"""The loss."""

# %% start
# The loss of one sample: the scores are Values, the target is the number of a class.


def surprise(scores, target):
    return ...


# The mean over all samples; model(x) gives the scores.


def cross_entropy(model, X, y):
    return ...


# %% hint
# First take the largest `score.data` off from all scores. The probability is `exp(score)` divided by the sum of all.
# Minus the logarithm of it is the logarithm of the sum, minus the score.

# %% check
for numbers, target in (
    ([2.0, 1.0, -1.0], 0),
    ([2.0, 1.0, -1.0], 2),
    ([0.0, 0.0], 1),
    ([0.3, -0.7, 1.9, 0.0, -3.0], 3),
    ([5.0], 0),
):
    scores = [Value(number) for number in numbers]
    mine = surprise(scores, target)
    assert mine not in (None, ...), "surprise gives nothing yet."
    assert isinstance(mine, Value), (
        "surprise must give a Value, or backward has nowhere to go: use exp and log, not math."
    )
    powers = [math.exp(number) for number in numbers]
    shares = [power / sum(powers) for power in powers]
    wanted = -math.log(shares[target])
    assert abs(mine.data - wanted) < 1e-9, (
        f"For the scores {numbers} and the target {target} the surprise is {mine.data:.4f}. "
        f"Softmax gives the target {shares[target]:.4f}, and minus the logarithm of that is {wanted:.4f}."
    )
    mine.backward()
    for k, score in enumerate(scores):
        slope_of_score = shares[k] - (k == target)
        assert abs(score.grad - slope_of_score) < 1e-9, (
            f"The number is right, but backward gives score {k} the slope {score.grad:.4f}, not {slope_of_score:.4f}: "
            "somewhere on the way a Value has become a plain number."
        )
for numbers, target, wanted in (
    ([1000.0, 0.0], 0, 0.0),
    ([1000.0, 0.0], 1, 1000.0),
    ([-1000.0, -1000.0], 0, math.log(2)),
):
    try:
        mine = surprise([Value(number) for number in numbers], target).data
    except (OverflowError, ValueError, ZeroDivisionError) as error:
        mine = error
    assert not isinstance(mine, Exception), f"The scores {numbers} are too much for it: {type(mine).__name__}."
    assert abs(mine - wanted) < 1e-9, f"For the scores {numbers} and the target {target} the surprise is {mine}."
for X, y in (([[1.0], [2.0], [-0.5]], [0, 1, 1]), ([[0.5]], [1])):
    w = Value(0.7)
    mine = cross_entropy(lambda x: [w * x[0], 1 - w * x[0]], X, y)
    assert mine not in (None, ...), "surprise is right. Now cross_entropy: the mean of the surprises."
    assert isinstance(mine, Value), "cross_entropy must give a Value."
    leads = [(2 * 0.7 * x[0] - 1) * (1 if t == 0 else -1) for x, t in zip(X, y)]
    wanted = sum(math.log(1 + math.exp(-lead)) for lead in leads) / len(X)
    assert abs(mine.data - wanted) < 1e-9, (
        f"For {len(X)} samples cross_entropy is {mine.data:.4f}, and the mean is {wanted:.4f}."
    )
    mine.backward()
    steps = [2 * x[0] * (1 if t == 0 else -1) for x, t in zip(X, y)]
    slope_of_w = sum(-step / (1 + math.exp(lead)) for step, lead in zip(steps, leads)) / len(X)
    assert w.grad != 0, "cross_entropy has the right number, but backward does not reach the parameters of the model."
    assert abs(w.grad - slope_of_w) < 1e-9, (
        f"For {len(X)} samples cross_entropy has the right number, but backward finds {w.grad:.4f} in place of "
        f"{slope_of_w:.4f}: every step from the surprises to the mean must be one of Values."
    )


# %% wrong
def surprise(scores, target):
    total = sum(exp(score) for score in scores)
    return -log(exp(scores[target]) / total)


def cross_entropy(model, X, y):
    return sum(surprise(model(x), t) for x, t in zip(X, y)) / len(X)


# %% wrong
def surprise(scores, target):
    largest = max(score.data for score in scores)
    powers = [math.exp(score.data - largest) for score in scores]
    return Value(-math.log(powers[target] / sum(powers)))


def cross_entropy(model, X, y):
    return sum(surprise(model(x), t) for x, t in zip(X, y)) / len(X)


# %% wrong
def surprise(scores, target):
    largest = max(score.data for score in scores)
    shifted = [score - largest for score in scores]
    return log(sum(exp(score) for score in shifted)) - shifted[target]


def cross_entropy(model, X, y):
    return sum(surprise(model(x), t) for x, t in zip(X, y))


# %% wrong
def surprise(scores, target):
    largest = max(score.data for score in scores)
    shifted = [score - largest for score in scores]
    return log(sum(exp(score) for score in shifted)) - scores[target]


def cross_entropy(model, X, y):
    return sum(surprise(model(x), t) for x, t in zip(X, y)) / len(X)


# %% wrong
def surprise(scores, target):
    return (scores[target] - 1) ** 2


def cross_entropy(model, X, y):
    return sum(surprise(model(x), t) for x, t in zip(X, y)) / len(X)


# %% wrong
def surprise(scores, target):
    largest = max(score.data for score in scores)
    shifted = [score - largest for score in scores]
    return log(sum(exp(score) for score in shifted)) - shifted[target]


def cross_entropy(model, X, y):
    total = sum(surprise(model(x), t) for x, t in zip(X, y))
    total.data /= len(X)
    return total


# %% right
def surprise(scores, target):
    lead = scores[target]
    largest = max(score.data for score in scores)
    total = Value(0.0)
    for score in scores:
        total = total + exp(score - largest)
    return largest + log(total) - lead


def cross_entropy(model, X, y):
    total = Value(0.0)
    for x, target in zip(X, y):
        total += surprise(model(x), target)
    return total * (1 / len(X))
