"""An exponential, and a sigmoid."""


# %% start
# e to the power of v: an operation of its own, which is its own slope.
def exp(v):
    return ...


# 1 / (1 + e to the power of minus v), made from exp.
def sigmoid(v):
    return ...


# %% hint
# `exp` makes a Value as `tanh` does in the class: its number, its operand, a name, and a tuple with one local
# derivative. `sigmoid` then is nothing but the formula.

# %% check
for name, op, plain in (("exp", exp, math.exp), ("sigmoid", sigmoid, lambda x: 1 / (1 + math.exp(-x)))):
    for x in (-1.5, 0.0, 0.5, 2.0):
        v = Value(x)
        out = op(v)
        assert isinstance(out, Value), f"{name} gives {out!r}: it should give a Value."
        assert isinstance(out.data, float), f"{name}(Value({x})) holds {out.data!r}: its data should be a number."
        assert abs(out.data - plain(x)) < 1e-9, f"{name}(Value({x})) is {out.data:g}, and it should be {plain(x):g}."
        out.backward()
        nudged = slope(plain, x)
        assert abs(v.grad - nudged) < 1e-6, f"The slope of {name} at {x} is {v.grad:g}, and nudging says {nudged:.4f}."


# %% wrong
def exp(v):
    return Value(math.exp(v.data))


def sigmoid(v):
    return 1 / (1 + exp(-v))


# %% wrong
def exp(v):
    return Value(math.exp(v.data), (v,), "exp", (1.0,))


def sigmoid(v):
    return 1 / (1 + exp(-v))


# %% wrong
def exp(v):
    e = math.exp(v.data)
    return Value(e, (v,), "exp", (e,))


def sigmoid(v):
    return 1 / (1 + exp(v))


# %% wrong
def exp(v):
    return math.exp(v.data)


def sigmoid(v):
    return 1 / (1 + math.exp(-v.data))
