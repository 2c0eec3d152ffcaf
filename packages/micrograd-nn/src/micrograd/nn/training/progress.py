"""The progress bar, which needs tqdm, and the silence where there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def progress_bar(total: int, wanted: bool) -> Iterator[Callable[..., None]]:
    """Show a bar on standard error while the context lasts, if it is wanted and tqdm is installed.

    Args:
        total: The number of batches to come.
        wanted: Whether to show a bar.

    Yields:
        A function to call after each batch with its loss, or after several with the last loss and their number.
    """
    tqdm = _find_tqdm() if wanted else None
    if tqdm is None:
        yield lambda *_: None
        return
    with tqdm(total=total, unit="batch") as bar:

        def advance(loss: float, batches: int = 1) -> None:
            bar.set_postfix_str(f"loss {loss:.4g}", refresh=False)
            bar.update(batches)

        yield advance


def _find_tqdm() -> Callable[..., Any] | None:
    try:
        from tqdm import tqdm  # type: ignore[import-untyped, unused-ignore]  # tqdm is optional, and so are its stubs
    except ImportError:
        return None
    bar: Callable[..., Any] = tqdm
    return bar
