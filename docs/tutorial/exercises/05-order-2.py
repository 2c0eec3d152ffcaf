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
    assert isinstance(visits(n), int), f"visits({n}) gives {visits(n)!r}, which is no whole number."
    what = (
        "There is a with no line at all, and it is visited once" if n == 0 else f"With {n} lines I count {counted(end)}"
    )
    assert visits(n) == counted(end), f"{what}; visits({n}) says {visits(n)}."
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
