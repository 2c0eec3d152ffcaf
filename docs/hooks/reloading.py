"""While somebody writes: the next build imports the packages again, since their source may have changed."""

import sys
from typing import Any


def on_post_build(**_: Any) -> None:
    """Forget the modules of the packages."""
    for name in [name for name in sys.modules if name.startswith("micrograd.")]:
        del sys.modules[name]
