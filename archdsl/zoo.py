"""The files of the zoo: known models that come with archdsl."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


@cache
def models() -> dict[str, Path]:
    """The zoo's files by name: those of the wheel, else of the checkout beside the package."""
    packaged = _PACKAGE / "_zoo"
    folder = packaged if packaged.is_dir() else _PACKAGE.parent / "specs" / "zoo"
    return {path.stem: path for path in sorted(folder.glob("*.arch"))}
