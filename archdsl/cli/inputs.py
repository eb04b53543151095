"""Specs and designs from paths or stdin, and the words when they cannot be read."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from archdsl.cli.refused import Refused, refused
from archdsl.diagnostics import Diagnostic, SpecError
from archdsl.rendering.escape import visible
from archdsl.source import Source
from archdsl.syntax.bounds import MAX_SOURCE_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

STDIN = "-"


def source_of(path: str, most: int = MAX_SOURCE_BYTES) -> Source:
    """The text of a path, or of stdin for ``-``; of a text over ``most`` bytes its beginning.

    Raises Refused when there is nothing to read, SpecError when it is not UTF-8.
    """
    name = "<stdin>" if path == STDIN else path
    content = _bytes_of(path, most + 1)
    try:
        return Source(content.decode("utf-8-sig"), name)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SpecError(_not_utf8(name, line, content[error.start])) from None


def _bytes_of(path: str, most: int) -> bytes:
    if path == STDIN:
        return _bounded(sys.stdin.buffer, most)
    try:
        with Path(path).open("rb") as file:
            return _bounded(file, most)
    except OSError as error:
        raise refused("read", path, error) from None
    except ValueError:  # a NUL in the path
        raise Refused(f"cannot read {visible(path)}: not a path") from None


def _bounded(file: BinaryIO, most: int) -> bytes:
    """A file, or as much of it as shows that it is too long, cut between two characters."""
    content = file.read(most)
    if len(content) < most:
        return content
    return content.decode("utf-8", errors="ignore").encode().ljust(most)


def _not_utf8(name: str, line: int, byte: int) -> Diagnostic:
    return Diagnostic(
        "E705",
        f"{name} is not UTF-8: byte 0x{byte:02x} on line {line}",
        needed="a text file in UTF-8",
    )


def root_of(path: str) -> Path | None:
    """The folder whose files a spec may use; none for stdin."""
    from archdsl.api import project_root

    return None if path == STDIN else project_root(Path(path))


def specs_in(paths: Sequence[str]) -> list[str]:
    """The files of paths, each once: a folder stands for all .arch files below it, hidden folders
    left out."""
    return list(dict.fromkeys(file for path in paths for file in _files(path)))


def _files(path: str) -> Iterator[str]:
    try:
        if path == STDIN or not Path(path).is_dir():
            yield path
            return
        found = sorted(str(file) for file in Path(path).rglob("*.arch") if _is_seen(file, path))
    except OSError as error:
        raise refused("read", path, error) from None
    if not found:
        raise Refused(f"there are no .arch files in {visible(path)}")
    yield from found


def _is_seen(file: Path, folder: str) -> bool:
    return file.is_file() and not any(
        part.startswith(".") for part in file.relative_to(folder).parts
    )


def design_from(path: str | None, assignments: Sequence[str]) -> dict[str, Any]:
    """The design of ``--design`` and ``--choose``."""
    return {**(_document(path) if path else {}), **chosen(assignments)}


def chosen(assignments: Sequence[str]) -> dict[str, Any]:
    """The choices of ``--choose``. Raises UsageError for what assigns nothing."""
    design = {}
    for assignment in assignments:
        name, equals, value = assignment.partition("=")
        if not equals or not name.strip():
            raise click.UsageError(f"--choose takes PATH=VALUE, not `{visible(assignment)}`")
        design[name.strip()] = _value(value.strip())
    return design


def _document(path: str) -> dict[str, Any]:
    source = source_of(path)
    try:
        design = json.loads(source.text)
    except (ValueError, RecursionError):
        design = None
    if not isinstance(design, dict):
        message = f"{visible(source.name)} is not a design: it has to be one JSON object"
        raise Refused(f'{message} like {{"depth": 3}}')
    return design


def _value(text: str) -> Any:
    """Numbers and truth values as such, all else as text."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return value if isinstance(value, (bool, int, float)) else text
