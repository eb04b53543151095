"""OpenAI."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.syntax.export import Export
from archdsl.syntax.lark_dialect import lark_dialect
from archdsl.syntax.names import held
from archdsl.syntax.spacing import spaced

if TYPE_CHECKING:
    from archdsl.syntax.names import Names


class Openai(Export):
    """The dialect of Lark that custom tools of OpenAI's models take (``syntax: "lark"``)."""

    def text(self, names: Names | None = None) -> str:
        return lark_dialect(spaced(held(names)))
