"""Which files a server may read: those below its roots, links followed, and no others."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from archdsl.diagnostics import Diagnostic, SpecError

if TYPE_CHECKING:
    from collections.abc import Iterable

REFUSED = "E901"
SUFFIX = ".arch"


class Given(NamedTuple):
    """A spec that a tool was given: its text, or a file and the root whose files it may use."""

    spec: str | Path
    root: Path | None = None


class Access:
    """The folders whose files may be read; none, and specs are texts alone."""

    def __init__(self, roots: Iterable[str | os.PathLike[str]] = ()) -> None:
        self.roots = tuple(Path(os.path.realpath(root)) for root in roots)

    def given(self, text: str, path: str) -> Given:
        """What a tool is to work on. Raises :class:`SpecError` unless it is one text or one file
        below a root."""
        if bool(text) == bool(path):
            raise refused("give `text`, the spec itself, or `path`, the file it is in")
        return Given(text) if text else self._file(path)

    def _file(self, path: str) -> Given:
        if not self.roots:
            raise refused("this server reads no files", help="give the spec itself as `text`")
        for root in self.roots:
            found = _below(root, path)
            if found is not None:
                return Given(found, root)
        raise refused(f"there is no spec `{path[:200]}` in the folders of this server")


def refused(message: str, help: str = "") -> SpecError:
    """What a tool cannot do as it was asked."""
    return SpecError(Diagnostic(REFUSED, message, help=help))


def _below(root: Path, path: str) -> Path | None:
    """The file of that name below a root; None where there is none, or it is none of a spec."""
    try:
        found = Path(os.path.realpath(root / path, strict=True))
    except (OSError, ValueError):
        return None
    is_spec = found.suffix == SUFFIX and found.is_file()
    return found if is_spec and found.is_relative_to(root) else None
