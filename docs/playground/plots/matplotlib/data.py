"""What a program passes to a plot, as numbers and colours."""

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from .colors import Mappable, css
from .scales import Range


def is_list(thing: Any) -> bool:
    """Whether this is several things, and not a number, a Value or a word."""
    return isinstance(thing, Iterable) and not isinstance(thing, str)


def listed(things: Any, along: Range) -> list[float]:
    """Numbers or words as places along an axis; one alone is a list of one."""
    return [along.number(thing) for thing in (things if is_list(things) else [things])]


def table(rows: Any, name: str) -> list[list[float]]:
    """Rows of numbers, all as long as the first.

    Raises:
        TypeError: If it is no list of lists.
        ValueError: If one has another length, or there are none.
    """
    if not is_list(rows):
        raise TypeError(f"{name} takes a list of rows, got {type(rows).__name__}")
    for row in rows:
        if not is_list(row):
            raise TypeError(f"{name} takes a list of rows, got a list of {type(row).__name__}")
    found = [[math.nan if cell is None else float(cell) for cell in row] for row in rows]
    if not found or not found[0] or any(len(row) != len(found[0]) for row in found):
        raise ValueError(f"{name} takes rows of the same length, got {[len(row) for row in found]}")
    return found


def curves(args: Sequence[Any]) -> Iterator[tuple[Any, Any, str]]:
    """What `plot` takes, `x, y, format` again and again: x is None where it is left out, and the format empty.

    Raises:
        TypeError: If it is something else.
    """
    rest = list(args)
    while rest:
        count = next((i for i, arg in enumerate(rest[:3]) if isinstance(arg, str)), min(2, len(rest)))
        if count not in (1, 2):
            raise TypeError("plot takes y, or x and y, and a format such as 'ro--' behind them")
        says = count < len(rest) and isinstance(rest[count], str)
        yield (rest[0] if count == 2 else None), rest[count - 1], rest[count] if says else ""
        rest = rest[count + says :]


def columns(x: Any, y: Any, along_x: Range, along_y: Range) -> Iterator[tuple[list[float], list[float]]]:
    """The curves through the columns of y, or the one of all its numbers, with their x.

    Raises:
        ValueError: If there are more numbers in one than in the other.
    """
    rows = list(y) if is_list(y) else [y]
    across = listed(range(len(rows)) if x is None else x, along_x)
    if len(across) != len(rows):
        raise ValueError(f"x and y must have the same length, got {len(across)} and {len(rows)}")
    if rows and all(map(is_list, rows)):
        for column in zip(*table(rows, "plot"), strict=True):
            yield across, list(column)
    else:
        yield across, listed(rows, along_y)


def grid(args: Sequence[Any], name: str) -> tuple[list[float], list[float], list[list[float]], Any]:
    """What contours take, `z` or `x, y, z`, and then perhaps `levels`.

    Raises:
        TypeError: If there are not as many arguments.
        ValueError: If x and y do not fit z, or are no grid.
    """
    if len(args) not in (1, 2, 3, 4):
        raise TypeError(f"{name} takes z, or x, y and z, and then perhaps levels, got {len(args)} arguments")
    levels = args[-1] if len(args) % 2 == 0 else None
    z = table(args[0] if len(args) < 3 else args[2], name)
    if len(args) < 3:
        return [float(i) for i in range(len(z[0]))], [float(i) for i in range(len(z))], z, levels
    x, y = (list(side) for side in args[:2])
    if is_list(x[0]):  # as from meshgrid
        if any(list(row) != list(x[0]) for row in x):
            raise ValueError(f"{name} in the playground takes x and y of a grid: all rows of x are the same")
        x = list(x[0])
    y = [row[0] if is_list(row) else row for row in y]
    if (len(y), len(x)) != (len(z), len(z[0])):
        raise ValueError(
            f"{name} takes a row of z for each y and a number in it for each x: "
            f"got {len(z)} rows of {len(z[0])} for {len(y)} y and {len(x)} x"
        )
    return [float(number) for number in x], [float(number) for number in y], z, levels


def colours(c: Any, count: int, cmap: Any, low: float | None, high: float | None) -> tuple[list[str], Mappable | None]:
    """The colours of so many things, and what they stand for: one for all, one for each, or a number for each.

    Raises:
        ValueError: If there are not as many as things.
    """
    if isinstance(c, str):
        return [css(c)] * count, None
    things = list(c)
    numbers = not any(isinstance(thing, str) or is_list(thing) for thing in things)
    if numbers and len(things) in (3, 4) and len(things) != count:
        return [css(things)] * count, None
    if len(things) != count:
        raise ValueError(f"got {len(things)} colours for {count} points")
    if not numbers:
        return [css(thing) for thing in things], None
    stand_for = mapped([float(thing) for thing in things], cmap, low, high)
    return [stand_for.colour(float(thing)) for thing in things], stand_for


def mapped(
    numbers: Iterable[float], cmap: Any, low: float | None, high: float | None, *, fixed: bool = False
) -> Mappable:
    """Colours for numbers, from the least to the greatest unless it is said from where to where."""
    known = [number for number in numbers if math.isfinite(number)] or [0.0]
    return Mappable(cmap, min(known) if low is None else low, max(known) if high is None else high, fixed=fixed)
