"""The outline of a text: its architectures with their lets, its blocks, functions and devices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from archdsl.syntax import nodes as ast

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.lsp.positions import Positions
    from archdsl.lsp.session import Session

METHOD = types.TEXT_DOCUMENT_DOCUMENT_SYMBOL
Kind = types.SymbolKind


async def answer(
    session: Session, params: types.DocumentSymbolParams
) -> list[types.DocumentSymbol] | None:
    """What a text declares."""
    document = await session.read(params.text_document.uri)
    if document is None or document.known.tree is None:
        return None
    positions = session.positions(document.text)
    tree = document.known.tree
    return [one for item in tree.items for one in _item(item, positions)]


def _item(item: ast.Item, positions: Positions) -> Iterator[types.DocumentSymbol]:
    if isinstance(item, ast.Arch):
        parts = [one for part in item.items for one in _part(part, positions)]
        yield _symbol(item.name, item, Kind.Class, "arch", positions, parts)
    elif isinstance(item, (ast.Block, ast.Function)):
        kind = Kind.Function if isinstance(item, ast.Function) else Kind.Method
        shown = ", ".join(parameter.span.text for parameter in item.parameters)
        lets = [one for let in item.body.lets for one in _let(let, positions)]
        yield _symbol(item.name, item, kind, f"({shown})", positions, lets)
    elif isinstance(item, ast.Device):
        yield _symbol(item.call.function, item, Kind.Constant, "device", positions)


def _part(part: ast.ArchItem, positions: Positions) -> Iterator[types.DocumentSymbol]:
    if isinstance(part, ast.Let):
        yield from _let(part, positions)
    elif isinstance(part, ast.Clause) and part.name is not None:
        yield _symbol(part.name, part, Kind.Property, part.keyword, positions)
    elif isinstance(part, ast.Model):
        for let in part.body.lets:
            yield from _let(let, positions)


def _let(let: ast.Let, positions: Positions) -> Iterator[types.DocumentSymbol]:
    kind = Kind.Module if let.is_module else Kind.Variable
    for name in let.names:
        yield _symbol(name, let, kind, let.keyword, positions)


def _symbol(
    name: ast.Name,
    node: ast.Item | ast.ArchItem,
    kind: types.SymbolKind,
    detail: str,
    positions: Positions,
    parts: list[types.DocumentSymbol] | None = None,
) -> types.DocumentSymbol:
    whole, own = positions.range_of(node.span), positions.range_of(name.span)
    return types.DocumentSymbol(name.id or "…", kind, whole, own, detail=detail, children=parts)
