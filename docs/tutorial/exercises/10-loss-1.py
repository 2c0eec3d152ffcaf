"""Nudging a knob of a network."""


# %% start
# The slope of the mean squared error for one parameter of the model, by nudging. Leave the parameter as it was.
def nudged(model, X, y, knob):
    return ...


# %% hint
# `slope` from chapter 1 wants a function of a number, such as `loss_at`: it sets `knob.data` and gives the loss.
# Keep what `knob.data` is at first, and put it back before you return.

# %% check
X, y = moons(10)
random.seed(3)
model = MLP(2, [3, 1])
before = [p.data for p in model.parameters()]
found = [nudged(model, X, y, knob) for knob in model.parameters()]
assert None not in found, "nudged gives nothing: does it end in a return?"
assert ... not in found, "Put something in place of the dots."
assert all(isinstance(mine, float) for mine in found), f"nudged gives {found[0]!r}: it should give a number."
assert max(abs(p.data - number) for p, number in zip(model.parameters(), before)) < 1e-12, (
    "After nudging, the model is another one: put the knob back."
)
assert all(p.grad == 0.0 for p in model.parameters()), "nudged goes backward. Find the slope without that, by nudging."
mean_squared_error(model, X, y).backward()
for i, (mine, knob) in enumerate(zip(found, model.parameters())):
    told = f"For parameter {i}, nudged says {mine:.6f} and backward says {knob.grad:.6f}."
    assert abs(mine - knob.grad) < 1e-2, told
    assert abs(mine - knob.grad) < 1e-6, f"{told} Nearly: slope from chapter 1 nudges to both sides, and very little."


# %% wrong
def nudged(model, X, y, knob):
    def loss_at(number):
        knob.data = number
        return mean_squared_error(model, X, y).data

    return slope(loss_at, knob.data)


# %% wrong
def nudged(model, X, y, knob):
    here = knob.data
    knob.data = here + 0.1
    up = mean_squared_error(model, X, y).data
    knob.data = here
    return (up - mean_squared_error(model, X, y).data) / 0.1


# %% wrong
def nudged(model, X, y, knob):
    here = knob.data
    knob.data = here + 1e-5
    up = mean_squared_error(model, X, y).data
    knob.data = here
    return up - mean_squared_error(model, X, y).data


# %% wrong
def nudged(model, X, y, knob):
    return knob.grad


# %% wrong
def nudged(model, X, y, knob):
    mean_squared_error(model, X, y).backward()
    return knob.grad


# %% wrong
def nudged(model, X, y, knob):
    here = knob.data
    knob.data = here + 1e-4
    up = mean_squared_error(model, X, y).data
    knob.data = here
    return (up - mean_squared_error(model, X, y).data) / 1e-4


# %% right
def nudged(model, X, y, knob, h=1e-5):
    knob.data += h
    up = mean_squared_error(model, X, y).data
    knob.data -= 2 * h
    down = mean_squared_error(model, X, y).data
    knob.data += h
    return (up - down) / (2 * h)


# %% right
def nudged(model, X, y, knob):
    here = knob.data

    def loss_at(number):
        knob.data = number
        loss = mean_squared_error(model, X, y).data
        knob.data = here
        return loss

    return slope(loss_at, here)
