"""The command line of an example."""

from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any


def options(about: str, **defaults: Any) -> Namespace:
    """Read the command line, and make the folder for the pictures, which every example has as `out`.

    Args:
        about: The docstring of the example, which is what `--help` says.
        **defaults: What else there is to choose, such as `steps=100`, each with its default: a number, several texts
            of which one is chosen (the first, unless another is named), False for what can be switched on, or a type
            such as `int` for what is None unless it is given.
    """
    parser = ArgumentParser(description=about, formatter_class=RawDescriptionHelpFormatter)
    for name, default in defaults.items():
        parser.add_argument(f"--{name}", **argument(default))
    parser.add_argument("--out", type=Path, default="out", help="folder for the pictures (default: %(default)s)")
    chosen = parser.parse_args()
    for name in ("steps", "batch"):
        if (given := getattr(chosen, name, None)) is not None and given < 1:
            parser.error(f"--{name} must be at least 1, got {given}")
    try:
        chosen.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        parser.error(f"--out must be a folder, or a place for one: {error}")
    return chosen


def argument(default: Any) -> dict[str, Any]:
    """How argparse reads an option with this default."""
    if default is False:
        return {"action": "store_true"}
    if isinstance(default, tuple):
        return {"choices": default, "default": default[0], "help": "(default: %(default)s)"}
    if isinstance(default, type):
        return {"type": default}
    return {"type": type(default), "default": default, "help": "(default: %(default)s)"}
