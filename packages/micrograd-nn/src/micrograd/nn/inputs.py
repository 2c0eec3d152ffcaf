"""What users hand in: arguments, which are checked with one wording, and rows of numbers, wherever they come from.

Rows may be lists, or whatever NumPy, pandas, polars, PyTorch or Arrow hand over. All of it is read by position, the
rows of a table being its samples; names of columns and labels of rows do not count. None of these libraries is
imported: their objects know how to become lists or arrays.
"""

from __future__ import annotations

import reprlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from numbers import Integral, Real
from typing import Any, Protocol, TypeGuard

from micrograd.engine import Value


def shown(thing: object) -> str:
    """What an error message says it got: short, and printable, wherever it came from."""
    try:
        return reprlib.repr(thing)
    except ValueError:  # an int of more digits than Python writes
        return f"a huge {type(thing).__name__}"


def described(thing: object) -> str:
    """What an error message says it got where the type is wrong."""
    return f"{shown(thing)} ({type(thing).__name__})"


def listed(names: Iterable[object], most: int = 10) -> str:
    """Names for an error message: the first of them, and how many there are more."""
    texts = [str(name) for name in names]
    first = [text if text.isprintable() and len(text) < 100 else reprlib.repr(text) for text in texts[:most]]
    return ", ".join(first) + (f" and {len(texts) - most} more" if len(texts) > most else "")


def is_number(number: object) -> TypeGuard[float]:
    """Whether it is a real number that fits into a float; True and False are not."""
    try:
        return isinstance(number, Real) and not isinstance(number, bool) and isinstance(float(number), float)
    except OverflowError:
        return False


def flag(owner: str, name: str, choice: bool) -> bool:
    """The choice, if it is True or False; 1 and 0, and NumPy's, will do.

    Raises:
        ValueError: If it is not.
    """
    if choice not in (True, False):
        raise ValueError(f"{owner}: {name} must be True or False, got {shown(choice)}")
    return bool(choice)


def choice(owner: str, name: str, given: object, table: Mapping[Any, Callable[..., Any]]) -> Callable[..., Any]:
    """What is given, if it is a function, or the function that a table has for it.

    Raises:
        ValueError: If it is none.
    """
    if callable(given):
        return given
    try:
        return table[given]
    except (KeyError, TypeError):  # a TypeError for what has no hash
        raise ValueError(
            f"{owner}: {name} must be {', '.join(map(repr, table))} or a function, got {shown(given)}"
        ) from None


def function(owner: str, name: str, given: Any) -> Any:
    """What was given, if it is a function, or an object that can be called as one.

    Raises:
        TypeError: If it is not, or a class, of which there is no object yet.
    """
    if isinstance(given, type):
        raise TypeError(f"{owner}: {name} must be a function or a Module, got the class {given.__name__}; make one")
    if not callable(given):
        raise TypeError(f"{owner}: {name} must be a function or a Module, got {described(given)}")
    return given


def number(owner: str, name: str, given: float) -> float:
    """What was given as a float, if it is a number.

    Raises:
        ValueError: If it is not.
    """
    if not is_number(given):
        raise ValueError(f"{owner}: {name} must be a number, got {shown(given)}")
    return float(given)


def non_negative(owner: str, name: str, number: float) -> float:
    """The number as a float, if it is one of at least 0.

    Raises:
        ValueError: If it is not.
    """
    if not (is_number(number) and number >= 0):
        raise ValueError(f"{owner}: {name} must be a number of at least 0, got {shown(number)}")
    return float(number)


def integer(owner: str, name: str, number: int, least: int = 1) -> int:
    """The number as an int, if it is a whole one of at least `least`.

    Raises:
        ValueError: If it is not.
    """
    if not (isinstance(number, Integral) and is_number(number) and number >= least):
        raise ValueError(f"{owner}: {name} must be an int of at least {least}, got {shown(number)}")
    return int(number)


def layer_sizes(nin: int, nouts: Sequence[int]) -> list[int]:
    """The number of inputs of an MLP and the sizes of its layers, if all are ints of at least 1.

    Raises:
        ValueError: If they are not, or there is no layer.
    """
    if not isinstance(nouts, Sequence) or len(nouts) == 0:
        raise ValueError(f"MLP: nouts must be a list with the size of each layer, got {nouts!r}")
    return [integer("MLP", "each size", size) for size in (nin, *nouts)]


def dropout_rate(p: float) -> float:
    """`p` as a float, if it is a probability.

    Raises:
        ValueError: If it is not.
    """
    if not (is_number(p) and 0.0 <= p <= 1.0):
        raise ValueError(f"dropout takes a probability from 0 to 1, got {p!r}")
    return float(p)


class ArrayLike(Protocol):
    """Whatever has a length and can be indexed: a list, a tuple, an array, a tensor, a table."""

    def __len__(self) -> int:
        """The number of elements."""
        ...

    def __getitem__(self, index: int, /) -> Any:
        """The element at `index`."""
        ...


def to_lists(data: Any, what: str = "data") -> Any:
    """Numbers as Python has them: rows become lists, at any depth; whole numbers ints, the others floats.

    Args:
        data: A number, or rows of numbers from whatever library.
        what: What they are, for the error message.

    Returns:
        A number, or lists of numbers.

    Raises:
        TypeError: If something in it is neither a number nor a row of numbers.

    Example:
        >>> to_lists([(1, 2.5), range(2)])
        [[1, 2.5], [0, 1]]
    """
    if type(data) in (float, int):  # first, for it is what there are many of
        return data
    if isinstance(data, Integral):
        return int(data)
    if isinstance(data, Real):
        return float(data)
    if _holds_numbers(data):
        return data.tolist()
    rows = to_sequence(data, what)
    if isinstance(rows, (list, tuple)):
        return [to_lists(row, what) for row in rows]
    if rows is not data:
        return to_lists(rows, what)  # an array may hold a single number
    raise TypeError(f"{what} must be numbers, or lists, tuples, arrays or tables of them, got {described(data)}")


def to_array_or_lists(data: Any, what: str = "data") -> Any:
    """The numbers of `to_lists`, but as a NumPy array if the data is in one or its library has one to give.

    Args:
        data: Rows of numbers from whatever library.
        what: What they are, for the error message.

    Returns:
        An array of bools, ints or floats, or what `to_lists` returns.

    Raises:
        TypeError: If something in it is neither a number nor a row of numbers.
    """
    array = _array(data, what)
    return array if _holds_numbers(array) and array.shape else to_lists(data, what)


def to_sequence(data: Any, what: str = "data") -> Any:
    """Rows as a list or tuple, by position; what is no row, such as a number or a Value, as it is.

    Args:
        data: Rows from whatever library. A list or tuple is returned as it is, with what is in it.
        what: What they are, for the error message.

    Returns:
        A list, a tuple, or `data`; for an array of no dimensions the number in it.

    Raises:
        TypeError: If it is a sparse matrix, or holds dates.
    """
    if isinstance(data, (list, tuple, str, bytes, bytearray, Mapping)):
        return data
    array = _array(data, what)
    if array is not None:
        return array.tolist()
    for reader in ("tolist", "as_py"):
        if hasattr(data, reader):
            return getattr(data, reader)()
    if hasattr(data, "toarray"):
        raise TypeError(f"{what} must not be sparse, got a {type(data).__name__}; pass its .toarray()")
    if hasattr(data, "__len__") and hasattr(data, "__getitem__"):
        return [data[i] for i in range(len(data))]
    if isinstance(data, Iterable) and not isinstance(data, (set, frozenset)):  # which have no order
        return list(data)
    return data


def sample(x: Any) -> Sequence[Any]:
    """The inputs of a model for one sample as a list, read once.

    Args:
        x: Values or numbers in whatever iterates, or comes from another library; a single one stands for a list of one.

    Returns:
        A list or tuple of Values and numbers.

    Raises:
        TypeError: If it is something else.
        ValueError: If it is a batch of samples.

    Example:
        >>> sample(2.0), sample(i / 2 for i in range(3))
        ([2.0], [0.0, 0.5, 1.0])
    """
    if type(x) is list and x and isinstance(x[0], (Value, float, int)):  # what nearly all are: layers hand on lists
        return x
    row = to_sequence(x, _INPUTS)
    if isinstance(row, (Value, Real)):
        return [row]
    if isinstance(row, (str, bytes, bytearray, Mapping, set, frozenset)) or not isinstance(row, Iterable):
        raise TypeError(f"{_INPUTS} must be Values or numbers, in a list or whatever iterates, got {described(x)}")
    row = [to_sequence(element, _INPUTS) for element in row]
    if any(isinstance(element, (list, tuple)) for element in row):
        raise ValueError(
            f"a model takes one sample at a time, got {len(row)} rows; "
            "write [model(x) for x in X], or compile it: jit(model)(X)"
        )
    return row


def sample_for(owner: object, size: int, x: Any) -> Sequence[Any]:
    """The inputs of one sample, as `sample` reads them, if there are as many as the owner takes.

    Raises:
        TypeError: As `sample` does.
        ValueError: If there are not, or it is a batch of samples.
    """
    inputs = sample(x)
    if len(inputs) != size:
        raise ValueError(f"{owner!r} takes {size} inputs, got {len(inputs)}")
    return inputs


_INPUTS = "the inputs of a model"


def _array(data: Any, what: str) -> Any:
    """A NumPy array of it, if it is one or its library has one to give, else None.

    Raises:
        TypeError: If it holds dates: an array of floats would have them as numbers of days or of nanoseconds.
    """
    for kind in _kinds(data):
        if any(word in str(kind).lower() for word in ("date", "time", "duration")):
            raise TypeError(f"{what} must be numbers, got {kind}; turn dates and durations into floats first")
    reader = next((name for name in ("to_numpy", "__array__") if hasattr(data, name)), None)
    if reader is None or hasattr(data, "filled"):  # a masked array would lose its mask
        return None
    try:
        return getattr(data, reader)()
    except (ImportError, RuntimeError, TypeError, ValueError):
        if not hasattr(data, "tolist"):  # which a tensor with gradients or on a GPU has, and an array of Arrow's
            raise
        return None


def _kinds(data: Any) -> Iterable[object]:
    """What the columns of a table or array hold, as its library calls it."""
    if hasattr(data, "dtypes"):
        return data.dtypes if isinstance(data.dtypes, Iterable) else [data.dtypes]
    if hasattr(data, "schema"):
        return getattr(data.schema, "types", ())
    return [data.dtype] if hasattr(data, "dtype") else ()


def _holds_numbers(data: Any) -> bool:
    """Whether it is a NumPy array whose numbers are those of Python, so that no second look at each is needed."""
    kind = type(data)
    return (kind.__module__, kind.__name__) == ("numpy", "ndarray") and data.dtype.kind in "iuf" and data.itemsize <= 8
