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
for numbers, grads, rate, decay in (
    ([10.0], [0.0], 0.1, 0.5),
    ([-4.0], [0.0], 0.1, 0.5),
    ([2.0], [3.0], 0.1, 0.0),
    ([2.0], [3.0], 0.5, 0.01),
    ([-1.0], [2.0], 0.25, 2.0),
    ([2.0, -1.0, 5.0], [3.0, 2.0, 0.0], 0.25, 0.5),
):
    mine = [Value(number) for number in numbers]
    theirs = [engine.Value(number) for number in numbers]
    optimizer, finished = Decay(mine, rate, decay), nn.SGD(theirs, lr=rate, weight_decay=decay)
    for p, q, grad in zip(mine, theirs, grads):
        p.grad = q.grad = grad
    for step in (1, 2):
        optimizer.step()
        finished.step()
        assert [p.grad for p in mine] == grads, "step has changed the slope itself; leave p.grad as it is."
        for i, (p, q) in enumerate(zip(mine, theirs)):
            assert abs(p.data - q.data) < 1e-9, (
                f"From {numbers[i]}, with the slope {grads[i]}, the rate {rate} and a decay of {decay}, {step} of your "
                f"steps lead parameter {i} to {p.data:.4f}, and weight decay to {q.data:.4f}."
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


# %% wrong
class Decay:
    def __init__(self, parameters, rate, decay):
        self.p = parameters[0]
        self.rate = rate
        self.decay = decay

    def step(self):
        self.p.data -= self.rate * (self.p.grad + self.decay * self.p.data)


# %% wrong
class Decay:
    def __init__(self, parameters, rate, decay):
        self.parameters = parameters
        self.rate = rate
        self.decay = decay

    def step(self):
        for p in self.parameters:
            p.data -= self.rate * p.grad
        p.data -= self.rate * self.decay * p.data


# %% right
class Decay(Descent):
    def __init__(self, parameters, rate, decay):
        super().__init__(parameters, rate)
        self.decay = decay

    def step(self):
        for p in self.parameters:
            p.data *= 1 - self.rate * self.decay
        super().step()
