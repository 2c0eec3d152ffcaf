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


def refuse(what: str) -> NoReturn:
    """Raise an error that names what these plots do not do.

    Args:
        what: What a program asks for.
    """
    raise NotImplementedError(words(what))


def missing(name: str) -> NoReturn:
    """Raise the error of a name that is not here.

    Args:
        name: The name, as the program has it.
    """
    raise AttributeError(words(name), obj=None)  # knowing the object, Python would propose names that are alike


def words(what: str) -> str:
    """Says that something is not here."""
    return f"{what} is not in the playground, which draws plot, scatter, bar, contour and contourf. {WAY_OUT}"


class Part:
    """A part of a picture, which names what it does not have."""

    def __getattr__(self, name: str) -> Any:
        """What is not here."""
        if name.startswith("_"):
            raise AttributeError(name)
        missing(f"{type(self).__name__}.{name}")


def checked(function: Called, name: str = "") -> Called:
    """Let a function take other names of its keywords too, and refuse arguments that it does not have.

    Args:
        function: The function. It may take any keywords, and check them itself.
        name: What a program calls, if that is not the function itself.
    """
    parameters = inspect.signature(function).parameters.values()
    known = [parameter.name for parameter in parameters]
    any_keyword = any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters)
    most = sum(parameter.kind is parameter.POSITIONAL_OR_KEYWORD for parameter in parameters)
    called = name or function.__name__

    @wraps(function)
    def checking(*args: Any, **keywords: Any) -> Any:
        given = {word if word in known else LONG.get(word, word): value for word, value in keywords.items()}
        strange = [] if any_keyword else [word for word in given if word not in known]
        if strange:
            takes = ", ".join(word for word in known if word != "self")
            there = f"where there are {takes}" if takes else "where it takes nothing"
            raise TypeError(f"the keyword {strange[0]!r} of {called} is not in the playground, {there}. {WAY_OUT}")
        if len(args) > most:
            refuse(f"{called} with {args[most]!r}, an argument more than it takes here,")
        return function(*args, **given)

    return checking  # type: ignore[return-value]
