"""The wrong way round."""

# %% start
# On a fresh bill with bill.grad = 1.0: fruit.push(), then total.push(), then bill.push(). What are then the gradients
# of the leaves?

apples_grad = ...
price_grad = ...
bag_grad = ...
rate_grad = ...

# %% hint
# What is `fruit.grad` at the moment when `fruit` pushes?

# %% check
apples, price, bag, rate = Value(3.0), Value(2.0), Value(1.0), Value(1.5)
fruit = apples * price
total = fruit + bag
bill = total * rate
bill.grad = 1.0
for node in (fruit, total, bill):
    node.push()
for name, mine, leaf, giver in (
    ("rate_grad", rate_grad, rate, "bill"),
    ("bag_grad", bag_grad, bag, "total"),
    ("price_grad", price_grad, price, "fruit"),
    ("apples_grad", apples_grad, apples, "fruit"),
):
    assert isinstance(mine, int | float), f"{name} is not a number yet."
    assert mine == leaf.grad, (
        f"{name} is not {mine:g}: it comes from {giver}. What had {giver} received when it pushed?"
    )

# %% wrong
apples_grad, price_grad, bag_grad, rate_grad = 3.0, 4.5, 1.5, 7.0

# %% wrong
apples_grad, price_grad, bag_grad, rate_grad = 0.0, 0.0, 0.0, 0.0

# %% wrong
apples_grad, price_grad, bag_grad, rate_grad = 0.0, 0.0, 1.5, 7.0

# %% wrong
apples_grad, price_grad, bag_grad, rate_grad = 2.0, 3.0, 0.0, 7.0
