"""The content of files: of regular ones alone, and measured before it is read; written whole.

Whoever names a file may not be who wrote it: a pipe that nobody writes to, a device without end or
a file larger than memory must not be waited for or read.
"""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING

from archdsl.diagnostics import Diagnostic, SpecError
from archdsl.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NO_WAIT = getattr(os, "O_NONBLOCK", 0)  # opening a pipe waits for its other end; not on Windows
KINDS = (
    (stat.S_ISDIR, "is a folder"),
    (stat.S_ISFIFO, "is a pipe, not a file"),
    (stat.S_ISSOCK, "is a socket, not a file"),
    (stat.S_ISCHR, "is a device, not a file"),
    (stat.S_ISBLK, "is a device, not a file"),
)


_UNSAVED: ContextVar[Mapping[str, str] | None] = ContextVar("unsaved", default=None)


class TooLarge(OSError):
    """A file of more bytes than are read."""


@contextmanager
def unsaved(texts: Mapping[str, str]) -> Iterator[None]:
    """Within it the files of these paths, links followed, hold the texts that an editor has of them
    and has not saved yet."""
    token = _UNSAVED.set(texts)
    try:
        yield
    finally:
        _UNSAVED.reset(token)


def content_of(path: str | Path, most: int) -> bytes:
    """The bytes of a regular file. Raises OSError when it is none, TooLarge when it has more."""
    texts = _UNSAVED.get()
    if texts and (text := texts.get(os.path.realpath(path))) is not None:
        content = text.encode("utf-8", "surrogatepass")
        if len(content) > most:
            raise _too_large(path)
        return content
    _measured(Path(path).stat(), path, most)  # before it is opened: opening a device may act on it
    with open(path, "rb", opener=_opened) as file:
        _measured(os.fstat(file.fileno()), path, most)
        content = file.read(most + 1)  # it may have grown, or not tell its size, as in /proc
    if len(content) > most:
        raise _too_large(path)
    return content


def replace(target: Path, content: bytes) -> None:
    """Put content in the place of a file, whole or not at all; its permissions stay. Raises
    OSError."""
    mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(target))
    descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
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


def decoded(content: bytes, name: str) -> Source:
    """Content as a text. Raises SpecError when it is not UTF-8."""
    try:
        return Source(content.decode("utf-8"), name)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SpecError(_not_utf8(name, line, content[error.start])) from None


def _opened(path: str, flags: int) -> int:
    return os.open(path, flags | NO_WAIT)


def _measured(status: os.stat_result, path: str | Path, most: int) -> None:
    """Raises OSError for what is no file of so many bytes."""
    for is_kind, told in KINDS:
        if is_kind(status.st_mode):
            raise OSError(errno.EINVAL, told, str(path))
    if status.st_size > most:
        raise _too_large(path)


def _too_large(path: str | Path) -> TooLarge:
    return TooLarge(errno.EFBIG, "is larger than what is read", str(path))


def _not_utf8(name: str, line: int, byte: int) -> Diagnostic:
    return Diagnostic(
        "E705",
        f"{name} is not UTF-8: byte 0x{byte:02x} on line {line}",
        needed="a text file in UTF-8",
    )
