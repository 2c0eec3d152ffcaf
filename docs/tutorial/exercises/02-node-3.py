"""Computing it again."""


# %% start
# Give the number that v would have if it were computed again now, from the numbers of the leaves.
def recompute(v):
    return ...


apples, price, bag, rate = Value(3.0), Value(2.0), Value(1.0), Value(1.5)
bill = (apples * price + bag) * rate
price.data = 4.0
print(bill.data, recompute(bill))

# %% hint
# It is built like `formula` of exercise 2: a leaf is its number, and for anything else recompute the operands first.
# `_op` says what to do with them.

# %% check
a, b, c = Value(1.0), Value(2.0), Value(3.0)
cases = [(a, "a"), (a + b, "a + b"), (a * b, "a * b"), ((a + b) * c, "(a + b) * c"), (a * b * c + a, "a * b * c + a")]
for numbers in ((1.0, 2.0, 3.0), (4.0, -1.0, 0.5)):
    a.data, b.data, c.data = numbers
    for v, text in cases:
        wanted = eval(text, dict(zip("abc", numbers)))
        again = recompute(v)
        assert again is not ..., "Put something in place of the dots."
        assert isinstance(again, int | float), f"For {text}, recompute gives {again!r}, which is no number."
        assert again == wanted, f"With a, b, c = {numbers}, {text} came out as {again:g}."


# %% wrong
def recompute(v):
    return v.data


# %% wrong
def recompute(v):
    if not v._prev:
        return v.data
    left, right = v._prev
    return left.data + right.data if v._op == "+" else left.data * right.data


# %% wrong
def recompute(v):
    if not v._prev:
        return v.data
    left, right = v._prev
    return recompute(left) * recompute(right)


# %% wrong
def recompute(v):
    return ((4.0 * 3.0) + 1.0) * 1.5


# %% wrong
def recompute(v):
    if not v._prev:
        return v
    left, right = (recompute(operand) for operand in v._prev)
    return left + right if v._op == "+" else left * right


# %% right
def formula(v):
    if not v._prev:
        return str(v.data)
    left, right = v._prev
    return f"({formula(left)} {v._op} {formula(right)})"


def recompute(v):
    return eval(formula(v))


# %% right
def recompute(v):
    if v._op == "+":
        v.data = recompute(v._prev[0]) + recompute(v._prev[1])
    elif v._op == "*":
        v.data = recompute(v._prev[0]) * recompute(v._prev[1])
    return v.data
