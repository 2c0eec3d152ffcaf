"""Where descent runs away."""


# %% start
# In the valley a * (w - 2)**2: from which rate on does descent run away? In (w - 2)**2, a is 1.
def limit(a):
    return ...


# %% hint
# The slope is 2a (w − 2). So by what does a step multiply the distance w − 2? It runs away when that is below −1.


# %% check
def distance_after(rate, a, steps=100):
    distance = 3.0
    for _ in range(steps):
        distance -= rate * 2 * a * distance
    return abs(distance)


for a in (1.0, 0.5, 4.0, 0.1):
    rate = limit(a)
    assert rate is not ..., "Put something in place of the dots."
    assert isinstance(rate, int | float), f"limit({a}) gives {rate!r}, which is no number."
    assert rate > 0, f"limit({a}) is {rate:g}: a rate is positive."
    near = distance_after(0.999 * rate, a) < 3 < distance_after(1.001 * rate, a)
    outcome = "still gets to the bottom" if distance_after(1.001 * rate, a) < 3 else "runs away with less already"
    assert near, f"In the valley {a:g} * (w - 2)**2, limit says {rate:g}. Descent {outcome}."


# %% wrong
def limit(a):
    return 1.0


# %% wrong
def limit(a):
    return 2 / a


# %% wrong
def limit(a):
    return 1 / (2 * a)


# %% wrong
def limit(a):
    return a


# %% wrong
def limit(a):
    return 1.03 / a


# %% wrong
def limit(a):
    return -1 / a


# %% right
def limit(a):
    return 2 / (2 * a)
