"""Files written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from archdsl.cli.refused import refused


def text_at(path: Path) -> str | None:
    """What a file holds, None when there is none. Raises Refused when unreadable."""
    try:
        return path.read_bytes().decode("utf-8", errors="replace")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise refused("read", path, error) from None


def write(path: Path, text: str) -> None:
    """Put a text in the place of a file, atomically; its permissions stay.

    Raises Refused when the place cannot be written.
    """
    target = path.resolve()
    try:
        _replace(target, text)
    except OSError as error:
        raise refused("write", path, error) from None


def _replace(target: Path, text: str) -> None:
    mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(13, "Permission denied")
    descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        Path(temporary).chmod(mode)
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink()
        raise


def _umask() -> int:
    """The process's umask, which can only be read by setting it."""
    current = os.umask(0o077)
    os.umask(current)
    return current
