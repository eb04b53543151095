"""From a design, or a space, to its picture: in as much detail as there is room for, with findings
where they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.cost.counts import macs, params
from archdsl.diagnostics import Diagnostic, SpecError
from archdsl.pictures.building import Builder, Detail, TooManyBoxes
from archdsl.pictures.marking import mark
from archdsl.pictures.picture import By, Edge, Picture
from archdsl.pictures.telling import short
from archdsl.pictures.wording import Wording
from archdsl.types import describe

if TYPE_CHECKING:
    from archdsl.evaluate.program import Evaluation
    from archdsl.source import Span

MOST = 2_000  # boxes of a picture
READABLE = 110  # of one whose depth nobody says
TOLD = 12  # values that are chosen
DEPTHS = (8, 6, 5, 4, 3, 2, 1)


def picture_of(
    evaluation: Evaluation,
    points: tuple[Span, ...] = (),
    findings: tuple[Diagnostic, ...] = (),
    by: By = By.PARAMS,
    depth: int | None = None,
    every: bool = False,
) -> Picture:
    """The picture of an evaluation; of a space with the places of its choices. Raises
    :class:`SpecError` where it has too many boxes."""
    graph = evaluation.graph
    built = _built(evaluation, Wording(points), depth, every)
    mark(built.whole, findings)
    told = f"{short(params(graph))} parameters, {short(macs(graph))} MACs"
    facts = [f"{describe(graph.model.takes)} to {describe(graph.model.out)}", told]
    remarks = []
    if points:
        chosen, more = built.chosen[:TOLD], len(built.chosen) - TOLD
        facts[1:] = [*chosen, f"and {more:,} more"] if more > 0 else chosen
        remarks = [f"Sizes and bars are those of one design, with {told}."]
    boxes = tuple(draft.box() for draft in built.whole.inside)
    edges = _with_changes(built)
    return Picture(graph.name, graph.doc, tuple(facts), boxes, edges, by, findings, tuple(remarks))


def _with_changes(built: Builder) -> tuple[Edge, ...]:
    """The edges; which of them are of other sizes than what their source reads."""
    reads: dict[str, set[str]] = {}
    for edge in built.edges.values():
        reads.setdefault(edge.target, set()).add(edge.sizes)
    return tuple(
        edge._replace(changes=edge.sizes not in reads.get(edge.source, ()))
        for edge in built.edges.values()
    )


def _built(evaluation: Evaluation, wording: Wording, depth: int | None, every: bool) -> Builder:
    depths = DEPTHS if depth is None else (depth,)
    for level in depths:
        most = READABLE if depth is None and level > 1 else MOST
        try:
            return Builder(evaluation.graph, wording, Detail(level - 1, every, most))
        except TooManyBoxes:
            continue
    raise SpecError(_too_many(evaluation, depths[-1]))


def _too_many(evaluation: Evaluation, depth: int) -> Diagnostic:
    program = evaluation.graph.source
    return Diagnostic(
        "E612",
        f"the picture would have more than {MOST:,} boxes",
        program.span if program is not None else None,
        needed="fewer of them: what stands in `block`s, or is repeated, is drawn once",
        help="say a smaller `--depth`" if depth > 1 else "",
    )
