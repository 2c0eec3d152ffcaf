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
def e_to_the(x):
    return math.exp(x), math.exp(x)


def one_over(x):
    y = 1 / (1 + math.exp(-x))
    return y, y * (1 - y)


for name, op, exact in (("exp", exp, e_to_the), ("sigmoid", sigmoid, one_over)):
    for x in (-1.5, 0.0, 0.5, 2.0):
        v = Value(x)
        out = op(v)
        y, slope_of_op = exact(x)
        assert out is not ..., f"Put something in place of the dots in {name}."
        assert isinstance(out, Value), f"{name} gives {out!r}: it should give a Value."
        assert isinstance(out.data, float), f"{name}(Value({x})) holds {out.data!r}: its data should be a number."
        assert abs(out.data - y) < 1e-9, f"{name}(Value({x})) is {out.data:g}, and it should be {y:g}."
        out.backward()
        assert abs(v.grad - slope_of_op) < 1e-4, (
            f"The slope of {name} at {x} is {v.grad:g}, and nudging says {slope_of_op:.4f}."
        )
        assert abs(v.grad - slope_of_op) < 1e-12, (
            f"The slope of {name} is nearly right. You know it exactly: no nudging."
        )
made_of = [(node, *node._prev) for node in topological_order(sigmoid(Value(0.5))) if len(node._prev) == 1]
assert any(abs(node.data - math.exp(operand.data)) < 1e-9 for node, operand in made_of), (
    "sigmoid is right, but it should be made from exp, and there is no exp in its graph."
)


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


# %% wrong
def exp(v):
    e = math.exp(v.data)
    return Value(e, (v,), "exp", (slope(math.exp, v.data),))


def sigmoid(v):
    return 1 / (1 + exp(-v))


# %% wrong
def exp(v):
    e = math.exp(v.data)
    return Value(e, (v,), "exp", (e,))


def sigmoid(v):
    s = 1 / (1 + math.exp(-v.data))
    return Value(s, (v,), "sigmoid", (s * (1 - s),))


# %% right
def exp(v):
    out = Value(math.e**v.data, (v,), "e")
    out._local = (out.data,)
    return out


def sigmoid(v):
    return exp(v) / (exp(v) + 1)
