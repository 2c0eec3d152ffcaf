"""Nodes and edges."""

# %% start
# Draw the graph of a * b + a on paper. How many nodes has it, and how many edges?

nodes = ...
edges = ...

# %% hint
# Every operand of every operation has an edge. How many boxes do you draw for `a`?

# %% check
assert isinstance(nodes, int | float), "nodes is not a number yet."
assert isinstance(edges, int | float), "edges is not a number yet."
a, b = Value(2.0), Value(5.0)
total = a * b + a
seen, todo = [], [total]
while todo:
    node = todo.pop()
    if not any(node is other for other in seen):
        seen.append(node)
        todo.extend(node._prev)
assert nodes == len(seen), (
    f"{nodes} nodes are {'too many: a is one box' if nodes > len(seen) else 'too few: results count'}."
)
assert edges == sum(len(node._prev) for node in seen), (
    f"Not {edges} edges: from each operand of each operation one edge leads to the result."
)

# %% wrong
nodes = 5
edges = 4

# %% wrong
nodes = 4
edges = 3

# %% wrong
nodes = 2
edges = 4

# %% wrong
nodes = 3
edges = 2

# %% wrong
nodes = 5
edges = 6

# %% right
a, b = Value(2.0), Value(5.0)
c = a * b + a
found = {a, b, c, *c._prev}
nodes, edges = len(found), sum(len(node._prev) for node in found)
