"""Whether something can be called otherwise."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archdsl.cost import catalog as metrics
from archdsl.diagnostics import LIBRARY
from archdsl.explain.functions import functions
from archdsl.lsp.names import ARCH, FLOW
from archdsl.ops import catalog as ops
from archdsl.resolve.blocks import library
from archdsl.syntax.bounds import MAX_NAME
from archdsl.syntax.words import KEYWORDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.lsp.names import Names, Symbol

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


def refusal(symbol: Symbol) -> str:
    """Why something has the name that it has; empty where it may have another."""
    if symbol.span.source.name.startswith(LIBRARY):
        return f"`{symbol.name}` is declared in the library"
    return ""


def objection(symbol: Symbol, new: str, files: Iterable[Names]) -> str:
    """Why something cannot be called so; empty where nothing is in the way.

    What the name means already, anywhere in these files, could be taken for it.
    """
    if not _NAME.match(new) or len(new) > MAX_NAME:
        return f"a name is letters, digits and `_`, at most {MAX_NAME} of them, not `{new}`"
    if new == symbol.name:
        return ""
    if new in KEYWORDS.values() or new in (FLOW, "true", "false"):
        return f"`{new}` is a word of the language"
    if symbol.kind != ARCH and _is_known(new):
        return f"`{new}` is an op, a block, a function or a metric"
    for names in files:
        for use in names.uses:
            if use.span.text == new and use.role not in ("argument", "rule"):
                line = use.span.position.line
                return f"`{new}` means something already, on line {line} of {use.span.source.name}"
    return ""


def _is_known(word: str) -> bool:
    return (
        ops.find(word) is not None
        or word in library()
        or word in functions()
        or metrics.find(word) is not None
    )
