"""The gate for numbers that come from outside: lists, and whatever NumPy, pandas, polars, PyTorch or Arrow hand over.

All of it is read by position, the rows of a table being its samples; names of columns and labels of rows do not count.
None of these libraries is imported: their objects know how to become lists or arrays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from numbers import Integral, Real
from typing import Any, Protocol

from micrograd.engine import Value
from micrograd.nn.arguments import shown


class ArrayLike(Protocol):
    """Whatever has a length and can be indexed: a list, a tuple, an array, a tensor, a table."""

    def __len__(self) -> int:
        """The number of elements."""
        ...

    def __getitem__(self, index: int, /) -> Any:
        """The element at `index`."""
        ...


def plain(data: Any, what: str = "data") -> Any:
    """Numbers as Python has them: rows become lists, at any depth; whole numbers ints, the others floats.

    Args:
        data: A number, or rows of numbers from whatever library.
        what: What they are, for the error message.

    Returns:
        A number, or lists of numbers.

    Raises:
        TypeError: If something in it is neither a number nor a row of numbers.

    Example:
        >>> plain([(1, 2.5), range(2)])
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
    rows = opened(data, what)
    if isinstance(rows, (list, tuple)):
        return [plain(row, what) for row in rows]
    if rows is not data:
        return plain(rows, what)  # an array may hold a single number
    raise TypeError(
        f"{what} must be numbers, or lists, tuples, arrays or tables of them, got {shown(data)} ({type(data).__name__})"
    )


def compact(data: Any, what: str = "data") -> Any:
    """The numbers of `plain`, but as a NumPy array if the data is in one or its library has one to give.

    Args:
        data: Rows of numbers from whatever library.
        what: What they are, for the error message.

    Returns:
        An array of bools, ints or floats, or what `plain` returns.

    Raises:
        TypeError: If something in it is neither a number nor a row of numbers.
    """
    array = _array(data, what)
    return array if _holds_numbers(array) and array.shape else plain(data, what)


def opened(data: Any, what: str = "data") -> Any:
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
    row = opened(x, _INPUTS)
    if isinstance(row, (Value, Real)):
        return [row]
    if isinstance(row, (str, bytes, bytearray, Mapping, set, frozenset)) or not isinstance(row, Iterable):
        raise TypeError(
            f"{_INPUTS} must be Values or numbers, in a list or whatever iterates, got {shown(x)} ({type(x).__name__})"
        )
    row = [opened(element, _INPUTS) for element in row]
    if any(isinstance(element, (list, tuple)) for element in row):
        raise ValueError(
            f"a model takes one sample at a time, got {len(row)} rows; "
            "write [model(x) for x in X], or compile it: jit(model)(X)"
        )
    return row


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
