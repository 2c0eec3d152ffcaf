"""Without seen."""


# %% start
# b = a * a, c = b * b, d = c * c and so on, n lines. How often would visit be called, for all nodes together, if it did
# not look at seen?
def visits(n):
    return ...


# %% hint
# The node at the end is visited once, and each node visits both of its operands, though both are the same. Count for
# one line and for two lines, on paper.


# %% check
def counted(node):
    return 1 + sum(counted(operand) for operand in node._prev)


end = Value(1.0)
for n in range(9):
    mine = visits(n)
    assert mine is not ..., "Put something in place of the dots."
    assert isinstance(mine, int | float), f"visits({n}) gives {mine!r}, which is no number."
    what = (
        "There is a with no line at all, and it is visited once" if n == 0 else f"With {n} lines I count {counted(end)}"
    )
    assert mine == counted(end), f"{what}; visits({n}) says {mine}."
    end = end * end


# %% wrong
def visits(n):
    return 2**n


# %% wrong
def visits(n):
    return 2 * n + 1


# %% wrong
def visits(n):
    return 2 ** (n + 1)


# %% wrong
def visits(n):
    return n + 1


# %% wrong
def visits(n):
    return 31


# %% right
def visits(n):
    return 1 if n == 0 else 1 + 2 * visits(n - 1)


# %% right
def visits(n):
    return sum(2.0**i for i in range(n + 1))
