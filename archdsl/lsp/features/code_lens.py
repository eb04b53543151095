"""Above each ``arch``: what its design takes, or how many designs its space holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from archdsl.lsp.summaries import of_design
from archdsl.syntax import nodes as ast

if TYPE_CHECKING:
    from archdsl.lsp.session import Session

METHOD = types.TEXT_DOCUMENT_CODE_LENS
OPTIONS = types.CodeLensOptions(resolve_provider=True)


async def answer(session: Session, params: types.CodeLensParams) -> list[types.CodeLens]:
    """A lens for each architecture; those of spaces are worked out when they are seen."""
    document = await session.read(params.text_document.uri)
    known = document.known if document is not None else None
    if document is None or known is None or known.tree is None or not session.settings.code_lens:
        return []
    positions = session.positions(document.text)
    found = []
    for item in known.tree.items:
        if not isinstance(item, ast.Arch) or known.spec is None:
            continue
        place = positions.range_of(item.name.span)
        name = item.name.id
        if name in known.spaces:
            found.append(types.CodeLens(place, data={"uri": document.uri, "arch": name}))
        elif known.designs.get(name):
            text = of_design(known.spec.programs[name], known.designs[name][0])
            found.append(types.CodeLens(place, types.Command(text, "")))
    return found
