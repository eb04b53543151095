"""Specs and designs from paths or stdin, and the words when they cannot be read."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from archdsl.cli.refused import UNREADABLE, Refused, refused
from archdsl.content import decoded
from archdsl.rendering.escape import visible
from archdsl.source import shown_path
from archdsl.syntax.bounds import MAX_SOURCE_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archdsl.source import Source

STDIN = "-"
MAX_DESIGN_BYTES = 1 << 24


def source_of(path: str, most: int = MAX_SOURCE_BYTES) -> Source:
    """The text of a path, or of stdin for ``-``; of a text over ``most`` bytes its beginning.

    Raises Refused when there is nothing to read, SpecError when it is not UTF-8.
    """
    name = "<stdin>" if path == STDIN else shown_path(path)
    return decoded(_bytes_of(path, most + 1), name)


def _bytes_of(path: str, most: int) -> bytes:
    """What is there, pipes that the caller named among it. Raises Refused when nothing is."""
    _refuse_no_path(path)
    try:
        if path == STDIN:
            return _bounded(_stdin(), most)
        with Path(path).open("rb") as file:
            return _bounded(file, most)
    except OSError as error:
        raise refused("read", path, error) from None
    except ValueError:  # a NUL in the path
        raise Refused(f"cannot read {visible(path)}: not a path", UNREADABLE) from None


def _bounded(file: BinaryIO, most: int) -> bytes:
    """A file, or as much of it as shows that it is too long, cut between two characters."""
    content = file.read(most)
    if len(content) < most:
        return content
    return content.decode("utf-8", errors="ignore").encode().ljust(most)


def _stdin() -> BinaryIO:
    if sys.stdin is None:  # so Python tells that it was closed before the start
        raise Refused("cannot read stdin: it is closed")
    return sys.stdin.buffer


def _refuse_no_path(path: str) -> None:
    if not path:
        raise Refused("a path is empty: name a file, a folder, or `-` for stdin")


def root_of(path: str) -> Path | None:
    """The folder whose files a spec may use; none for stdin."""
    from archdsl.api import project_root

    return None if path == STDIN else project_root(Path(path))


def specs_in(paths: Sequence[str], refusals: list[Refused]) -> list[str]:
    """The files of paths, each once: a folder stands for all .arch files below it, hidden folders
    left out. Why a path has none is added to ``refusals``."""
    found: dict[str, None] = {}
    for path in paths:
        try:
            found.update(dict.fromkeys(_files(path)))
        except Refused as refusal:
            refusals.append(refusal)
    return list(found)


def _files(path: str) -> Iterator[str]:
    _refuse_no_path(path)
    try:
        if path == STDIN or not Path(path).is_dir():
            yield path
            return
        found = sorted(str(file) for file in Path(path).rglob("*.arch") if _is_seen(file, path))
    except OSError as error:
        raise refused("read", path, error) from None
    if not found:
        raise Refused(f"there are no .arch files in {visible(path)}", UNREADABLE)
    yield from found


def _is_seen(file: Path, folder: str) -> bool:
    return file.is_file() and not any(
        part.startswith(".") for part in file.relative_to(folder).parts
    )


def design_from(path: str | None, assignments: Sequence[str], file: str) -> dict[str, Any]:
    """The design of ``--design`` and ``--choose``, for the spec of a file."""
    if path == file == STDIN:
        raise Refused("stdin cannot be both the spec and the design")
    return {**(_document(path) if path is not None else {}), **chosen(assignments)}


def chosen(assignments: Sequence[str]) -> dict[str, Any]:
    """The choices of ``--choose``. Raises UsageError for what assigns nothing."""
    design: dict[str, Any] = {}
    for assignment in assignments:
        name, equals, value = (part.strip() for part in assignment.partition("="))
        if not equals or not name:
            raise click.UsageError(f"--choose takes PATH=VALUE, not `{visible(assignment)}`")
        if name in design:
            raise click.UsageError(f"--choose gives `{visible(name)}` twice")
        design[name] = _value(value)
    return design


def _document(path: str) -> dict[str, Any]:
    source = source_of(path, MAX_DESIGN_BYTES)
    name = visible(source.name)
    if len(source.text) > MAX_DESIGN_BYTES:
        raise Refused(f"{name} is not a design: it has more than {MAX_DESIGN_BYTES:,} bytes")
    try:
        design = json.loads(source.text, object_pairs_hook=_once_each)
    except _Twice as twice:
        raise Refused(f"{name} is not a design: it has `{visible(str(twice))}` twice") from None
    except (ValueError, RecursionError):
        design = None
    if not isinstance(design, dict):
        message = f"{name} is not a design: it has to be one JSON object"
        raise Refused(f'{message} like {{"depth": 3}}')
    return design


class _Twice(Exception):
    """A key that an object has twice."""


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _Twice(name)
        found[name] = value
    return found


def _value(text: str) -> Any:
    """Numbers and truth values as such, all else as text."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return value if isinstance(value, (bool, int, float)) else text
