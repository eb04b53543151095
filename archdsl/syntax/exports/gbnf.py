"""llama.cpp."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.syntax.backus_naur import BackusNaur
from archdsl.syntax.export import Export
from archdsl.syntax.names import held
from archdsl.syntax.spacing import spaced

if TYPE_CHECKING:
    from archdsl.syntax.names import Names


class Gbnf(Export):
    """GBNF, which llama.cpp and what builds on it decode by."""

    def text(self, names: Names | None = None) -> str:
        return BackusNaur("root", "-").text(spaced(held(names)))
