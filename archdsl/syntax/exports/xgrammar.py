"""XGrammar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.syntax.backus_naur import BackusNaur
from archdsl.syntax.export import Export
from archdsl.syntax.names import held
from archdsl.syntax.spacing import spaced

if TYPE_CHECKING:
    from archdsl.syntax.names import Names


class Xgrammar(Export):
    """The EBNF of XGrammar, which vLLM, SGLang and TensorRT-LLM decode by."""

    def text(self, names: Names | None = None) -> str:
        return BackusNaur("root", "_").text(spaced(held(names)))
