"""Files written whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from archdsl.cli.refused import Refused, refused
from archdsl.content import TooLarge, content_of, replace
from archdsl.rendering.escape import visible

MOST = 1 << 26  # bytes of a file that is compared with what would be written there


def text_at(path: Path) -> str | None:
    """What a file holds, None when there is none or no regular one. Raises Refused when it cannot
    be read, or is so large that it is none of ours."""
    try:
        if _is_special(path):
            return None
        return content_of(path, MOST).decode("utf-8", errors="replace")
    except FileNotFoundError:
        return None
    except TooLarge:
        raise Refused(
            f"{visible(str(path))} is too large to be a file of ours; remove it first"
        ) from None
    except OSError as error:
        raise refused("read", path, error) from None


def refuse_over(path: str | None, *inputs: str | None) -> None:
    """Raises Refused when an output would replace what the same command reads."""
    if not path:
        if path is not None:
            raise Refused("the output's path is empty: name a file, or `-` for stdout")
        return
    if Path(path).is_dir():
        raise Refused(f"cannot write {visible(path)}: it is a folder, name a file in it")
    for given in inputs:
        if given and _is_same(path, given):
            raise Refused(f"{visible(path)} would be written over what is read; name another file")


def _is_same(one: str, other: str) -> bool:
    try:
        return not _is_special(Path(one)) and Path(one).samefile(other)
    except (OSError, ValueError):
        return False


def write(path: Path, text: str) -> None:
    """Put a text in the place of a file, atomically; its permissions stay. A pipe or a device is
    written to.

    Raises Refused when the place cannot be written.
    """
    try:
        if _is_special(path):
            path.write_text(text, encoding="utf-8", newline="\n")
        else:
            replace(Path(os.path.realpath(path)), text.encode())
    except OSError as error:
        raise refused("write", path, error) from None


def _is_special(path: Path) -> bool:
    """Whether there is something that is neither a file nor a folder. Raises OSError where links
    go on without end."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))
