"""The price of being exact."""

# %% start
# A guess from 20 points scatters by 0.3. How many points does one need that scatters by no more than this?


def points_for(scatter):
    return ...


# %% hint
# Four times as many points halve the scatter, nine times as many make it a third. So what does a scatter `k` times as
# small take? `math.ceil` rounds up.

# %% check
for scatter, wanted in ((0.3, 20), (0.15, 80), (0.1, 180), (0.03, 2000), (0.6, 5), (0.07, 368)):
    points = points_for(scatter)
    assert isinstance(points, float | int), "points_for gives no number yet: put a formula behind return."
    assert 0 < points < 1e6, f"points_for({scatter}) is {points}: some number of points is asked for."
    assert points == int(points), f"points_for({scatter}) is {points}: there are no parts of points, so round up."
    left = 0.3 * (20 / points) ** 0.5
    assert left <= scatter * 1.0001, f"{points} points are too few for {scatter}: they scatter by {left:.3f}."
    assert points <= wanted + 1, (
        f"{points} points are more than needed: they scatter by {left:.3f}, which is below {scatter}."
    )


# %% wrong
def points_for(scatter):
    return math.ceil(20 * 0.3 / scatter)


# %% wrong
def points_for(scatter):
    return 20 * (0.3 / scatter) ** 2


# %% wrong
def points_for(scatter):
    return math.floor(20 * (0.3 / scatter) ** 2)


# %% wrong
def points_for(scatter):
    return 2000


# %% wrong
def points_for(scatter):
    return math.ceil(20 * math.sqrt(0.3 / scatter))


# %% right
def points_for(scatter):
    n = 1
    while 0.3 * (20 / n) ** 0.5 > scatter:
        n += 1
    return n
