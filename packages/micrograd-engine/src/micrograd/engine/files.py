"""Files that are written as a whole or not at all.

A draft beside the file takes its place once it is complete. The writer of a draft holds a lock on it, which ends with
the process however that ends; so a draft without one was left behind, and the next write in that folder removes it.
"""

from __future__ import annotations

import contextlib
import glob
import os
import stat
from collections.abc import Iterator
from io import FileIO
from typing import BinaryIO

try:
    import fcntl
except ImportError:  # Windows, which refuses to remove a file that is open, and browsers, where nobody else writes
    fcntl = None  # type: ignore[assignment]

__all__ = ["write"]

_DRAFT = ".micrograd-{}.draft"  # short: a draft of any name that a file can have must be possible


def write(path: str | os.PathLike[str], content: str | bytes) -> None:
    """Write a file as a whole: whoever reads it finds the old content or the new one, and never a part.

    Only a regular file is replaced. The new one has its mode and, where the system allows it, its owner and group. Of
    a symbolic link the target is written. A device or a FIFO is opened and written to. A file with several names (hard
    links) is overwritten in place, for the other names would keep the old content otherwise: an error puts the old
    content back, but a reader may see a part meanwhile, and a process that is killed leaves one.

    Args:
        path: The file. Its folder must exist.
        content: All that the file is to hold; text is written as UTF-8.

    Raises:
        OSError: If it cannot be written. The error names `path`, and what was there before is untouched.

    Example:
        >>> import os, tempfile
        >>> from pathlib import Path
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = Path(folder, "numbers.txt")
        ...     write(path, "1 2")
        ...     write(path, "3")
        ...     path.read_text(), os.listdir(folder)
        ('3', ['numbers.txt'])
    """
    target = os.fspath(path)
    data = content.encode() if isinstance(content, str) else content
    try:
        before = _status(target)
        if before is None or (stat.S_ISREG(before.st_mode) and before.st_nlink == 1):
            _replace(os.path.realpath(target) if os.path.islink(target) else target, data, before)
        elif stat.S_ISREG(before.st_mode):
            _overwrite(target, data)
        else:
            with open(target, "wb") as device:  # or a folder, and this says so
                device.write(data)
    except OSError as error:  # perhaps about the draft, of which the caller knows nothing
        raise OSError(error.errno, error.strerror, target) from None


def _status(path: str) -> os.stat_result | None:
    try:
        return os.stat(path)
    except FileNotFoundError:
        return None


def _replace(path: str, data: bytes, before: os.stat_result | None) -> None:
    if before is not None:
        open(path, "ab").close()  # a file that may not be written is not replaced either
    folder = os.path.dirname(path)
    for draft in glob.glob(os.path.join(glob.escape(folder), _DRAFT.format("[0-9a-f]" * 16))):
        with contextlib.suppress(OSError):
            _remove_if_abandoned(draft)
    with _draft(folder, 0o666 if before is None else 0o600) as (draft, file):
        if before is not None:
            for owner in ((before.st_uid, -1), (-1, before.st_gid)):
                with contextlib.suppress(OSError, AttributeError):  # not allowed, or not known to Windows
                    os.chown(draft, *owner)
            os.chmod(draft, stat.S_IMODE(before.st_mode))
        file.write(data)
        file.flush()
        os.fsync(file.fileno())  # or a crash of the machine could leave an empty file under the final name
        if fcntl is None:
            file.close()  # Windows does not rename a file that is open
        os.replace(draft, path)


@contextlib.contextmanager
def _draft(folder: str, mode: int) -> Iterator[tuple[str, BinaryIO]]:
    """A new file, locked, that is removed in the end if it still has its name."""
    while True:
        draft = os.path.join(folder, _DRAFT.format(os.urandom(8).hex()))
        try:
            with open(draft, "xb", opener=lambda path, flags: os.open(path, flags, mode)) as file:
                if fcntl is not None:
                    with contextlib.suppress(OSError):  # some file systems have no locks; there no draft is removed
                        fcntl.flock(file, fcntl.LOCK_EX)
                if os.path.exists(draft):  # else it was taken for abandoned before it was locked
                    yield draft, file
                    return
        finally:
            with contextlib.suppress(OSError):
                os.unlink(draft)


def _remove_if_abandoned(draft: str) -> None:
    if fcntl is None:
        os.unlink(draft)
        return
    with open(draft, "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.unlink(draft)


def _overwrite(path: str, data: bytes) -> None:
    with open(path, "r+b", buffering=0) as file:
        before = file.read()
        try:
            _fill(file, data)
        except BaseException:
            _fill(file, before)
            raise


def _fill(file: FileIO, data: bytes) -> None:
    file.seek(0)
    rest = memoryview(data)
    while rest:
        rest = rest[file.write(rest) :]
    file.truncate()
    os.fsync(file.fileno())
