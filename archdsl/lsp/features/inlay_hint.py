"""Beside the text: the shape that each step gives where that is another than before it, and its
parameters; behind each ``let`` both of all of it, or its value."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lsprotocol import types

from archdsl.limits.telling import shown
from archdsl.lsp.drift import Drift
from archdsl.lsp.settings import ALL, OFF
from archdsl.lsp.telling import operations, shape, shapes, span
from archdsl.syntax import nodes as ast
from archdsl.types import describe

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from archdsl.lsp.analysis import Analysis
    from archdsl.lsp.facts import Fact, Facts
    from archdsl.lsp.session import Session

METHOD = types.TEXT_DOCUMENT_INLAY_HINT
PLAIN = (ast.Number, ast.Text, ast.List)  # values that say what they are
MOST = 3  # values that are listed


class Hint(NamedTuple):
    """What stands behind a character, and what is told when somebody asks for more."""

    offset: int
    text: str
    more: str


async def answer(session: Session, params: types.InlayHintParams) -> list[types.InlayHint]:
    """The hints of a part of a text."""
    found = await session.facts(params.text_document.uri)
    if found is None or session.settings.inlay_hints == OFF:
        return []
    document, facts = found
    known = document.evaluated
    assert known is not None
    positions = session.positions(document.text)
    drift = Drift(known.source.text, document.text)
    first, last = positions.offset(params.range.start), positions.offset(params.range.end)
    hints = []
    for hint in _known(known, facts, session.settings.inlay_hints == ALL):
        offset = drift(hint.offset)
        if offset is not None and first <= offset <= last:
            told = types.InlayHint(positions.position(offset), hint.text, tooltip=hint.more)
            told.padding_left = True
            hints.append(told)
    return hints


def _known(known: Analysis, facts: Facts, whole: bool) -> list[Hint]:
    """All hints, worked out once: an editor asks for each part of a text that it shows."""
    if whole not in facts.hints:
        facts.hints[whole] = hints_of(known, facts, whole)
    found: list[Hint] = facts.hints[whole]
    return found


def hints_of(known: Analysis, facts: Facts, whole: bool) -> list[Hint]:
    """All hints of a text; ``whole`` tells all of each step."""
    assert known.tree is not None
    found: dict[int, Hint] = {}
    for item in known.tree.items:
        for node in item.within():
            if isinstance(node, ast.Flow):
                steps = node.steps
            elif isinstance(node, ast.Body) and not isinstance(node.result, ast.Flow):
                steps = (node.result,)
            else:
                continue
            for hint in _of_steps(steps, facts, whole):
                found.setdefault(hint.offset, hint)
        lets = [node for node in item.within() if isinstance(node, ast.Let)]
        found.update((hint.offset, hint) for let in lets for hint in _of_let(let, facts))
        if isinstance(item, ast.Arch):
            found.update((hint.offset, hint) for hint in _of_values(item, known))
    return sorted(found.values())


def _of_steps(steps: Collection[ast.Expression], facts: Facts, whole: bool) -> Iterator[Hint]:
    for step in steps:
        met = met_at(step, facts)
        parts = [*_shape(met, whole), *_params(met)]
        if parts and not _is_bound(step, met):
            yield Hint(step.span.end, " · ".join(parts), told(met))


def met_at(step: ast.Expression, facts: Facts) -> Collection[Fact]:
    """What a step came to; of a single copy what it is a copy of."""
    met = facts.at.get((step.span.start, step.span.end))
    if met is None and isinstance(step, ast.Binary) and step.operator == "*":
        return met_at(step.right, facts)
    return met or ()


def _is_bound(step: ast.Expression, met: Collection[Fact]) -> bool:
    """Whether it only names what stands elsewhere."""
    return isinstance(step, (ast.Name, ast.Flow)) and not met


def _shape(met: Collection[Fact], whole: bool) -> list[str]:
    changed = whole or any(f.takes is None or shape(f.takes) != shape(f.out) for f in met)
    return [shapes(f.out for f in met)] if met and changed else []


def _params(met: Collection[Fact]) -> list[str]:
    counts = [fact.params for fact in met]
    most = max(counts, default=0)
    return [span(min(counts), most)] if most else []


def told(met: Collection[Fact]) -> str:
    """What came to be at a place, in words."""
    lines = []
    for fact in [*met][:MOST]:
        costs = [f"{fact.params:,} parameters"] if fact.params else []
        costs += [operations(fact.macs)] if fact.macs else []
        takes = f"{describe(fact.takes)} → " if fact.takes is not None else ""
        line = f"{takes}{describe(fact.out)}"
        lines.append(": ".join([line, ", ".join(costs)]) if costs else line)
    if len(met) > MOST:
        lines.append(f"… and in {len(met) - MOST} other ways")
    return "\n\n".join(lines)


def _of_let(let: ast.Let, facts: Facts) -> Iterator[Hint]:
    met = facts.at.get((let.span.start, let.span.end), ())
    if met:
        text = " · ".join([shapes(f.out for f in met), *_params(met)])
        yield Hint(let.span.end, text, told(met))


def _of_values(arch: ast.Arch, known: Analysis) -> Iterator[Hint]:
    """What the lets beside the model come to that are no layers."""
    designs: list[Mapping[str, object]] = [
        design.values for design in known.designs.get(arch.name.id, ())
    ]
    for let in arch.items:
        if not isinstance(let, ast.Let) or isinstance(let.value, PLAIN):
            continue
        found = [design[let.name.id] for design in designs if let.name.id in design]
        values = dict.fromkeys(shown(v) for v in found if isinstance(v, (int, float, str)))
        if values and len(values) <= MOST and not _chooses(let):
            yield Hint(let.span.end, f"= {', '.join(values)}", "")


def _chooses(let: ast.Let) -> bool:
    return any(isinstance(node, (ast.Choice, ast.Range)) for node in let.within())
