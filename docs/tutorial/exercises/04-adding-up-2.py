"""Two edges to one node."""

# %% start
# s = a + b and y = s * s, at a = 1, b = 2. How many paths lead from a to y? What is a.grad?

paths = ...
a_grad = ...

# %% hint
# From `a` there is one edge to `s`. How many edges lead from `s` to `y`, and what is the rate of each?

# %% check
assert isinstance(paths, int | float), "paths is not a number yet."
assert isinstance(a_grad, int | float), "a_grad is not a number yet."
assert paths != 1, "s is both operands of the product: each of them is an edge."
assert paths == 2, f"Not {paths}: paths from a only, and a is used once."
assert a_grad != 3, "3 is the rate along one of the paths."
assert a_grad == 6, f"Not {a_grad:g}: multiply along each path, then add."

# %% wrong
paths, a_grad = 1, 6

# %% wrong
paths, a_grad = 2, 3

# %% wrong
paths, a_grad = 4, 12

# %% wrong
paths, a_grad = 2, 9
