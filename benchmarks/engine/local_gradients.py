"""The other way to write a scalar autograd engine: every node keeps its local derivatives.

Where our engine looks the derivative up in a table when `backward` runs, a node here works its derivatives out when it
is made and stores them beside its operands. There are no closures and hence no cycles. Written to be fast, for a fair
race.
"""


class Value:
    """A number, its gradient, and the derivatives of the number with respect to the operands it came from."""

    __slots__ = ("_children", "_local_grads", "data", "grad")

    def __init__(self, data, children=(), local_grads=()):
        self.data = data
        self.grad = 0.0
        self._children = children
        self._local_grads = local_grads

    def __add__(self, other):
        if not isinstance(other, Value):
            other = Value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        if not isinstance(other, Value):
            other = Value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    __radd__ = __add__
    __rmul__ = __mul__

    def __neg__(self):
        return self * -1

    def relu(self):
        return Value(self.data, (self,), (1.0,)) if self.data > 0 else Value(0.0, (self,), (0.0,))

    @property
    def _prev(self):
        return self._children

    def backward(self):
        order, seen = [], set()

        def visit(node):  # recursive, as such engines have it: faster than a stack of our own, up to Python's limit
            if node not in seen:
                seen.add(node)
                for child in node._children:
                    visit(child)
                order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            grad = node.grad
            for child, local_grad in zip(node._children, node._local_grads):  # noqa: B905 (strict would cost time)
                child.grad += local_grad * grad
