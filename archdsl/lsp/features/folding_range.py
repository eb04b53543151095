"""What can be folded: whatever goes over several lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from archdsl.syntax import nodes as ast

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archdsl.lsp.positions import Positions
    from archdsl.lsp.session import Session

METHOD = types.TEXT_DOCUMENT_FOLDING_RANGE
FOLDED = (
    ast.Arch, ast.Block, ast.Function, ast.Model, ast.Let, ast.Clause, ast.Require, ast.Call,
    ast.List,
)  # fmt: skip
CLOSERS = ("}", ")", "]")


async def answer(
    session: Session, params: types.FoldingRangeParams
) -> list[types.FoldingRange] | None:
    """The lines that can be folded."""
    document = await session.read(params.text_document.uri)
    if document is None or document.known.tree is None:
        return None
    positions = session.positions(document.text)
    tree = document.known.tree
    found: dict[int, types.FoldingRange] = {}
    for one in (*_nodes(tree, positions), *_comments(tree.comments, positions)):
        found.setdefault(one.start_line, one)
    return [found[line] for line in sorted(found)]


def _nodes(tree: ast.File, positions: Positions) -> Iterator[types.FoldingRange]:
    """Outer nodes before those that begin on the same line; a line with what closes one stays."""
    for item in tree.items:
        for node in item.within():
            if not isinstance(node, FOLDED):
                continue
            text = node.span.text.rstrip()
            first = positions.position(node.span.start).line
            last = positions.position(node.span.start + len(text)).line
            line = text.rpartition("\n")[2].strip()
            last -= line in CLOSERS
            if last > first:
                yield types.FoldingRange(first, last)


def _comments(
    comments: Iterable[ast.Comment], positions: Positions
) -> Iterator[types.FoldingRange]:
    """Comments on lines of their own, one below the other."""
    first = last = -2
    for comment in comments:
        place = positions.position(comment.span.start)
        start = positions.starts[place.line]
        if positions.text[start : comment.span.start].strip():
            continue
        if place.line != last + 1:
            yield from _folded(first, last)
            first = place.line
        last = place.line
    yield from _folded(first, last)


def _folded(first: int, last: int) -> Iterator[types.FoldingRange]:
    if last > first >= 0:
        yield types.FoldingRange(first, last, kind=types.FoldingRangeKind.Comment)
