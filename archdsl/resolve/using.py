"""The files that a spec uses: each measured, then read once, however many name it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from archdsl.content import TooLarge, content_of, decoded
from archdsl.diagnostics import Diagnostic, SpecError
from archdsl.source import shown_path
from archdsl.syntax import nodes as ast
from archdsl.syntax.bounds import raising
from archdsl.syntax.parser import parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.syntax.bounds import Limits

Key = tuple[int, int]  # of a file, whatever its name: its device and its number there


class _Reading(NamedTuple):
    """A file under way, and what of it is still to come."""

    path: Path
    key: Key | None
    items: Iterator[ast.Item]


class Used:
    """Reads the files that a spec uses: below ``root`` alone, and so many as ``limits`` allow."""

    def __init__(self, root: Path | None, limits: Limits, findings: list[Diagnostic]) -> None:
        self.root = None if root is None else Path(os.path.realpath(root))
        self.limits = limits
        self.findings = findings
        self.read: set[Key] = set()
        self.files: dict[Path, None] = {}  # that were read, in order
        self.left = limits.used_bytes

    def items(self, tree: ast.File, path: Path) -> Iterator[ast.Item]:
        """What a file declares, with what the files that it uses declare in place of each ``use``.
        What is wrong with a ``use`` is added to the findings."""
        under_way = [_Reading(path, _key(path), iter(tree.items))]
        while under_way:
            item = next(under_way[-1].items, None)
            if item is None:
                under_way.pop()
            elif not isinstance(item, ast.Use):
                yield item
            else:
                try:
                    under_way += self._used(item, under_way)
                except SpecError as error:
                    self.findings.extend(error.diagnostics)

    def _used(self, item: ast.Use, under_way: list[_Reading]) -> list[_Reading]:
        """The file that a ``use`` names, unless it was read before."""
        path = self._located(item, under_way[-1].path)
        key = _key(path)
        if any(reading.key == key for reading in under_way):
            raise SpecError(_cycle(item))
        if key is None or key in self.read:
            return []
        if len(self.read) >= self.limits.files:
            raise SpecError(_too_many(item, self.limits.files))
        self.read.add(key)
        self.files[path] = None
        return [_Reading(path, key, iter(self._parsed(item, path).items))]

    def _located(self, item: ast.Use, user: Path) -> Path:
        """Where the file is, links followed."""
        if self.root is None:
            raise SpecError(_no_files(item))
        named = user.parent / item.path.value
        try:
            named.stat()  # the system gives up on links that go on too long or in a circle
            path = Path(os.path.realpath(named))
        except OSError as error:
            if not self._is_ours(Path(os.path.normpath(Path.cwd() / named))):
                raise SpecError(_outside(item)) from None
            raise SpecError(_unreadable(item, error)) from None
        if not self._is_ours(path):
            raise SpecError(_outside(item))
        return path

    def _is_ours(self, path: Path) -> bool:
        assert self.root is not None
        return path.suffix == ".arch" and path.is_relative_to(self.root)

    def _parsed(self, item: ast.Use, path: Path) -> ast.File:
        try:
            content = content_of(path, min(self.left, self.limits.source_bytes))
        except TooLarge:
            raise SpecError(_too_large(item, self.left, self.limits)) from None
        except OSError as error:
            raise SpecError(_unreadable(item, error)) from None
        self.left -= len(content)
        return parse(decoded(content, shown_path(path)), self.limits)


def _key(path: Path) -> Key | None:
    """What a file is known by; None where there is none."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino


def _unreadable(item: ast.Use, error: OSError) -> Diagnostic:
    reason = (error.strerror or type(error).__name__).lower()
    message = f'cannot read "{item.path.value}": {reason}'
    needed = "the path of an .arch file, from the folder of this one"
    return Diagnostic("E701", message, item.path.span, needed=needed)


def _too_large(item: ast.Use, left: int, limits: Limits) -> Diagnostic:
    if left < limits.source_bytes:
        return Diagnostic(
            "E706",
            f"the files used come to more than {limits.used_bytes:,} bytes",
            item.path.span,
            help=raising("used_bytes"),
        )
    return Diagnostic(
        "E120",
        f'"{item.path.value}" has more than {limits.source_bytes:,} bytes',
        item.path.span,
        help=f"split it, or {raising('source_bytes')}",
    )


def _too_many(item: ast.Use, most: int) -> Diagnostic:
    return Diagnostic(
        "E706", f"more than {most} files are used", item.path.span, help=raising("files")
    )


def _no_files(item: ast.Use) -> Diagnostic:
    return Diagnostic(
        "E702", "`use` needs a spec that is a file", item.span, needed="a spec read from a path"
    )


def _outside(item: ast.Use) -> Diagnostic:
    return Diagnostic(
        "E703",
        f'"{item.path.value}" is not an .arch file of this project',
        item.path.span,
        needed="a path below the project's folder that ends in .arch",
    )


def _cycle(item: ast.Use) -> Diagnostic:
    message = f'"{item.path.value}" uses this file in turn'
    needed = "blocks that both use in a third file, or all in one"
    return Diagnostic("E704", message, item.path.span, needed=needed)
