"""When to stop."""

# %% start
# The place in the list at which the training ends: the first one where the lowest loss so far is patience places back,
# or the last place.


def stop_at(losses, patience):
    return ...


# %% hint
# Go through the losses with `enumerate`, and keep the place of the lowest one so far. How far back is it?

# %% check
for losses, patience, wanted, why in (
    ([5, 3, 4, 4, 2, 1], 2, 3, "3 is the lowest for two places"),
    ([5, 3, 4, 4, 2, 1], 3, 5, "the loss falls again before the patience has run out"),
    ([9, 8, 7, 6], 1, 3, "the loss falls to the end, so the last place is wanted"),
    ([1, 2, 3, 4, 5], 4, 4, "the first is the lowest"),
    ([1, 2, 3, 4, 5], 1, 1, "a patience of 1 ends at the first loss that is not lower"),
    ([4, 2, 3, 2.5, 2.4, 9], 3, 4, "2 is the lowest; 2.5 and 2.4 are lower than the one before, but not the lowest"),
    ([7], 2, 0, "there is no other place"),
    ([4, 2, 2, 2, 2, 1], 3, 4, "a loss that is as low as the lowest is no progress"),
):
    place = stop_at(list(losses), patience)
    assert place is not ..., "stop_at gives nothing yet: go through the losses, and return a place."
    assert place == wanted, f"stop_at({losses}, {patience}) is {place}, but {why}."


# %% wrong
def stop_at(losses, patience):
    return losses.index(min(losses))


# %% wrong
def stop_at(losses, patience):
    worse = 0
    for i in range(1, len(losses)):
        worse = worse + 1 if losses[i] >= losses[i - 1] else 0
        if worse == patience:
            return i
    return len(losses) - 1


# %% wrong
def stop_at(losses, patience):
    best = 0
    for i, loss in enumerate(losses):
        if loss < losses[best]:
            best = i
        if i - best > patience:
            return i
    return len(losses) - 1


# %% wrong
def stop_at(losses, patience):
    best = 0
    for i, loss in enumerate(losses):
        if loss < losses[best]:
            best = i
        if i - best >= patience:
            return best
    return best


# %% wrong
def stop_at(losses, patience):
    for i, loss in enumerate(losses):
        if loss == min(losses[: i + 1]):
            best = i
        if i - best >= patience:
            return i
    return len(losses) - 1


# %% right
def stop_at(losses, patience):
    lowest, waited = losses[0], 0
    for i, loss in enumerate(losses[1:], start=1):
        waited = 0 if loss < lowest else waited + 1
        lowest = min(lowest, loss)
        if waited == patience:
            return i
    return len(losses) - 1


# %% right
def stop_at(losses, patience):
    for i in range(patience, len(losses)):
        if min(losses[: i - patience + 1]) <= min(losses[i - patience + 1 : i + 1]):
            return i
    return len(losses) - 1
