"""Who was found."""

# %% start
# For each class the part of its points that was recognised. The table has a row for each true class, and a column for
# what was said.


def found(table):
    return []


# %% hint
# All points of class `k` are in row `k`. Which number in it counts those that were recognised?

# %% check
for table, wanted in (
    ([[99, 0], [1, 0]], [1.0, 0.0]),
    ([[8, 2], [5, 5]], [0.8, 0.5]),
    ([[6, 2, 0], [0, 10, 0], [1, 1, 2]], [0.75, 1.0, 0.5]),
    ([[0, 4], [4, 0]], [0.0, 0.0]),
    ([[3]], [1.0]),
):
    parts = found([list(row) for row in table])
    assert hasattr(parts, "__iter__"), f"found gives {parts!r}: a list is wanted, with a number for each class."
    assert not isinstance(parts, dict), (
        "found gives a dict: a list is wanted, the numbers alone, in the order of the rows."
    )
    parts = list(parts)
    assert len(parts) == len(table), f"found gives {len(parts)} numbers for {len(table)} classes."
    assert all(isinstance(mine, float | int) for mine in parts), f"found gives {parts!r}: something in it is no number."
    for k, (mine, right) in enumerate(zip(parts, wanted)):
        assert abs(mine - right) < 1e-9, (
            f"found({table}) says {mine:.3f} for class {k}: {table[k][k]} of {sum(table[k])} points were recognised."
        )


# %% wrong
def found(table):
    columns = [sum(row[k] for row in table) or 1 for k in range(len(table))]
    return [table[k][k] / columns[k] for k in range(len(table))]


# %% wrong
def found(table):
    return [row[k] for k, row in enumerate(table)]


# %% wrong
def found(table):
    total = sum(map(sum, table))
    return [row[k] / total for k, row in enumerate(table)]


# %% wrong
def found(table):
    return [max(row) / sum(row) for row in table]


# %% wrong
def found(table):
    return {k: row[k] / sum(row) for k, row in enumerate(table)}


# %% wrong
def found(table):
    return sum(row[k] for k, row in enumerate(table)) / sum(map(sum, table))


# %% wrong
def found(table):
    return [(row[k], sum(row)) for k, row in enumerate(table)]


# %% right
def found(table):
    for k in range(len(table)):
        yield table[k][k] / sum(table[k])


# %% right
def found(table):
    return tuple(row[k] / sum(row) for k, row in enumerate(table))
