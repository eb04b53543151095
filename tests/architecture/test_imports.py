"""Law 2 and its kin: who may import which package from outside. (Law 1 is import-linter's.)"""

from __future__ import annotations

import ast
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.architecture.sources import ROOT, SourceFile, package

if TYPE_CHECKING:
    from collections.abc import Iterator

# An outside package, and the folders of archdsl/ that may import it. What is not here, nobody may.
MAY_IMPORT = {
    "lark": ("syntax",),
    "pydantic": ("spec", "evaluate", "rules", "searching", "cost", "cli", "lsp"),
    "pydantic_core": ("spec",),
    "click": ("cli", "lsp"),
    "torch": ("runtime",),
    "torch_geometric": ("runtime",),
    "numpy": ("runtime", "space", "searching"),
    "sklearn": ("runtime",),
    "scipy": ("runtime",),
    "optuna": ("searching",),
    "sqlalchemy": ("searching",),
    "matplotlib": ("searching",),
    "ray": ("searching",),
    "mcp": ("mcp",),
    "pygls": ("lsp",),
    "lsprotocol": ("lsp",),
    "rich": ("cli",),
    "pygments": ("highlighting.py",),
    "typing_extensions": ("record.py",),  # for type checkers only
}
FORBIDDEN_AT_START = (
    "torch",
    "torch_geometric",
    "torchvision",
    "numpy",
    "rich",
    "optuna",
    "matplotlib",
)

IMPORT_ALL_BUT_RUNTIME = """
import importlib, sys
for name in sys.argv[1].split(","):
    importlib.import_module(name)
print(*(m for m in sys.argv[2].split(",") if m in sys.modules))
"""


def test_each_outside_package_is_imported_where_it_may_be() -> None:
    assert [problem for file in package() for problem in _misplaced_imports(file)] == []


def test_importing_everything_but_the_runtime_leaves_torch_out() -> None:
    modules = [_dotted(f) for f in package() if not f.path.startswith("archdsl/runtime/")]
    modules = [m for m in modules if not m.endswith("__main__")]
    assert _loaded_after_importing(modules) == []


def test_importing_the_runtime_is_lazy() -> None:
    assert _loaded_after_importing(["archdsl", "archdsl.runtime"]) == []


def _misplaced_imports(file: SourceFile) -> Iterator[str]:
    folder = file.path.split("/")[1]
    for node in ast.walk(file.tree()):
        for name in _imported(node):
            top = name.split(".")[0]
            if top in sys.stdlib_module_names or top == "archdsl":
                continue
            if folder not in MAY_IMPORT.get(top, ()):
                yield f"{file.path}:{getattr(node, 'lineno', 0)} imports {top}"


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
        return [node.module]
    return []


def _dotted(file: SourceFile) -> str:
    return file.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _loaded_after_importing(modules: list[str]) -> list[str]:
    arguments = [",".join(modules), ",".join(FORBIDDEN_AT_START)]
    result = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL_BUT_RUNTIME, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout.split()
