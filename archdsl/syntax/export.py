"""The grammar for other engines."""

from __future__ import annotations

from typing import Literal

from archdsl.syntax.grammar import grammar_text

Engine = Literal["lark", "llguidance"]
_PREFIXES: dict[str, str] = {
    "lark": "",
    "llguidance": '%llguidance {"allow_initial_skip": true}\n\n',
}
ENGINES: tuple[str, ...] = tuple(_PREFIXES)


def grammar_for(engine: Engine) -> str:
    """The grammar as a parser or a constrained decoder reads it, unchanged but for its preamble."""
    if engine not in _PREFIXES:
        known = ", ".join(_PREFIXES)
        raise ValueError(f"no grammar for {engine!r}; known: {known}")
    return _PREFIXES[engine] + grammar_text()
