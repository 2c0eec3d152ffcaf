"""The slopes of a quotient."""

# %% start
# What are the local derivatives of a / b? Write them as functions of a and b.


def slope_for_a(a, b):
    return ...


def slope_for_b(a, b):
    return ...


# %% hint
# For `a`, think of a / b as a times a fixed number. For `b`, nudge: `slope(lambda b: 3.0 / b, 2.0)` from chapter 1, and
# look at what becomes of it when `b` is twice as large, and when `a` is.

# %% check
for a, b in ((3.0, 2.0), (-1.0, 4.0), (5.0, -0.5)):
    for name, mine, nudged, exact in (
        ("slope_for_a", slope_for_a(a, b), slope(lambda a, b=b: a / b, a), 1 / b),
        ("slope_for_b", slope_for_b(a, b), slope(lambda b, a=a: a / b, b), -a / b**2),
    ):
        assert isinstance(mine, float | int), f"{name} gives no number yet: put a formula behind return."
        assert abs(mine - nudged) < 1e-4, f"{name}({a}, {b}) is {mine:g}, and nudging says {nudged:.4f}."
        assert abs(mine - exact) < 1e-12, f"{name} is close to what nudging says, but there is a formula that is exact."


# %% wrong
def slope_for_a(a, b):
    return 1 / b


def slope_for_b(a, b):
    return 1 / a


# %% wrong
def slope_for_a(a, b):
    return b


def slope_for_b(a, b):
    return a


# %% wrong
def slope_for_a(a, b):
    return 1 / b


def slope_for_b(a, b):
    return a / b**2


# %% wrong
def slope_for_a(a, b):
    return 0.5


def slope_for_b(a, b):
    return -0.75


# %% wrong
def slope_for_a(a, b):
    return slope(lambda a: a / b, a)


def slope_for_b(a, b):
    return slope(lambda b: a / b, b)


# %% wrong
def slope_for_a(a, b):
    return 1 / b


def slope_for_b(a, b):
    return -1 / b**2


# %% right
def slope_for_a(a, b):
    return b**-1


def slope_for_b(a, b):
    return -(a / b) / b
