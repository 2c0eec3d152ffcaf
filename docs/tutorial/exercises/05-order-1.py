"""Is it an order?"""


# %% start
# True if every node of the list stands behind all of its operands, otherwise False.
def in_order(nodes):
    return ...


# Of topological_order make a copy with order.append(node) before the loop, and let the nodes of this example push in
# the order that it gives, from the first to the last. What is a.grad then?
a = Value(2.0)
b = a * a
y = b + b * a

a_grad = ...


# %% hint
# Go through the list and keep what you have met. When a node comes, have you met all of its operands? Then
# write down who pushes when, and what each has received by then. A node pushes as in `backward`, with
# `operand.grad += local * node.grad`.

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
assert isinstance(a_grad, int | float), "a_grad is not a number yet."
assert a_grad != 16, "16 is right, and only a right order finds it. Is order.append(node) before the loop?"
assert a_grad != 0, "0 comes out if y pushes last. Take the list as it is, and not reversed as in backward."
assert a_grad == 8, (
    f"Not {a_grad:g}: b pushes second. What has it received by then, and does what comes later get to a?"
)


# %% wrong
def in_order(nodes):
    return True


a_grad = 8.0


# %% wrong
def in_order(nodes):
    return nodes == topological_order(nodes[-1])


a_grad = 8.0


# %% wrong
def in_order(nodes):
    return all(nodes.index(node._prev[0]) < i for i, node in enumerate(nodes) if node._prev)


a_grad = 8.0


# %% wrong
def in_order(nodes):
    return all(nodes.index(node) <= nodes.index(operand) for node in nodes for operand in node._prev)


a_grad = 8.0


# %% wrong
def in_order(nodes):
    return not nodes[0]._prev


a_grad = 8.0


# %% wrong
def in_order(nodes):
    return all(nodes[i - 1] in node._prev for i, node in enumerate(nodes) if node._prev)


a_grad = 8.0


# %% wrong
def in_order(nodes):
    for i, node in enumerate(nodes):
        if not all(operand in nodes[:i] for operand in node._prev):
            return False


a_grad = 8.0


# %% right
def in_order(nodes):
    while nodes:
        node = nodes.pop()
        if not set(node._prev) <= set(nodes):
            return False
    return True


a_grad = 8.0


# %% right
def in_order(nodes):
    places = {node: i for i, node in enumerate(nodes)}
    return all(places[operand] < places[node] for node in nodes for operand in node._prev)


a_grad = 8.0


# %% wrong
def in_order(nodes):
    return all(operand in nodes[:i] for i, node in enumerate(nodes) for operand in node._prev)


a_grad = 16.0


# %% wrong
def in_order(nodes):
    return all(operand in nodes[:i] for i, node in enumerate(nodes) for operand in node._prev)


a_grad = 0.0  # by y.backward()


# %% wrong
def in_order(nodes):
    return all(operand in nodes[:i] for i, node in enumerate(nodes) for operand in node._prev)


a_grad = 4.0
