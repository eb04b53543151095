"""Keywords, with the shape of what follows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.lsp.completing.proposals import Kind, Place, Proposal
from archdsl.syntax.words import INFIX, KEYWORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

SNIPPETS = {
    "arch": "arch ${1:Name} {\n  data  ${2:image(3, 32, 32)}\n  task  ${3:classify(10)}\n\n"
    "  model {\n    return $0\n  }\n}",
    "block": "block ${1:name}(${2:width}) = $0",
    "function": "function ${1:name}(${2:value}) = $0",
    "use": 'use "$0"',
    "let": "let ${1:name} = $0",
    "module": "module ${1:name} = $0",
    "allow": 'allow ${1:principle} because "$0"',
    "require": "require ${1:params} <= $0",
    "model": "model {\n  return $0\n}",
}


def proposed(place: Place) -> Iterator[Proposal]:
    """The keywords that can stand at a place."""
    for terminal in sorted(place.cursor.expected & KEYWORDS.keys()):
        word = KEYWORDS[terminal]
        snippet = "" if terminal in INFIX else SNIPPETS.get(word, f"{word} $0")
        yield Proposal(word, Kind.Keyword, 0, snippet=snippet)
