"""A price that is used twice."""

# %% start
# The bag costs as much as an apple: bill(3.0, price, price, 1.5). What is the slope of the price, at 2.0?

price_slope = ...

# %% hint
# One cent more for the price reaches the bill on two ways: the apples get dearer, and so does the bag. You have both
# slopes from above.

# %% check
nudged = slope(lambda price: bill(3.0, price, price, 1.5), 2.0)
assert isinstance(price_slope, int | float), "Put a number in place of the dots."
assert abs(price_slope - 4.5) > 1e-3, "4.5 is what the price does through the apples. The bag gets dearer as well."
assert abs(price_slope - 1.5) > 1e-3, "1.5 is what the price does through the bag. The apples get dearer as well."
assert abs(price_slope - nudged) < 1e-6, (
    f"{price_slope:g} is not what nudging says. What do the two ways do to the bill together?"
)

# %% wrong
price_slope = 4.5

# %% wrong
price_slope = 1.5

# %% wrong
price_slope = 4.5 * 1.5

# %% wrong
price_slope = (4.5 + 1.5) / 2

# %% wrong
price_slope = 6.0005

# %% right
price_slope = slope(lambda price: bill(3.0, price, price, 1.5), 2.0)
