"""The progress bar, which needs tqdm, and the silence where there is none."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

_NOTHING: Mapping[str, float] = MappingProxyType({})


@contextmanager
def progress_bar(epochs: int, steps: int, wanted: bool, *, done: int = 0) -> Iterator[Callable[..., None]]:
    """Show a bar while the context lasts, if it is wanted and tqdm is installed.

    It is one line on standard error, for all epochs together; in a notebook with ipywidgets it is a widget.

    Args:
        epochs: How many epochs there are in all.
        steps: The number of batches in each.
        wanted: Whether to show a bar.
        done: How many epochs there have been already.

    Yields:
        A function `advance(loss, batches=1, known={})`: to call after each batch with its loss, or after several with
        the last loss and their number; and after an epoch, with 0 batches, to tell what is known then, by its name,
        such as `val_loss`. That is shown until something else is known.
    """
    tqdm = _find_tqdm() if wanted and done < epochs else None
    if tqdm is None:
        yield lambda *_: None
        return
    taken, shown = done * steps, ""
    with tqdm(initial=taken, total=epochs * steps, desc=f"epoch {done + 1}/{epochs}", unit="batch") as bar:

        def advance(loss: float, batches: int = 1, known: Mapping[str, float] = _NOTHING) -> None:
            nonlocal taken, shown
            taken += batches
            if known:
                shown = "".join(f", {name} {number:.4g}" for name, number in known.items())
            bar.set_description_str(f"epoch {-(-taken // steps)}/{epochs}", refresh=False)
            bar.set_postfix_str(f"loss {loss:.4g}{shown}", refresh=False)
            bar.update(batches)

        yield advance
        bar.total = taken  # who stopped early is done as well; a notebook would show it in red


@contextmanager
def counting_bar(name: str, samples: int, wanted: bool) -> Iterator[Callable[[int], object]]:
    """Show a bar that counts samples while the context lasts, if it is wanted and tqdm is installed.

    Args:
        name: What is done with them.
        samples: How many there are.
        wanted: Whether to show a bar.

    Yields:
        A function to call with the number of samples that are done.
    """
    tqdm = _find_tqdm() if wanted else None
    if tqdm is None:
        yield lambda _: None
        return
    with tqdm(total=samples, desc=name, unit="sample") as bar:
        yield bar.update


def _find_tqdm() -> Callable[..., Any] | None:
    if sys.stderr is None:  # a program without a console
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what a notebook lacks for widgets: it gets the bar of a console
            from tqdm.auto import tqdm  # type: ignore[import-untyped, unused-ignore]  # optional, as its stubs are
    except ImportError:
        return None
    bar: Callable[..., Any] = tqdm
    return bar
