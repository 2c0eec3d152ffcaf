"""Two mistakes in the loop."""


# %% start
# This loop has two mistakes. Mend them.
def train(model, loss_function, X, y, steps, rate):
    history = []
    for p in model.parameters():
        p.grad = 0.0
    for _ in range(steps):
        loss = loss_function(model, X, y)
        loss.backward()
        for p in model.parameters():
            p.data += rate * p.grad
        history.append(loss.data)
    return history


# %% hint
# Learn to say it in order: forward, forget the old slopes, backward, a step downhill. Which of the four happens too
# seldom here, and which goes the wrong way?


# %% check
class Knob:
    def __init__(self):
        self.w = Value(5.0)

    def __call__(self, x):
        return self.w * x

    def parameters(self):
        return [self.w]


knob = Knob()
history = train(knob, mean_squared_error, [1.0], [2.0], 3, 0.125)
assert isinstance(history, list), f"train gives {history!r}: it should give a list, the losses of all steps."
assert len(history) == 3, (
    f"In three steps there are three losses, and train gives {len(history)}. "
    "Look at the last lines: what belongs into the loop, and what behind it?"
)
assert all(isinstance(loss, float) for loss in history), "The history should hold numbers, the data of each loss."
assert history[0] == 9.0, f"The first loss is {history[0]:g}, and it should be that before the first step, 9."
assert history[1] < 9.0, f"After one step the loss is {history[1]:g}: the step went uphill, or nowhere."
assert history[1] == 5.0625, (
    f"After one step the loss is {history[1]:g}, and it should be 5.0625: the first step is wrong."
)
assert history[2] == 2.84765625, (
    "The first step is right, and the second is not. What was left in p.grad from the first?"
)


# %% wrong
def train(model, loss_function, X, y, steps, rate):
    history = []
    for p in model.parameters():
        p.grad = 0.0
    for _ in range(steps):
        loss = loss_function(model, X, y)
        loss.backward()
        for p in model.parameters():
            p.data -= rate * p.grad
        history.append(loss.data)
    return history


# %% wrong
def train(model, loss_function, X, y, steps, rate):
    history = []
    for _ in range(steps):
        loss = loss_function(model, X, y)
        for p in model.parameters():
            p.grad = 0.0
        loss.backward()
        for p in model.parameters():
            p.data += rate * p.grad
        history.append(loss.data)
    return history


# %% wrong
def train(model, loss_function, X, y, steps, rate):
    history = []
    for _ in range(steps):
        loss = loss_function(model, X, y)
        loss.backward()
        for p in model.parameters():
            p.grad = 0.0
        for p in model.parameters():
            p.data -= rate * p.grad
        history.append(loss.data)
    return history


# %% wrong
def train(model, loss_function, X, y, steps, rate):
    history = []
    for _ in range(steps):
        loss = loss_function(model, X, y)
        for p in model.parameters():
            p.grad = 0.0
        loss.backward()
        for p in model.parameters():
            p.data = -rate * p.grad
        history.append(loss.data)
    return history


# %% wrong
def train(model, loss_function, X, y, steps, rate):
    history = []
    for _ in range(steps):
        loss = loss_function(model, X, y)
        for p in model.parameters():
            p.grad = 0.0
        loss.backward()
        for p in model.parameters():
            p.data -= rate * p.grad
        history.append(loss.data)
        return history


# %% wrong
def train(model, loss_function, X, y, steps, rate):
    history = []
    for _ in range(steps):
        loss = loss_function(model, X, y)
        for p in model.parameters():
            p.grad = 0.0
        loss.backward()
        for p in model.parameters():
            p.data -= rate * p.grad
    history.append(loss.data)
    return history


# %% wrong
def train(model, loss_function, X, y, steps, rate):
    history = []
    for _ in range(steps):
        loss = loss_function(model, X, y)
        for p in model.parameters():
            p.grad = 0.0
        loss.backward()
        for p in model.parameters():
            p.data -= rate * p.grad
        history.append(loss)
    return history


# %% right
def train(model, loss_function, X, y, steps, rate):
    history = []
    for p in model.parameters():
        p.grad = 0.0
    for _ in range(steps):
        loss = loss_function(model, X, y)
        loss.backward()
        for p in model.parameters():
            p.data = p.data - p.grad * rate
            p.grad = 0.0
        history += [loss.data]
    return history
