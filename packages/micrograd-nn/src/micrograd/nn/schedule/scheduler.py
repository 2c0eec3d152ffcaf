"""What schedules have in common: they step, all of it or nothing, and have a state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy, deepcopy
from typing import Any, TypeAlias

from micrograd.engine import assign
from micrograd.nn.inputs import described, listed, non_negative, number, shown
from micrograd.nn.optim import Optimizer
from micrograd.nn.state import loading

Change: TypeAlias = tuple[object, str, Any]  # as `assign` takes it


class LRScheduler:
    """What all schedules have in common. Counterpart: `torch.optim.lr_scheduler.LRScheduler`.

    A subclass defines `get_lr`, or, if it goes by the number of the epoch alone, `lr_at`. One that has an `__init__` of
    its own calls `super().__init__(optimizer)`, or sets `optimizer`, `base_lr` and `last_epoch` itself.

    Args:
        optimizer: The optimiser, with all its groups of parameters.

    Attributes:
        optimizer: The optimiser whose learning rates are set.
        base_lrs: The rate of each group at the beginning: its `initial_lr`, which the first schedule notes there. It
            says nothing of groups that are added later.
        last_epoch: The number of `step()` calls so far.
        sets: The names of the hyperparameters that it sets beside `lr`.

    Raises:
        TypeError: If it is no optimiser.
        ValueError: If a rate is no number.

    Example:
        >>> from micrograd.engine import Value
        >>> from micrograd.nn import SGD
        >>> class Halving(LRScheduler):
        ...     def get_lr(self):
        ...         factor = 0.5 if self.last_epoch else 1.0
        ...         return [group["lr"] * factor for group in self.optimizer.param_groups]
        >>> optimizer = SGD([Value(1.0)], lr=1.0)
        >>> Halving(optimizer).step()
        >>> optimizer.lr
        0.5
    """

    sets: Sequence[str] = ()
    _last_lr: Sequence[float] = ()  # what the last step has set; a subclass may begin without

    def __init_subclass__(cls, **options: Any) -> None:
        """A class that says `lr_at` and no `get_lr` goes by that, whatever it inherits."""
        super().__init_subclass__(**options)
        if "lr_at" in vars(cls) and "get_lr" not in vars(cls):
            cls.get_lr = LRScheduler.get_lr  # type: ignore[method-assign]

    def __init__(self, optimizer: Optimizer) -> None:
        self._attach(optimizer)
        self._check()
        initial = zip(optimizer.param_groups, self.base_lrs, strict=True)
        assign(*self._at(0), *((group, "initial_lr", rate) for group, rate in initial))

    def _attach(self, optimizer: Optimizer) -> None:
        """Begin with the rates that the optimiser has.

        Raises:
            TypeError: If it is none.
        """
        name = type(self).__name__
        if not isinstance(optimizer, Optimizer):
            raise TypeError(f"{name} takes an optimizer, got {described(optimizer)}")
        self.optimizer = optimizer
        self.base_lrs = [
            number(name, "the rate of a group", group.get("initial_lr", group["lr"]))
            for group in optimizer.param_groups
        ]
        self.last_epoch = 0
        self._last_lr = [group["lr"] for group in optimizer.param_groups]

    @property
    def base_lr(self) -> float:
        """The rate of all groups at the beginning. It may be changed.

        Raises:
            ValueError: If they had several.
        """
        if self.base_lrs.count(self.base_lrs[0]) < len(self.base_lrs):
            raise ValueError(
                f"{type(self).__name__}.base_lr is the rate of all groups of parameters, but they began with several, "
                f"{listed(self.base_lrs)}; use base_lrs"
            )
        return self.base_lrs[0]

    @base_lr.setter
    def base_lr(self, base_lr: float) -> None:
        groups = len(getattr(self, "base_lrs", [base_lr]))  # a subclass may begin with it
        self.base_lrs = [number(type(self).__name__, "base_lr", base_lr)] * groups

    def get_lr(self) -> list[float]:
        """The rate of each group in epoch `last_epoch`, made of the present one. Subclasses define it.

        `step` calls it when `last_epoch` has its new value, and the rates have their old ones.

        Raises:
            NotImplementedError: If the subclass has no `lr_at` either.
        """
        return [self.lr_at(self.last_epoch)] * len(self.optimizer.param_groups)

    def lr_at(self, epoch: int) -> float:
        """The rate of all groups in an epoch, counted from 0, if nothing else has set it.

        Raises:
            NotImplementedError: If the subclass does not define it.
        """
        raise NotImplementedError(f"{type(self).__name__} has no lr_at; define one that takes the number of the epoch")

    def get_last_lr(self) -> list[float]:
        """The rate of each group that the last step set. Counterpart: the same name in torch."""
        return list(self._last_lr)

    def step(self) -> None:
        """Go to the next epoch: set the rates. Call it after the epoch's steps of the optimiser.

        A Ctrl-C (KeyboardInterrupt) takes effect before or afterwards.

        Raises:
            ValueError: If a rate is no number, or groups have come or gone. Nothing has changed then. A rate below 0 is
                refused by the optimiser, if it comes to a step with it.
        """
        assign(*self._at(self.last_epoch + 1))

    def _at(self, epoch: int, present: Sequence[float] | None = None) -> list[Change]:
        """What has to be assigned to go to an epoch.

        `get_lr` is asked of a copy, so that whatever it does comes into being as a whole or not at all.

        Args:
            epoch: The epoch.
            present: The rates to start from; None for those of the optimiser.
        """
        ahead = copy(self)
        ahead.last_epoch = epoch
        groups = self.optimizer.param_groups
        if present is not None:
            ahead.optimizer = copy(self.optimizer)
            ahead.optimizer.param_groups = [{**group, "lr": rate} for group, rate in zip(groups, present, strict=True)]
        rates = ahead.get_lr()
        if len(rates) != len(groups):
            raise ValueError(
                f"{type(self).__name__} has rates for {len(rates)} groups of parameters, the optimizer has "
                f"{len(groups)}; make the schedule when all groups are there"
            )
        ahead._last_lr = [number(type(self).__name__, "the rate of a group", rate) for rate in rates]
        ahead.optimizer = self.optimizer
        return [
            (self, "__dict__", vars(ahead)),
            *((group, "lr", rate) for group, rate in zip(groups, ahead._last_lr, strict=True)),
        ]

    def state_dict(self) -> dict[str, Any]:
        """All that is needed to go on later, beside the state of the optimiser. Counterpart: the same name in torch.

        Returns:
            A new dict with all attributes but `optimizer`, which `micrograd.nn.save` can write if it can write these.

        Example:
            >>> from micrograd.engine import Value
            >>> from micrograd.nn import SGD, StepLR
            >>> schedule = StepLR(SGD([Value(1.0)], lr=0.5), step_size=2)
            >>> schedule.state_dict()["last_epoch"]
            0
        """
        attributes = {"_last_lr": self._last_lr, **vars(self)}
        return {name: deepcopy(value) for name, value in attributes.items() if name != "optimizer"}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on from a state. The rates themselves are in that of the optimiser. Counterpart: the same name in torch.

        Args:
            state_dict: What `state_dict()` of a schedule of the same kind returned.

        Raises:
            ValueError: If it is not such a state. Nothing has changed then.
        """
        with loading(self):
            changes = self._loaded(state_dict)
        assign(*changes)

    def _loaded(self, state: Any) -> list[Change]:
        """What has to be assigned to go on from a state.

        Raises:
            ValueError: If it is no state of such a schedule.
        """
        check_entries(state, self.state_dict())
        loaded = copy(self)
        vars(loaded).update(deepcopy(dict(state)))
        loaded._check()
        return [(self, "__dict__", vars(loaded))]

    def _check(self) -> None:
        """Refuse attributes that are out of range, whether they were given or loaded; and make numbers of them.

        Raises:
            ValueError: If one is.
        """
        name = type(self).__name__
        if type(self.last_epoch) is not int or not -1 <= self.last_epoch <= 2**53:
            raise ValueError(f"{name}: last_epoch must be the number of steps taken, got {shown(self.last_epoch)}")
        groups = len(self.optimizer.param_groups)
        for rates, least in (("base_lrs", 1), ("_last_lr", 0)):
            if hasattr(self, rates):  # a subclass may do without
                setattr(self, rates, for_groups_until_then(name, rates, getattr(self, rates), least, groups))


def for_each_group(owner: str, name: str, numbers: Any, groups: int) -> list[float]:
    """A number of at least 0 for each group of parameters: as many as there are, or one for all.

    Raises:
        ValueError: If they are not.
    """
    if not isinstance(numbers, (list, tuple)):
        return [non_negative(owner, name, numbers)] * groups
    if len(numbers) != groups:
        raise ValueError(f"{owner}: {name} must have a number for each of {groups} groups, got {shown(numbers)}")
    return [non_negative(owner, name, each) for each in numbers]


def for_groups_until_then(owner: str, name: str, numbers: Any, least: int, groups: int) -> list[float]:
    """A number for each group of parameters that there was when it was noted: more may have come since.

    Raises:
        ValueError: If they are no numbers, fewer than the least, or more than there are groups now.
    """
    if not isinstance(numbers, (list, tuple)) or not least <= len(numbers) <= groups:
        raise ValueError(f"{owner}: {name} must have a number for each of {groups} groups, got {shown(numbers)}")
    return [number(owner, name, each) for each in numbers]


def check_entries(state: Any, names: Mapping[str, Any]) -> None:
    """Refuse what is no dict with these names.

    Raises:
        ValueError: If it is not.
    """
    if not isinstance(state, Mapping) or set(state) != set(names):
        raise ValueError(f"it must have the entries {listed(sorted(names))}, got {shown(state)}")
