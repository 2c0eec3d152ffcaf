"""Files that are there as a whole or not at all."""

import os
import secrets
from pathlib import Path


def write(path: Path, text: str) -> None:
    """Write `text` to `path` as UTF-8, through a temporary file beside it that takes its place once it is complete.

    Args:
        path: The file to write or replace.
        text: What to write.

    Raises:
        OSError: If that cannot be done; `path` is then as it was.
    """
    temporary = path.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        with open(temporary, "x", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
