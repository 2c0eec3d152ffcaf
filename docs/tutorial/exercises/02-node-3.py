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
        assert isinstance(recompute(v), int | float), f"recompute gives {recompute(v)!r}, which is no number."
        told = f"With a, b, c = {numbers}, {text} came out as {recompute(v):g}."
        assert recompute(v) == wanted, told


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
