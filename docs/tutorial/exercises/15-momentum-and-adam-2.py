"""Weight decay."""

# %% start
# Like Descent, but in each step decay times the parameter counts as a part of its slope.


class Decay:
    def __init__(self, parameters, rate, decay):
        self.parameters = parameters
        self.rate = rate
        self.decay = decay

    def step(self): ...


# %% hint
# Take `step` of `Descent`. What stands in the place of `p.grad`?

# %% check
for number, grad, rate, decay in (
    (10.0, 0.0, 0.1, 0.5),
    (-4.0, 0.0, 0.1, 0.5),
    (2.0, 3.0, 0.1, 0.0),
    (2.0, 3.0, 0.5, 0.01),
    (-1.0, 2.0, 0.25, 2.0),
):
    p = Value(number)
    p.grad = grad
    mine = Decay([p], rate, decay)
    finished = nn.SGD([engine.Value(number)], lr=rate, weight_decay=decay)
    finished.params[0].grad = grad
    for step in (1, 2):
        mine.step()
        finished.step()
        wanted = finished.params[0].data
        assert p.grad == grad, "step has changed the slope itself; leave p.grad as it is."
        assert abs(p.data - wanted) < 1e-9, (
            f"From {number}, with the slope {grad}, the rate {rate} and a decay of {decay}, {step} of your steps lead "
            f"to {p.data:.4f}, and weight decay to {wanted:.4f}."
        )


# %% wrong
class Decay:
    def __init__(self, parameters, rate, decay):
        self.parameters = parameters
        self.rate = rate
        self.decay = decay

    def step(self):
        for p in self.parameters:
            p.data -= self.rate * p.grad


# %% wrong
class Decay:
    def __init__(self, parameters, rate, decay):
        self.parameters = parameters
        self.rate = rate
        self.decay = decay

    def step(self):
        for p in self.parameters:
            p.data -= self.rate * p.grad + self.decay * p.data


# %% wrong
class Decay:
    def __init__(self, parameters, rate, decay):
        self.parameters = parameters
        self.rate = rate
        self.decay = decay

    def step(self):
        for p in self.parameters:
            p.data -= self.rate * (p.grad + self.decay)


# %% wrong
class Decay:
    def __init__(self, parameters, rate, decay):
        self.parameters = parameters
        self.rate = rate
        self.decay = decay

    def step(self):
        for p in self.parameters:
            p.grad += self.decay * p.data
            p.data -= self.rate * p.grad
