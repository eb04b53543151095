"""The tree-sitter grammar's generated parser, compiled by the C compiler and loaded into Python."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from typing import TYPE_CHECKING

from tree_sitter import Language

from tests.architecture.sources import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tree_sitter import Node

FOLDER = ROOT / "editors" / "tree-sitter-arch"
COMPILER = shutil.which("cc")
_SPANS = {
    "call": "Call",
    "binary": "Binary",
    "negation": "Negation",
    "flow": "Flow",
    "choice": "Choice",
    "range": "Range",
    "comparison": "Comparison",
    "list": "List",
    "index": "Index",
}


def compiled(folder: Path) -> Language:
    """The language, from its parser in C compiled into a folder."""
    library = folder / "arch.so"
    source = FOLDER / "src"
    command = [str(COMPILER), "-O0", "-shared", "-fPIC", f"-I{source}", f"{source}/parser.c"]
    subprocess.run([*command, "-o", str(library)], check=True)
    language = ctypes.CDLL(str(library)).tree_sitter_arch
    language.restype = ctypes.c_void_p
    capsule = ctypes.pythonapi.PyCapsule_New
    capsule.restype = ctypes.py_object
    capsule.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)
    return Language(capsule(language(), b"tree_sitter.Language", None))


def spans(root: Node) -> list[tuple[str, int, int]]:
    """Where each expression of two or more words stands, by the names of the compiler's nodes."""
    found: list[tuple[str, int, int]] = []
    _each(root, lambda n: found.append((_SPANS[n.type], n.start_byte, n.end_byte)))
    return sorted(found)


def _each(root: Node, do: Callable[[Node], object]) -> None:
    nodes = [root]
    while nodes:
        node = nodes.pop()
        if node.type in _SPANS:
            do(node)
        nodes += node.named_children
