"""Adding up paths."""

# %% start
# What is the gradient of a in a + a + a? And in a * a * a, at a = 2?

sum_grad = ...
product_grad = ...

# %% hint
# There are three paths in each. Along each path of the product, the rate is the product of the other two factors.

# %% check
assert isinstance(sum_grad, int | float), "sum_grad is not a number yet."
assert isinstance(product_grad, int | float), "product_grad is not a number yet."
assert sum_grad == 3, f"Not {sum_grad:g} for the sum: how many paths are there, and what is the rate along each?"
assert product_grad != 4, "4 is what comes along one path of the product. There are more."
assert product_grad == 12, (
    f"Not {product_grad:g} for the product: what is the rate along one path, and how many are there?"
)

# %% wrong
sum_grad, product_grad = 1, 12

# %% wrong
sum_grad, product_grad = 3, 4

# %% wrong
sum_grad, product_grad = 3, 8

# %% wrong
sum_grad, product_grad = 3, 6


# %% right
def grad_of(formula):
    a = Value(2.0)
    y = formula(a)
    y.grad = 1.0
    y.push()
    y._prev[0].push()
    return a.grad


sum_grad, product_grad = grad_of(lambda a: a + a + a), grad_of(lambda a: a * a * a)
