"""Adam without its correction."""

# %% start
# How far down a parameter with this slope goes in Adam's first step, if neither mean is corrected. Leave the 1e-8 out.


def first_step(rate, grad):
    return ...


# %% hint
# After one step the mean is `0.1 * grad` and the mean of the squares `0.001 * grad**2`. Put them into the last line of
# Adam as they are.

# %% check
for rate, grad in ((0.1, 5.0), (0.1, -0.01), (0.02, 1000.0), (1.0, -1.0)):
    mine = first_step(rate, grad)
    assert isinstance(mine, float | int), "first_step gives no number yet."
    assert abs(abs(mine) - rate) > 1e-6, f"first_step({rate}, {grad}) is {mine:.4f}: that is Adam with its correction."
    assert mine * grad > 0, f"first_step({rate}, {grad}) is {mine:.4f}: it must have the sign of the slope."
    mean, square = 0.9 * 0.0 + 0.1 * grad, 0.999 * 0.0 + 0.001 * grad**2
    wanted = rate * mean / math.sqrt(square)
    assert abs(mine - wanted) < 1e-9, (
        f"first_step({rate}, {grad}) is {mine:.4f}. The mean is {mean:g} and the mean of the squares {square:g} then."
    )


# %% wrong
def first_step(rate, grad):
    return rate if grad > 0 else -rate


# %% wrong
def first_step(rate, grad):
    return rate * 0.1 * grad


# %% wrong
def first_step(rate, grad):
    return rate * 0.1 * grad / (0.001 * grad**2)


# %% wrong
def first_step(rate, grad):
    return rate * 0.1 / 0.001**0.5


# %% wrong
def first_step(rate, grad):
    return 0.3162


# %% right
def first_step(rate, grad):
    return math.copysign(rate * math.sqrt(10), grad)
