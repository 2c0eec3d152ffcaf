"""What happened in a training, and how that is written down while it happens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from micrograd.nn.optim import Optimizer


@dataclass
class History:
    """What happened in a call of `fit`.

    Attributes:
        loss: For each finished epoch the mean of the losses of its batches, weighted by their sizes.
        lr: The learning rate of each finished epoch.
        interrupted: Whether Ctrl-C ended the training early.
        diverged: Whether a nan or an infinity did.

    Example:
        >>> History(loss=[0.5, 0.25], lr=[0.1, 0.1])
        History(loss=[0.5, 0.25], lr=[0.1, 0.1], interrupted=False, diverged=False)
    """

    loss: list[float] = field(default_factory=list)
    lr: list[float] = field(default_factory=list)
    interrupted: bool = False
    diverged: bool = False


class Record:
    """The history while it is written.

    Ctrl-C may come between any two instructions. So an epoch is entered before its last step is taken, and whether that
    has been taken is for the optimiser to say, which counts its steps in the same moment as it takes them.

    Args:
        optimizer: The optimiser.
        steps: How many steps an epoch has.

    Attributes:
        history: The losses and learning rates of finished epochs, and perhaps of some that were to be finished next.
    """

    def __init__(self, optimizer: Optimizer, steps: int) -> None:
        self.history = History()
        self._optimizer, self._steps = optimizer, steps
        self._confirmed = (0, optimizer.t)

    def enter(self, losses: Sequence[float], rates: Sequence[float]) -> None:
        """Enter epochs, the last steps of which are about to be taken."""
        self.history.loss += losses
        self.history.lr += rates

    def confirm(self) -> None:
        """All epochs entered are finished."""
        self._confirmed = (len(self.history.loss), self._optimizer.t)

    def closed(self) -> History:
        """The history of the epochs that are finished."""
        epochs, t = self._confirmed
        epochs += max(0, self._optimizer.t - t) // self._steps
        for entries in (self.history.loss, self.history.lr):
            del entries[epochs:]
        return self.history
