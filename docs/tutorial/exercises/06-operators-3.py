"""A check of gradients."""


# %% start
# True if backward finds the slope of op at x that nudging finds. op takes a Value and gives one, such as Value.tanh.
def is_right(op, x):
    return ...


# A mistake to find: the local derivative of tanh is 1 - t**2.
def wrong_tanh(v):
    t = math.tanh(v.data)
    return Value(t, (v,), "tanh", (1 - t,))


print(is_right(Value.tanh, 0.5), is_right(wrong_tanh, 0.5))

# %% hint
# Make a Value of `x`, apply `op`, go backward, and keep its `grad`. `slope` wants a function of plain numbers:
# `lambda x: op(Value(x)).data`. Two floats are hardly ever equal; ask whether they are close.


# %% check
def steeper(v):
    return Value(v.data, (v,), "steeper", (2.0,))


def too_flat(v):
    return Value(v.data, (v,), "too flat", (0.95,))


def cut_off(v):
    return Value(v.data)


for op, x, right, told in (
    (Value.tanh, 0.5, True, "tanh is right at 0.5"),
    (Value.relu, 1.0, True, "relu is right at 1"),
    (lambda v: v**3 / 2 - v, -1.5, True, "v**3 / 2 - v is right at -1.5"),
    (lambda v: Value(v.data, (v,), "wrong", (1 - v.data,)), 1.0, False, "the slope of v is not 1 - v, at 1"),
    (
        lambda v: Value(math.tanh(v.data), (v,), "wrong", (1 - math.tanh(v.data),)),
        0.5,
        False,
        "1 - t is wrong for tanh",
    ),
    (steeper, 2.0, False, "a slope of 2 is too steep for v"),
    (too_flat, 2.0, False, "a slope of 0.95 is too flat for v"),
    (cut_off, 2.0, False, "an operation that forgets its operand hands nothing back"),
):
    said = is_right(op, x)
    assert said is not ..., "Put something in place of the dots."
    assert said is not None, "is_right gives nothing back: does it end in a return?"
    assert bool(said) == right, f"is_right says {said}, but {told}."


# %% wrong
def is_right(op, x):
    return True


# %% wrong
def is_right(op, x):
    v = Value(x)
    op(v).backward()
    return v.grad == slope(lambda x: op(Value(x)).data, x)


# %% wrong
def is_right(op, x):
    v = Value(x)
    op(v).backward()
    return v.grad - slope(lambda x: op(Value(x)).data, x) < 1e-4


# %% wrong
def is_right(op, x):
    v = Value(x)
    op(v).backward()
    return abs(v.grad - op(Value(x)).data) < 1e-4


# %% wrong
def is_right(op, x):
    v = Value(x)
    op(v).backward()
    return abs(v.grad - slope(lambda x: op(Value(x)).data, x)) < 0.1


# %% wrong
def is_right(op, x):
    v = Value(x)
    op(v).backward()
    print(v.grad, slope(lambda x: op(Value(x)).data, x))


# %% right
def is_right(op, x):
    v = Value(x)
    op(v).backward()
    nudged = (op(Value(x + 0.001)).data - op(Value(x)).data) / 0.001
    return math.isclose(v.grad, nudged, rel_tol=0.01)
