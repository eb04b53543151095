"""The words behind the keyword of a clause: kinds of data, tasks, optimizers, strategies,
principles and metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.evaluate.measures import TRAINED
from archdsl.explain.rules import title
from archdsl.lsp.completing.proposals import Kind, Place, Proposal
from archdsl.lsp.pages import model_of
from archdsl.rules.catalog import all_rules
from archdsl.spec import catalog
from archdsl.spec.bind import signature
from archdsl.spec.key_map import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

OF_OTHERS = ("torchvision", "timm", "transformers", "torch")  # where weights are from, mostly


def proposed(place: Place) -> Iterator[Proposal]:
    """The words that can stand behind a keyword."""
    keyword = place.cursor.clause
    if keyword == "weights" and place.call and place.takes_name:
        yield from _of_rows(place)
    if place.call or not place.takes_name:
        return
    if keyword in catalog.CLAUSES:
        for word in catalog.words(keyword):
            yield _clause(keyword, word)
    elif keyword == "weights":
        for word in OF_OTHERS:
            yield Proposal(word, Kind.Module, 1, snippet=f'{word}("${{1:*}}" -> "${{2:*}}")')
    elif keyword == "allow" and place.cursor.previous == "_ALLOW":
        yield from _principles(place)
    elif keyword in ("maximize", "minimize"):
        for word in TRAINED:
            yield Proposal(word, Kind.Property, 1, detail="what training reports")
        yield Proposal("metric", Kind.Property, 2, "what training reports", snippet="metric($0)")


def _of_rows(place: Place) -> Iterator[Proposal]:
    """What the rows of ``weights`` know."""
    if place.call == "part":
        yield Proposal("of=", Kind.Field, 0, snippet="of=$0")
    for word in WORDS:
        yield Proposal(word, Kind.Function, 1)


def _clause(keyword: str, word: str) -> Proposal:
    model = model_of(keyword, word)
    assert model is not None
    needed = [name for name, field in model.model_fields.items() if field.is_required()]
    placed = [name for name in model.positional if name in needed]
    named = [name for name in needed if name not in placed]
    marks = [f"${{{n}:{name}}}" for n, name in enumerate(placed, 1)]
    marks += [f"{name}=${{{n}}}" for n, name in enumerate(named, len(placed) + 1)]
    snippet = f"{word}({', '.join(marks) or '$0'})"
    return Proposal(word, Kind.Class, 1, signature(word, model), keyword, snippet)


def _principles(place: Place) -> Iterator[Proposal]:
    """All of them, those first that the text breaks."""
    known = place.document.known
    broken = {found.rule for found in known.findings or ()}
    if place.document.report is not None:
        broken |= {found.rule for found in place.document.report[1].diagnostics}
    for rule in all_rules():
        slug = rule.slug()
        snippet = f'{slug} because "$0"'
        rank = 0 if slug in broken else 1
        yield Proposal(slug, Kind.EnumMember, rank, title(rule), "rule", snippet)
