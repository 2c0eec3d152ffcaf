"""Says what these plots do not do, and what to do instead."""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn, TypeVar

Called = TypeVar("Called", bound=Callable[..., Any])

WAY_OUT = "On your own machine, with matplotlib installed, the program runs as it is."

LONG = {
    "c": "color",
    "linewidths": "linewidth",
    "ls": "linestyle",
    "lw": "linewidth",
    "mec": "markeredgecolor",
    "mew": "markeredgewidth",
    "mfc": "markerfacecolor",
    "ms": "markersize",
}
"""Other names of keywords."""


def refuse(what: str, error: type[Exception] = NotImplementedError) -> NoReturn:
    """Raise an error that names what is missing.

    Args:
        what: The name, as the program has it.
        error: The class of the error.
    """
    raise error(f"{what} is not in the playground, which draws plot, scatter, bar, contour and contourf. {WAY_OUT}")


def checked(function: Called, name: str = "") -> Called:
    """Let a function take other names of its keywords too, and refuse those that it does not have.

    Args:
        function: The function.
        name: What a program calls, if that is not the function itself.
    """
    known = list(inspect.signature(function).parameters)

    @wraps(function)
    def checking(*args: Any, **keywords: Any) -> Any:
        given = {word if word in known else LONG.get(word, word): value for word, value in keywords.items()}
        if strange := [word for word in given if word not in known]:
            what = f"the keyword {strange[0]!r} of {name or function.__name__}"
            takes = ", ".join(word for word in known if word != "self")
            raise TypeError(f"{what} is not in the playground, where there are {takes}. {WAY_OUT}")
        return function(*args, **given)

    return checking  # type: ignore[return-value]
