"""Is it an order?"""


# %% start
# True if every node of the list stands behind all of its operands, otherwise False.
def in_order(nodes):
    return ...


# %% hint
# Go through the list and keep what you have met. When a node comes, have you met all of its operands?

# %% check
a, b = Value(2.0), Value(3.0)
c = a * b
d = c + a
square = a * a
for nodes, right, told in (
    ([a], True, "A leaf alone has no operands to stand behind."),
    ([a, b, c, d], True, "In a, b, a * b, (a * b) + a everyone stands behind their operands."),
    ([b, a, c, d], True, "It does not matter which leaf comes first."),
    ([a, b, c, square, d], True, "In a, b, a * b, a * a, (a * b) + a everyone stands behind their operands."),
    ([d, c, b, a], False, "From the end to the beginning, everyone stands before their operands."),
    ([a, c, b, d], False, "In a, a * b, b the product stands before its second operand."),
    ([b, c, a, d], False, "In b, a * b, a the product stands before its first operand."),
    ([a, b, d, c], False, "In a, b, (a * b) + a, a * b the sum stands before the product."),
    ([a, c, d, b], False, "In a, a * b, (a * b) + a, b the product stands before its second operand."),
    ([square, a], False, "In a * a, a the product stands before both of its operands."),
    (topological_order(d), True, "topological_order gives such an order."),
):
    said = in_order(list(nodes))
    assert said is not ..., "Put something in place of the dots."
    assert isinstance(said, bool), f"in_order gives {said!r}: it should say True or False, for each list."
    assert said == right, told


# %% wrong
def in_order(nodes):
    return True


# %% wrong
def in_order(nodes):
    return nodes == topological_order(nodes[-1])


# %% wrong
def in_order(nodes):
    return all(nodes.index(node._prev[0]) < i for i, node in enumerate(nodes) if node._prev)


# %% wrong
def in_order(nodes):
    return all(nodes.index(node) <= nodes.index(operand) for node in nodes for operand in node._prev)


# %% wrong
def in_order(nodes):
    return not nodes[0]._prev


# %% wrong
def in_order(nodes):
    return all(nodes[i - 1] in node._prev for i, node in enumerate(nodes) if node._prev)


# %% wrong
def in_order(nodes):
    for i, node in enumerate(nodes):
        if not all(operand in nodes[:i] for operand in node._prev):
            return False


# %% right
def in_order(nodes):
    while nodes:
        node = nodes.pop()
        if not set(node._prev) <= set(nodes):
            return False
    return True


# %% right
def in_order(nodes):
    places = {node: i for i, node in enumerate(nodes)}
    return all(places[operand] < places[node] for node in nodes for operand in node._prev)
