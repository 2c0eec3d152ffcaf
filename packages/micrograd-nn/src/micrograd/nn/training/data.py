"""What a model is trained with: samples and targets, those that are kept for validation, and weights."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from micrograd.nn.inputs import described, is_number, listed, shown, to_lists

Read: TypeAlias = Callable[[Any, str], Any]  # `to_lists`, or what leaves arrays as they are


@dataclass(frozen=True)
class Data:
    """What `fit` is given, checked.

    Attributes:
        samples: Rows to train with, in lists or an array.
        targets: One for each, in a list or an array.
        weights: One for each, not all 0; None if all count alike.
        validation: Samples and targets that are kept for validation, if there are any.
    """

    samples: Any
    targets: Any
    weights: list[float] | None
    validation: tuple[Any, list[Any]] | None

    @property
    def trained(self) -> tuple[Any, Any]:
        """Samples and targets as the training takes them: the first that counts stands where the weight is 0.

        For what does not count may have no loss, such as a target that is ignored, and 0 times nan is nan.
        """
        if self.weights is None or all(self.weights):
            return self.samples, self.targets
        first = next(i for i, weight in enumerate(self.weights) if weight)
        chosen = [i if weight else first for i, weight in enumerate(self.weights)]
        return _taken(self.samples, chosen), _taken(self.targets, chosen)


def read_data(
    X: Any, y: Any, read: Read, *, validation: Any, seed: int | None, sample_weight: Any, class_weight: Any
) -> Data:
    """Check what `fit` is given, and put samples aside for validation: their weights go with them, and do not count.

    Args:
        X: The samples.
        y: The targets.
        read: How to read them.
        validation: As `fit` takes it, as what follows.
        seed: Decides which samples are put aside.
        sample_weight: For all samples, those put aside as well.
        class_weight: For the classes of those that are left.

    Raises:
        TypeError: If something is of the wrong type.
        ValueError: If there are too few samples, lengths differ, or weights are out of range or all 0.
    """
    samples, targets = read_pairs("fit", X, y, read)
    weights = _sample_weights(sample_weight, len(samples))
    held_out = None
    if is_number(validation):
        chosen, kept = _split(len(samples), validation, seed)
        held_out = _taken(samples, kept), to_lists(_taken(targets, kept))
        samples, targets, weights = (
            _taken(samples, chosen),
            _taken(targets, chosen),
            weights and _taken(weights, chosen),
        )
    elif validation is not None:
        if not (isinstance(validation, (tuple, list)) and len(validation) == 2):
            raise TypeError(
                f"fit: validation must be (X, y), or a fraction between 0 and 1, got {described(validation)}"
            )
        rows, others = read_pairs("fit: validation", validation[0], validation[1], read)
        held_out = rows, to_lists(others)
    if class_weight is not None:
        by_class = _class_weights(class_weight, targets)
        weights = by_class if weights is None else [a * b for a, b in zip(weights, by_class, strict=True)]
    if weights is not None and not any(weights):
        raise ValueError("fit: the weights of all samples are 0, so nothing would be learnt")
    return Data(samples, targets, weights, held_out)


def read_samples(owner: str, X: Any, read: Read) -> Any:
    """Samples as rows: in lists, or an array if that is how they are read.

    Args:
        owner: Whose errors these are.
        X: The samples.
        read: How to read them.

    Raises:
        TypeError: If they are not rows of numbers.
    """
    rows = _read(owner, "X", X, read)
    if isinstance(rows, list):
        return [row if isinstance(row, list) else [row] for row in rows]
    return rows.reshape(-1, 1) if rows.ndim == 1 else rows


def read_pairs(owner: str, X: Any, y: Any, read: Read) -> tuple[Any, Any]:
    """The samples, rows, and as many targets: lists, or arrays if that is how they are read.

    Args:
        owner: Whose errors these are.
        X: The samples.
        y: The targets.
        read: How to read them.

    Raises:
        TypeError: If they are not numbers.
        ValueError: If there are none, or not as many targets as samples.
    """
    samples, targets = read_samples(owner, X, read), _read(owner, "y", y, read)
    if len(samples) != len(targets):
        raise ValueError(
            f"{owner} needs a target for each sample, got {len(samples)} samples in X and {len(targets)} targets in y"
        )
    if len(samples) == 0:
        raise ValueError(f"{owner} needs at least one sample, got an empty X")
    return samples, targets


def _read(owner: str, name: str, data: Any, read: Read) -> Any:
    rows = read(data, f"{owner}: {name}")
    if not hasattr(rows, "__len__"):
        raise TypeError(f"{owner}: {name} must be a list, a tuple or an array, got {rows!r}")
    return rows


def _split(count: int, fraction: float, seed: int | None) -> tuple[list[int], list[int]]:
    """Divide samples into those to train with and those for validation, by chance, but by the seed alone.

    Args:
        count: How many samples there are.
        fraction: The part for validation, between 0 and 1.
        seed: The seed; None is one as well.

    Returns:
        Both, each in the order of the samples.

    Raises:
        ValueError: If one of them is empty, or the fraction is out of range.
    """
    if not 0 < fraction < 1:
        raise ValueError(f"fit: validation must be (X, y), or a fraction between 0 and 1, got {shown(fraction)}")
    size = round(count * fraction)
    if size in (0, count):
        raise ValueError(
            f"fit: validation={fraction} of {count} samples leaves {size} for validation and {count - size} to train "
            "with; both need at least one"
        )
    kept = set(random.Random(f"validation {seed}").sample(range(count), size))
    return [i for i in range(count) if i not in kept], sorted(kept)


def _taken(rows: Any, chosen: Sequence[int]) -> Any:
    """Some of the rows of a list or an array."""
    return [rows[i] for i in chosen] if isinstance(rows, list) else rows[chosen]


def _sample_weights(sample_weight: Any, count: int) -> list[float] | None:
    """The weights of samples, if there are any.

    Raises:
        TypeError: If they are not numbers.
        ValueError: If there is not one for each sample, or one is negative, infinite or nan.
    """
    if sample_weight is None:
        return None
    weights = _read("fit", "sample_weight", sample_weight, to_lists)
    if len(weights) != count:
        raise ValueError(f"fit: sample_weight must have a number for each of {count} samples, got {len(weights)}")
    return [_weight(f"sample_weight: weight {i}", weight) for i, weight in enumerate(weights)]


def _class_weights(class_weight: Any, targets: Any) -> list[float]:
    """For each target the weight of its class.

    Args:
        class_weight: From classes to weights.
        targets: Classes.

    Raises:
        TypeError: If `class_weight` is no mapping, or the targets are rows.
        ValueError: If a class has no weight, or one that is negative, infinite or nan.
    """
    if not isinstance(class_weight, Mapping):
        raise TypeError(f"fit: class_weight must be a dict from classes to weights, got {described(class_weight)}")
    weights = {label: _weight(f"class_weight: that of {shown(label)}", w) for label, w in class_weight.items()}
    classes = to_lists(targets)
    if any(isinstance(label, list) for label in classes):
        raise TypeError("fit: class_weight needs targets that are classes, got rows; use sample_weight")
    missing = sorted(set(classes) - set(weights))
    if missing:
        known = listed(map(shown, weights)) or "none"
        raise ValueError(f"fit: class_weight has no weight for the class {listed(map(shown, missing))}; it has {known}")
    return [weights[label] for label in classes]


def _weight(name: str, weight: Any) -> float:
    if not (is_number(weight) and 0 <= weight < math.inf):
        raise ValueError(f"fit: {name} must be a number of at least 0, got {shown(weight)}")
    return float(weight)
