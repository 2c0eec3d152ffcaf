"""An operation of your own."""

# %% start
# Add the cube to the finished engine, with its derivative, and call it cube.

cube = ...

# %% hint
# `engine.define` takes a name, a function that computes, and a function that hands a gradient back: `lambda g, out, a:`
# and then a tuple with one part, for there is one operand. The part is `g` times the local derivative.

# %% check
assert callable(cube), "cube is not a function yet: engine.define gives one."
for number in (2.0, -1.5):
    x = engine.Value(number)
    y = cube(x)
    assert isinstance(y, engine.Value), f"cube gives {y!r}: it should give a Value of the finished engine."
    told = "This cube is made of operations that are there already. Make a new one, with a derivative that you write."
    assert y._op not in ((x * x)._op, (x**3)._op), told
    assert y._prev == (x,), told
    assert y.data == number**3, f"The cube of {number} is not {y.data:g}."
    y.backward()
    assert x.grad != 0, "The number is right, but nothing is handed back."
    assert abs(x.grad - 3 * number**2) < 1e-9, f"At {number} the slope of a**3 is not {x.grad:g}."
    x.grad = 0.0
    (5 * cube(x)).backward()
    assert abs(x.grad - 15 * number**2) < 1e-9, (
        "Of 5 times the cube the slope should be 5 times as large: what is g for?"
    )

# %% wrong
cube = engine.define("tutorial_cube", lambda a: a**3, lambda g, out, a: (g * 3 * a,))

# %% wrong
cube = engine.define("tutorial_cube", lambda a: a**3, lambda g, out, a: (3 * a**2,))

# %% wrong
cube = engine.define("tutorial_cube", lambda a: a * 3, lambda g, out, a: (g * 3,))


# %% wrong
def cube(a):
    return engine.Value(a.data**3)


# %% wrong
def cube(a):
    return a * a * a


# %% wrong
def cube(a):
    return a**3


# %% wrong
cube = engine.define("tutorial_cube", lambda a: a**3, lambda g, out, a: (3 * a**2,))(engine.Value(2.0))

# %% right
cube = engine.define("cube", lambda a: a * a * a, lambda g, out, a: (3 * g * out / a,))

# %% right
engine.define("cube of mine", lambda a: a**3, lambda g, out, a: (3 * a * a * g,))


def cube(a):
    out = engine.Value(a.data**3, (a,), "cube of mine")
    return out


# %% right
def cube(a):
    out = engine.Value(a.data**3, (a,), "cube")

    def _backward():
        a.grad += 3 * a.data**2 * out.grad

    out._backward = _backward
    return out
