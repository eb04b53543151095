"""The line above a space, which takes longer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from archdsl.lsp.summaries import of_space

if TYPE_CHECKING:
    from archdsl.lsp.session import Session

METHOD = types.CODE_LENS_RESOLVE
TOO_MUCH = "more designs than can be counted"


async def answer(session: Session, lens: types.CodeLens) -> types.CodeLens:
    """The lens with its text."""
    asked = lens.data if isinstance(lens.data, dict) else {}
    survey = await session.survey(str(asked.get("uri")), str(asked.get("arch")))
    lens.command = types.Command(TOO_MUCH if survey is None else of_space(survey), "")
    return lens
