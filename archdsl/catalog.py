"""Discovery: what there is of a kind is what lies in its folder. There is no list to keep."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path


@cache
def files(package: str, suffix: str = ".py") -> dict[str, Path]:
    """The files of a package's folder and its subfolders by stem, sorted; private ones left out."""
    (root,) = import_module(package).__path__
    found = (p for p in sorted(Path(root).rglob(f"*{suffix}")) if not p.name.startswith("_"))
    return {path.stem: path for path in found}


@cache
def module_names(package: str) -> dict[str, str]:
    """Dotted module names by stem, for the modules one folder below a package."""
    (root,) = import_module(package).__path__
    return {
        stem: ".".join((package, *path.relative_to(root).with_suffix("").parts))
        for stem, path in files(package).items()
        if path.parent != Path(root)
    }
