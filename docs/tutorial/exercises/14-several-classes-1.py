"""One score for two classes."""

# %% start
# The probability of a class with this score (a plain number), where the only other class has the score 0.


def probability(score):
    return ...


# %% hint
# `softmax` takes a list of scores, and gives a list of probabilities. It does not mind large numbers.

# %% check
for score in (0.0, 2.0, -2.0, 0.3, -5.0, 12.0):
    mine = probability(score)
    assert mine is not ..., "probability gives nothing yet."
    assert not isinstance(mine, (list, tuple)), (
        "probability gives several numbers: only that of the class with the score is asked for."
    )
    assert isinstance(mine, float | int), f"probability({score}) is {mine!r}: it should be a number."
    assert 0 <= mine <= 1, f"probability({score}) is {mine}: a probability lies between 0 and 1."
    wanted = 1 / (1 + math.exp(-score))
    assert abs(mine - (1 - wanted)) > 1e-9 or score == 0, (
        f"probability({score}) is {mine:.4f}: that is the other class."
    )
    assert abs(mine - wanted) < 1e-9, f"probability({score}) is {mine:.4f}. Its share is exp({score}) beside exp(0)."
for score, wanted in ((1000.0, 1.0), (-1000.0, 0.0)):
    try:
        mine = probability(score)
    except OverflowError:
        mine = None
    assert mine is not None, f"probability({score}) is too much for exp: take the larger score off first."
    assert abs(mine - wanted) < 1e-9, f"probability({score}) is {mine}."


# %% wrong
def probability(score):
    return 1 / (1 + math.exp(-score))


# %% wrong
def probability(score):
    return softmax([score, 0.0])


# %% wrong
def probability(score):
    return softmax([0.0, score])[0]


# %% wrong
def probability(score):
    return softmax([score])[0]


# %% wrong
def probability(score):
    return score / (score + 1) if score > 0 else 0.0


# %% right
def probability(score):
    if score < 0:
        return 1 - probability(-score)
    return 1 / (1 + math.exp(-score))


# %% right
def probability(score):
    try:
        return 1 / (1 + math.exp(-score))
    except OverflowError:
        return 0.0


# %% right
def probability(score):
    return (1 + math.tanh(score / 2)) / 2
