"""A word that can be written at a place, and what proposals are made from."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lsprotocol import types

from archdsl.syntax import nodes as ast

if TYPE_CHECKING:
    from archdsl.lsp.names import Names
    from archdsl.lsp.session import Document
    from archdsl.syntax.cursor import Cursor

Kind = types.CompletionItemKind


class Proposal(NamedTuple):
    """``snippet`` is written where the editor fills in what is marked in it, else ``word``.
    ``rank`` orders them, small ones first; ``role`` and ``word`` name the page that is shown."""

    word: str
    kind: types.CompletionItemKind
    rank: int
    detail: str = ""
    role: str = ""
    snippet: str = ""


class Place(NamedTuple):
    """Where somebody writes: what stands before it, and what is known of the text."""

    cursor: Cursor
    document: Document
    names: Names | None

    @property
    def is_in_clause(self) -> bool:
        """Whether it is in the settings of a clause, where no layers and values stand."""
        return self.cursor.clause in ("data", "task", "train", "search", "weights", "device")

    @property
    def takes_name(self) -> bool:
        """Whether a name can stand there."""
        return "NAME" in self.cursor.expected

    @property
    def call(self) -> str:
        """The call that is being written, empty within none."""
        return self.cursor.calls[0].name if self.cursor.calls else ""

    def bound(self) -> dict[str, str]:
        """The names that are bound before the place, with what binds them."""
        found: dict[str, str] = {}
        for one in self.cursor.before:
            if isinstance(one, ast.Let):
                found.update((name.id, one.keyword) for name in one.names)
            elif isinstance(one, ast.Parameter):
                found[one.name.id] = "parameter"
            elif isinstance(one, ast.Clause) and one.name is not None:
                found[one.name.id] = "input" if one.keyword == "data" else "task"
        for call in self.cursor.calls:
            first = call.given[0] if call.name == "each" and call.given else None
            if isinstance(first, ast.Unpacked):
                found.update((name.id, "counter") for name in first.names)
            elif first is not None and first.name is not None:
                found[first.name] = "counter"
        return found
