"""Value, from memory."""


# %% start
# Write Value with +, *, relu and backward. Nothing of it is there: the order, too, is yours to write.
class Value: ...


def topological_order(root): ...


# %% hint
# The six sentences: a Value keeps its number, its operands, and a local derivative for each. Every operation makes a
# new one. `backward` begins with 1, goes from the result to the leaves, operands after all who use them, and *adds*.

# %% check
assert isinstance(Value, type), "Value should be a class."
assert not issubclass(Value, engine.Value), (
    "That is the finished Value, or made of it. Yours is asked for, from memory."
)
check(Value)


class Watched(Value):
    """A Value that counts how often its gradient is written."""

    written = 0

    @property
    def grad(self):
        return self.kept

    @grad.setter
    def grad(self, number):
        self.kept = number
        Watched.written += 1


node = Watched(1.0)
for _ in range(10):
    node = node * node
Watched.written = 0
node.backward()
assert Watched.written < 100, (
    f"All numbers are right. But with b = a * a, c = b * b and so on, ten lines, a gets {Watched.written} gradients: "
    "with thirty lines it would not end. Each node should hand on its gradient once."
)


# %% wrong
# A relu that does nothing.
class Value:
    def __init__(self, data, _prev=(), _local=()):
        self.data = data
        self.grad = 0.0
        self._prev = _prev
        self._local = _local

    def __add__(self, other):
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def relu(self):
        return Value(self.data, (self,), (1.0 if self.data > 0 else 0.0,))

    def backward(self):
        self.grad = 1.0
        for node in reversed(topological_order(self)):
            for operand, local in zip(node._prev, node._local):
                operand.grad += local * node.grad


def topological_order(root):
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for operand in node._prev:
                visit(operand)
            order.append(node)

    visit(root)
    return order


# %% wrong
# A relu that lets all gradients through.
class Value:
    def __init__(self, data, _prev=(), _local=()):
        self.data = data
        self.grad = 0.0
        self._prev = _prev
        self._local = _local

    def __add__(self, other):
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def relu(self):
        return Value(max(0.0, self.data), (self,), (1.0,))

    def backward(self):
        self.grad = 1.0
        for node in reversed(topological_order(self)):
            for operand, local in zip(node._prev, node._local):
                operand.grad += local * node.grad


def topological_order(root):
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for operand in node._prev:
                visit(operand)
            order.append(node)

    visit(root)
    return order


# %% wrong
# = for +=.
class Value:
    def __init__(self, data, _prev=(), _local=()):
        self.data = data
        self.grad = 0.0
        self._prev = _prev
        self._local = _local

    def __add__(self, other):
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def relu(self):
        return Value(max(0.0, self.data), (self,), (1.0 if self.data > 0 else 0.0,))

    def backward(self):
        self.grad = 1.0
        for node in reversed(topological_order(self)):
            for operand, local in zip(node._prev, node._local):
                operand.grad = local * node.grad


def topological_order(root):
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for operand in node._prev:
                visit(operand)
            order.append(node)

    visit(root)
    return order


# %% wrong
# From the leaves to the result.
class Value:
    def __init__(self, data, _prev=(), _local=()):
        self.data = data
        self.grad = 0.0
        self._prev = _prev
        self._local = _local

    def __add__(self, other):
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def relu(self):
        return Value(max(0.0, self.data), (self,), (1.0 if self.data > 0 else 0.0,))

    def backward(self):
        self.grad = 1.0
        for node in topological_order(self):
            for operand, local in zip(node._prev, node._local):
                operand.grad += local * node.grad


def topological_order(root):
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for operand in node._prev:
                visit(operand)
            order.append(node)

    visit(root)
    return order


# %% wrong
# A node before its operands.
class Value:
    def __init__(self, data, _prev=(), _local=()):
        self.data = data
        self.grad = 0.0
        self._prev = _prev
        self._local = _local

    def __add__(self, other):
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def relu(self):
        return Value(max(0.0, self.data), (self,), (1.0 if self.data > 0 else 0.0,))

    def backward(self):
        self.grad = 1.0
        for node in topological_order(self):
            for operand, local in zip(node._prev, node._local):
                operand.grad += local * node.grad


def topological_order(root):
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            order.append(node)
            for operand in node._prev:
                visit(operand)

    visit(root)
    return order


# %% wrong
# Every node once for each path.
class Value:
    def __init__(self, data, _prev=(), _local=()):
        self.data = data
        self.grad = 0.0
        self._prev = _prev
        self._local = _local

    def __add__(self, other):
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def relu(self):
        return Value(max(0.0, self.data), (self,), (1.0 if self.data > 0 else 0.0,))

    def backward(self):
        self.grad = 1.0
        for node in reversed(topological_order(self)):
            for operand, local in zip(node._prev, node._local):
                operand.grad += local * node.grad


def topological_order(root):
    order = []

    def visit(node):
        for operand in node._prev:
            visit(operand)
        order.append(node)

    visit(root)
    return order


# %% wrong
# Each operand of a product gets its own number.
class Value:
    def __init__(self, data, _prev=(), _local=()):
        self.data = data
        self.grad = 0.0
        self._prev = _prev
        self._local = _local

    def __add__(self, other):
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        return Value(self.data * other.data, (self, other), (self.data, other.data))

    def relu(self):
        return Value(max(0.0, self.data), (self,), (1.0 if self.data > 0 else 0.0,))

    def backward(self):
        self.grad = 1.0
        for node in reversed(topological_order(self)):
            for operand, local in zip(node._prev, node._local):
                operand.grad += local * node.grad


def topological_order(root):
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for operand in node._prev:
                visit(operand)
            order.append(node)

    visit(root)
    return order


# %% wrong
# One side of a product is forgotten.
class Value:
    def __init__(self, data, _prev=(), _local=()):
        self.data = data
        self.grad = 0.0
        self._prev = _prev
        self._local = _local

    def __add__(self, other):
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        return Value(self.data * other.data, (self,), (other.data,))

    def relu(self):
        return Value(max(0.0, self.data), (self,), (1.0 if self.data > 0 else 0.0,))

    def backward(self):
        self.grad = 1.0
        for node in reversed(topological_order(self)):
            for operand, local in zip(node._prev, node._local):
                operand.grad += local * node.grad


def topological_order(root):
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for operand in node._prev:
                visit(operand)
            order.append(node)

    visit(root)
    return order


# %% wrong
# The gradient does not begin at 1.
class Value:
    def __init__(self, data, _prev=(), _local=()):
        self.data = data
        self.grad = 0.0
        self._prev = _prev
        self._local = _local

    def __add__(self, other):
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def relu(self):
        return Value(max(0.0, self.data), (self,), (1.0 if self.data > 0 else 0.0,))

    def backward(self):
        for node in reversed(topological_order(self)):
            for operand, local in zip(node._prev, node._local):
                operand.grad += local * node.grad


def topological_order(root):
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for operand in node._prev:
                visit(operand)
            order.append(node)

    visit(root)
    return order


# %% wrong
# The gradient does not begin at 0.
class Value:
    def __init__(self, data, _prev=(), _local=()):
        self.data = data
        self.grad = 1.0
        self._prev = _prev
        self._local = _local

    def __add__(self, other):
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def relu(self):
        return Value(max(0.0, self.data), (self,), (1.0 if self.data > 0 else 0.0,))

    def backward(self):
        self.grad = 1.0
        for node in reversed(topological_order(self)):
            for operand, local in zip(node._prev, node._local):
                operand.grad += local * node.grad


def topological_order(root):
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for operand in node._prev:
                visit(operand)
            order.append(node)

    visit(root)
    return order


# %% wrong
# All results share their operands.
class Value:
    nodes = []

    def __init__(self, data, _prev=(), _local=()):
        self.data = data
        self.grad = 0.0
        self._prev = _prev
        self._local = _local
        self.nodes.append(self)

    def __add__(self, other):
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def relu(self):
        return Value(max(0.0, self.data), (self,), (1.0 if self.data > 0 else 0.0,))

    def backward(self):
        self.nodes[-1].grad = 1.0
        for node in reversed(self.nodes):
            for operand, local in zip(node._prev, node._local):
                operand.grad += local * node.grad


def topological_order(root):
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for operand in node._prev:
                visit(operand)
            order.append(node)

    visit(root)
    return order


# %% wrong
Value = engine.Value


# %% wrong
class Value(engine.Value):
    pass


# %% wrong
# Every path by itself.
class Value:
    def __init__(self, data, _prev=(), _local=()):
        self.data = data
        self.grad = 0.0
        self._prev = _prev
        self._local = _local

    def __add__(self, other):
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def relu(self):
        return Value(max(0.0, self.data), (self,), (1.0 if self.data > 0 else 0.0,))

    def backward(self, grad=1.0):
        self.grad += grad
        for operand, local in zip(self._prev, self._local):
            operand.backward(local * grad)


# %% wrong
# Nodes with the same number are taken for one.
class Value:
    def __init__(self, data, _prev=(), _local=()):
        self.data = data
        self.grad = 0.0
        self._prev = _prev
        self._local = _local

    def __add__(self, other):
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def relu(self):
        return Value(max(0.0, self.data), (self,), (1.0 if self.data > 0 else 0.0,))

    def backward(self):
        order, seen = [], set()

        def visit(node):
            if node.data not in seen:
                seen.add(node.data)
                for operand in node._prev:
                    visit(operand)
                order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            for operand, local in zip(node._prev, node._local):
                operand.grad += local * node.grad


# %% right
# As the classic one has it.
class Value:
    def __init__(self, data, children=()):
        self.data = data
        self.grad = 0
        self._backward = lambda: None
        self._prev = set(children)

    def __add__(self, other):
        out = Value(self.data + other.data, (self, other))

        def _backward():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = _backward
        return out

    def __mul__(self, other):
        out = Value(self.data * other.data, (self, other))

        def _backward():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = _backward
        return out

    def relu(self):
        out = Value(0 if self.data < 0 else self.data, (self,))

        def _backward():
            self.grad += (out.data > 0) * out.grad

        out._backward = _backward
        return out

    def backward(self):
        order, seen = [], set()

        def visit(node):
            if node not in seen:
                seen.add(node)
                for child in node._prev:
                    visit(child)
                order.append(node)

        visit(self)
        self.grad = 1
        for node in reversed(order):
            node._backward()


# %% right
# Everyone waits until all of its users have pushed.
class Value:
    def __init__(self, data, edges=()):
        self.data, self.edges = data, edges
        self.grad = 0.0

    def __add__(self, other):
        return Value(self.data + other.data, [(self, 1.0), (other, 1.0)])

    def __mul__(self, other):
        return Value(self.data * other.data, [(self, other.data), (other, self.data)])

    def relu(self):
        return self * Value(1.0 if self.data > 0 else 0.0)

    def backward(self):
        users, todo = {self: 0}, [self]
        while todo:
            for operand, _ in todo.pop().edges:
                if operand not in users:
                    users[operand] = 0
                    todo.append(operand)
                users[operand] += 1
        self.grad = 1.0
        todo = [self]
        while todo:
            node = todo.pop()
            for operand, local in node.edges:
                operand.grad += local * node.grad
                users[operand] -= 1
                if not users[operand]:
                    todo.append(operand)
