"""While the code of a page makes graphs, the garbage collector does not go through all other pages again and again."""

import gc
from typing import Any


def on_page_markdown(markdown: str, **_: Any) -> None:
    """Let it pass over what is there."""
    gc.collect()
    gc.freeze()


def on_post_build(**_: Any) -> None:
    """Let it see all of it again, for the next build of who writes."""
    gc.unfreeze()
