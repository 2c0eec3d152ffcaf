"""Says what these plots do not do, and what to do instead."""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn, TypeVar

Called = TypeVar("Called", bound=Callable[..., Any])

WAY_OUT = "On your own machine, with matplotlib installed, the program runs as it is."

LONG = {
    "c": "color",
    "ec": "edgecolor",
    "edgecolors": "edgecolor",
    "facecolor": "color",
    "facecolors": "color",
    "fc": "color",
    "horizontalalignment": "ha",
    "linestyles": "linestyle",
    "linewidths": "linewidth",
    "ls": "linestyle",
    "lw": "linewidth",
    "mec": "markeredgecolor",
    "mew": "markeredgewidth",
    "mfc": "markerfacecolor",
    "ms": "markersize",
    "ncol": "ncols",
    "size": "fontsize",
    "verticalalignment": "va",
}
"""Other names of keywords."""

PLOTS = "plot, scatter, bar, barh, hist, fill_between, contour, contourf and imshow"


def refuse(what: str, error: type[Exception] = NotImplementedError) -> NoReturn:
    """Raise an error that names what is missing.

    Args:
        what: The name, as the program has it.
        error: The class of the error.
    """
    raise error(f"{what} is not in the playground, which draws {PLOTS}. {WAY_OUT}")


def checked(function: Called, name: str = "") -> Called:
    """Let a function take other names of its keywords too, and refuse those that it does not have.

    Args:
        function: The function.
        name: What a program calls, if that is not the function itself.
    """
    parameters = inspect.signature(function).parameters
    known = [name for name, parameter in parameters.items() if parameter.kind is not parameter.VAR_POSITIONAL]
    takes = ", ".join(name for name in known if parameters[name].default is not parameters[name].empty)

    @wraps(function)
    def checking(*args: Any, **keywords: Any) -> Any:
        given = {
            LONG[keyword] if keyword not in known and LONG.get(keyword) in known else keyword: value
            for keyword, value in keywords.items()
        }
        if strange := [keyword for keyword in given if keyword not in known]:
            call = f"{name or function.__name__}({strange[0]}=...)"
            raise TypeError(f"{call} is not in the playground, where the keywords are {takes}. {WAY_OUT}")
        return function(*args, **given)

    return checking  # type: ignore[return-value]
