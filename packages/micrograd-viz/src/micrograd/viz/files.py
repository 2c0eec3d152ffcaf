"""Files that are there as a whole or not at all."""

import os
import secrets
from pathlib import Path


def write(path: Path, content: str | bytes) -> None:
    """Write a file, through a temporary file beside it that takes its place once it is complete.

    Args:
        path: The file to write or replace.
        content: What to write; text is written as UTF-8.

    Raises:
        OSError: If that cannot be done; `path` is then as it was.
    """
    temporary = path.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        with open(temporary, "xb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
