"""Hints for unknown words: what another framework calls so, or which listing has the word."""

from __future__ import annotations

from archdsl.diagnostics import did_you_mean
from archdsl.rendering.escape import visible

TOLD_BY = {"op": "archdsl ops", "block": "archdsl blocks", "function": "archdsl functions"}


def unknown_word(kind: str, name: str, known: tuple[str, ...]) -> str:
    """The message for an unknown op, block or function: with its name here if it is a word of
    another framework, else with the most similar known name."""
    said = f"there is no {kind} `{visible(name)}`"
    guess = _translated(name) or _listed(name, kind) or did_you_mean(name, known)
    return f"{said}; {guess}" if guess else said


def command_about(name: str) -> str:
    """The command that describes an op, block or function, also by its name in other frameworks."""
    return _translated(name) or _listed(name)


def _translated(name: str) -> str:
    from archdsl.ops.synonyms import foreign

    elsewhere = foreign(name)
    if elsewhere is None:
        return ""
    return f"{elsewhere.said()}: `archdsl ops {elsewhere.word}`"


def _listed(name: str, but: str = "") -> str:
    from archdsl.explain.functions import functions
    from archdsl.ops import catalog
    from archdsl.resolve.blocks import library

    words = {"op": catalog.words(), "block": library(), "function": functions()}
    for kind, known in words.items():
        if kind != but and name in known:
            article = "an" if kind == "op" else "a"
            return f"it is {article} {kind}: `{TOLD_BY[kind]} {name}`"
    return ""
