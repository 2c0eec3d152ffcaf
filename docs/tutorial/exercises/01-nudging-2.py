"""A nudge that is too small."""

# %% start
# What is (f(3.0 + h) - f(3.0)) / h for h = 1e-17? And which is the smallest of 1, 1/2, 1/4, 1/8, ... that still changes
# 3.0 when you add it? Let a loop find it.

quotient = ...
smallest = ...

# %% hint
# Print `3.0 + 1e-17`. For the second, begin with `h = 1.0` and halve it as long as half of it still makes a difference:
# `while 3.0 + h / 2 > 3.0`.

# %% check
halved = 1.0
while 3.0 + halved / 2 > 3.0:
    halved /= 2
assert isinstance(quotient, int | float), "quotient is not a number yet."
assert quotient == (f(3.0 + 1e-17) - f(3.0)) / 1e-17, f"quotient is {quotient:g}. Run the expression and look."
assert isinstance(smallest, int | float), "smallest is not a number yet."
assert 3.0 + smallest > 3.0, f"3.0 + {smallest:g} is still 3.0: the nudge was lost."
assert 3.0 + smallest / 2 == 3.0, f"Half of {smallest:g} changes 3.0 as well. Go on halving."
assert smallest == halved, (
    f"{smallest!r} is none of 1, 1/2, 1/4, 1/8, ... Let the loop find it, and keep all of its digits."
)

# %% wrong
quotient = 14.0
smallest = 2**-51

# %% wrong
import sys

quotient = 0.0
smallest = sys.float_info.epsilon

# %% wrong
quotient = 0.0
smallest = 1e-15

# %% wrong
quotient = 0.0
smallest = 1e-17

# %% wrong
quotient = 0.0
smallest = 4e-16

# %% wrong
quotient = 0.0
smallest = 4.44e-16

# %% wrong
quotient = 0.0
smallest = 1.0
while 3.0 + smallest > 3.0:
    smallest /= 2

# %% right
quotient = 0
smallest = 1
while 3 + smallest / 2 != 3:
    smallest = smallest / 2

# %% right
quotient = 0.0
smallest = min(2**-i for i in range(100) if 3.0 + 2**-i != 3.0)
