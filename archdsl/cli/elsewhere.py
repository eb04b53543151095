"""Where a word is told that a listing does not have."""

from __future__ import annotations

from archdsl.diagnostics import did_you_mean
from archdsl.rendering.escape import visible

TOLD_BY = {"op": "archdsl ops", "block": "archdsl blocks", "function": "archdsl functions"}


def no_such(kind: str, name: str, known: tuple[str, ...]) -> str:
    """That there is no op, block or function of a name; with what is called so elsewhere, or the
    likeliest that there is."""
    said = f"there is no {kind} `{visible(name)}`"
    guess = _translated(name) or _listed(name, kind) or did_you_mean(name, known)
    return f"{said}; {guess}" if guess else said


def told_elsewhere(name: str) -> str:
    """The command that tells of an op, block or function, or of what one is called here."""
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
