"""llguidance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.syntax.export import Export
from archdsl.syntax.grammar import grammar_text
from archdsl.syntax.lark_dialect import lark_dialect
from archdsl.syntax.names import held
from archdsl.syntax.spacing import spaced

if TYPE_CHECKING:
    from archdsl.syntax.names import Names


class Llguidance(Export):
    """llguidance's dialect of Lark, as vLLM, SGLang and others decode by."""

    def text(self, names: Names | None = None) -> str:
        if names is None:
            return '%llguidance {"allow_initial_skip": true}\n\n' + grammar_text()
        return "%llguidance {}\n\n" + lark_dialect(spaced(held(names)))
