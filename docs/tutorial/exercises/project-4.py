"""The optimiser."""

# %% start
# Moves the parameters by their grad. The means keep 0.9 and 0.999 of what they were.


class Adam:
    def __init__(self, parameters, rate):
        self.parameters = parameters
        self.rate = rate

    def step(self): ...


# %% hint
# Two lists, with a number for each parameter: the mean of the slopes, and the mean of their squares. Count the steps:
# the share of the start that is still in a mean after `t` steps is `0.9**t`, or `0.999**t`.

# %% check
for seed, numbers, rate in ((0, [1.0], 0.1), (1, [0.5, -2.0, 30.0], 0.01), (2, [0.0, 4.0], 0.5)):
    random.seed(seed)
    mine = [Value(number) for number in numbers]
    theirs = [engine.Value(number) for number in numbers]
    optimizer, finished = Adam(mine, rate), nn.Adam(theirs, lr=rate)
    for step in range(1, 13):
        for i, (p, q) in enumerate(zip(mine, theirs)):
            p.grad = q.grad = 0.0 if step == 5 else random.gauss(1.0, 2.0) * 10.0**i
        slopes_before = [p.grad for p in mine]
        optimizer.step()
        finished.step()
        assert step > 1 or [p.data for p in mine] != numbers, "step does not move the parameters yet."
        assert [p.grad for p in mine] == slopes_before, "step has changed the slopes themselves: leave p.grad as it is."
        for i, (p, q) in enumerate(zip(mine, theirs)):
            far = abs(p.data - q.data)
            assert step > 1 or far < 1e-6, (
                f"With the rate {rate}, the first step goes {far:.4f} too far or not far enough. "
                "It must be as long as the rate, whatever the slope."
            )
            assert far < 1e-6, (
                f"With the rate {rate}, parameter {i} is off by {far:.4f} after step {step}. The first step was right: "
                "look at what is kept from step to step, for each parameter, and at the corrections."
            )
            assert far < 1e-9, "It is nearly Adam. Where does the 1e-8 belong? It is added to the root."


# %% wrong
class Adam:
    def __init__(self, parameters, rate):
        self.parameters = parameters
        self.rate = rate

    def step(self):
        for p in self.parameters:
            p.data -= self.rate * p.grad


# %% wrong
class Adam:
    def __init__(self, parameters, rate):
        self.parameters = parameters
        self.rate = rate
        self.means = [0.0 for _ in parameters]
        self.squares = [0.0 for _ in parameters]

    def step(self):
        for i, p in enumerate(self.parameters):
            self.means[i] = 0.9 * self.means[i] + 0.1 * p.grad
            self.squares[i] = 0.999 * self.squares[i] + 0.001 * p.grad**2
            p.data -= self.rate * self.means[i] / (self.squares[i] ** 0.5 + 1e-8)


# %% wrong
class Adam:
    def __init__(self, parameters, rate):
        self.parameters = parameters
        self.rate = rate

    def step(self):
        for p in self.parameters:
            p.data -= self.rate * (1 if p.grad > 0 else -1)


# %% wrong
class Adam:
    def __init__(self, parameters, rate):
        self.parameters = parameters
        self.rate = rate
        self.mean = self.square = 0.0
        self.t = 0

    def step(self):
        self.t += 1
        for p in self.parameters:
            self.mean = 0.9 * self.mean + 0.1 * p.grad
            self.square = 0.999 * self.square + 0.001 * p.grad**2
            mean, square = self.mean / (1 - 0.9**self.t), self.square / (1 - 0.999**self.t)
            p.data -= self.rate * mean / (square**0.5 + 1e-8)


# %% wrong
class Adam:
    def __init__(self, parameters, rate):
        self.parameters = parameters
        self.rate = rate
        self.means = [0.0 for _ in parameters]
        self.squares = [0.0 for _ in parameters]

    def step(self):
        for i, p in enumerate(self.parameters):
            self.means[i] = 0.9 * self.means[i] + 0.1 * p.grad
            self.squares[i] = 0.999 * self.squares[i] + 0.001 * p.grad**2
            mean, square = self.means[i] / 0.1, self.squares[i] / 0.001
            p.data -= self.rate * mean / (square**0.5 + 1e-8)


# %% wrong
class Adam:
    def __init__(self, parameters, rate):
        self.p, self.rate = parameters[0], rate
        self.mean = self.square = 0.0
        self.t = 0

    def step(self):
        self.t += 1
        self.mean = 0.9 * self.mean + 0.1 * self.p.grad
        self.square = 0.999 * self.square + 0.001 * self.p.grad**2
        mean, square = self.mean / (1 - 0.9**self.t), self.square / (1 - 0.999**self.t)
        self.p.data -= self.rate * mean / (square**0.5 + 1e-8)


# %% wrong
class Adam:
    def __init__(self, parameters, rate):
        self.parameters, self.rate = parameters, rate
        self.means = [0.0 for _ in parameters]
        self.squares = [0.0 for _ in parameters]
        self.t = 0

    def step(self):
        self.t += 1
        for i, p in enumerate(self.parameters):
            self.means[i] = 0.9 * self.means[i] + 0.1 * p.grad
            self.squares[i] = 0.999 * self.squares[i] + 0.001 * p.grad**2
            mean, square = self.means[i] / (1 - 0.9**self.t), self.squares[i] / (1 - 0.999**self.t)
            p.data -= self.rate * mean / (square + 1e-8) ** 0.5


# %% right
class Adam:
    def __init__(self, parameters, rate):
        self.parameters, self.rate = list(parameters), rate
        self.state = dict.fromkeys(self.parameters, (0.0, 0.0, 0))

    def step(self):
        for p in self.parameters:
            mean, square, t = self.state[p]
            mean += 0.1 * (p.grad - mean)
            square += 0.001 * (p.grad * p.grad - square)
            t += 1
            self.state[p] = mean, square, t
            p.data -= self.rate * (mean / (1 - 0.9**t)) / (math.sqrt(square / (1 - 0.999**t)) + 1e-8)
