"""What the module of a user's evaluator imports, so that workers find it loaded.

The packages that its text imports at its top are loaded once, in the server that workers are forked
from: torch alone takes seconds. The module itself is not run there: what it does when it is
imported, such as to ask for a GPU, may not be done before a fork.
"""

from __future__ import annotations

import ast
import sys
from importlib.util import find_spec
from pathlib import Path
from sysconfig import get_paths


def imported_by(evaluator: str) -> tuple[str, ...]:
    """The installed packages that the module of ``module:function`` imports; none where that cannot
    be told."""
    module, colon, _ = evaluator.partition(":")
    text = _text(module) if colon else ""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return ()
    names = {name.partition(".")[0] for node in tree.body for name in _names(node)}
    return tuple(sorted(name for name in names if _is_installed(name)))


def _text(module: str) -> str:
    """The text of a module that is found without importing it: below a package, that is looked for
    by its folders."""
    top, *below = module.split(".")
    for folder in (*sys.path, str(Path.cwd())):
        place = Path(folder or ".").joinpath(top, *below)
        for path in (place.with_suffix(".py"), place / "__init__.py"):
            try:
                return path.read_text(encoding="utf-8")
            except (OSError, ValueError):
                continue
    return ""


def _names(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
        return [node.module]
    return []


def _is_installed(name: str) -> bool:
    """Whether a package is one that was installed, no module of the user's."""
    if name in sys.stdlib_module_names:
        return False
    try:
        spec = find_spec(name)
    except (ImportError, ValueError):
        return False
    paths = get_paths()
    places = (paths["purelib"], paths["platlib"])
    return spec is not None and bool(spec.origin) and str(spec.origin).startswith(places)
