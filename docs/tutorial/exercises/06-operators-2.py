"""What a minus is made of."""

# %% start
# How many nodes has the graph of a - b? Of a / b? Numbers that were wrapped count too.

minus_nodes = ...
divide_nodes = ...

# %% hint
# `a - b` is `a + (-b)`, and `-b` is `b * -1`. `a / b` is `a * b**-1`. Which numbers become a Value?

# %% check
a, b = Value(3.0), Value(2.0)
assert isinstance(minus_nodes, int | float), "minus_nodes is not a number yet."
assert isinstance(divide_nodes, int | float), "divide_nodes is not a number yet."
assert minus_nodes != 3, "A minus is no node: it is made of a plus and a times."
assert minus_nodes == len(topological_order(a - b)), f"Not {minus_nodes} for a - b: is the -1 a node?"
assert divide_nodes != 3, "A division is no node: it is made of a times and a power."
assert divide_nodes == len(topological_order(a / b)), f"Not {divide_nodes} for a / b: is the exponent a node?"

# %% wrong
minus_nodes, divide_nodes = 3, 3

# %% wrong
minus_nodes, divide_nodes = 4, 4

# %% wrong
minus_nodes, divide_nodes = 5, 5

# %% wrong
minus_nodes, divide_nodes = 5, 3
