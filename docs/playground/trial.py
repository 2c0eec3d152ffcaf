"""What the check of an exercise sees when it tries the reader's code. It asks nothing of the browser."""

import builtins
from typing import Any

BUILT_IN = {name: value for name, value in vars(builtins).items() if not name.startswith("_")}


def tried(names: dict[str, Any], tutorial: dict[str, Any]) -> dict[str, Any]:
    """Add what the code has defined to what the tutorial has, which stays as it was, whatever the code has made of it.

    Classes are an exception: one that was written anew takes the place of the tutorial's, for what the code makes is of
    the new one.

    Args:
        names: The namespace in which the code has run.
        tutorial: One in which nothing has run but the definitions of the tutorial. Its functions look up names here.

    Returns:
        The second one, for the check to run in, with the built-in names as they are.
    """
    for name, thing in names.items():
        if name not in tutorial or (isinstance(thing, type) and isinstance(tutorial[name], type)):
            tutorial[name] = thing
    tutorial |= BUILT_IN
    return tutorial
