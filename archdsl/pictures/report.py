"""What a page tells of a design or a space beside its picture."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archdsl.cost.rows import layer_table
from archdsl.diagnostics import SpecError
from archdsl.limits.telling import shown
from archdsl.space.metrics import metric_of
from archdsl.space.survey import usual_metrics
from archdsl.spec.train import rank_of

if TYPE_CHECKING:
    from archdsl.cost.rows import LayerTable
    from archdsl.evaluate.program import Evaluation, Program
    from archdsl.rendering.pages import Section
    from archdsl.space.survey import Survey

DEPTH = 2  # levels of layers in the table


@dataclass(frozen=True)
class Report:
    """``text`` is the spec, ``metrics`` by name what a design has of each; of a design there is a
    table of its layers, of a space a ``survey``, unless it takes too much. ``sections`` are further
    parts of the page."""

    text: str
    metrics: tuple[tuple[str, str], ...] = ()
    layers: LayerTable | None = None
    survey: Survey | None = None
    sections: tuple[Section, ...] = ()


def of_design(evaluation: Evaluation, text: str, sections: tuple[Section, ...] = ()) -> Report:
    """The report of a design."""
    program: Program = evaluation.graph.source
    told: list[tuple[str, str]] = []
    for name in usual_metrics(program):
        with suppress(SpecError):  # the spec has no figures for it
            told.append((name, shown(metric_of(name, program).of(evaluation.graph))))
    table = layer_table(evaluation.graph, DEPTH, rank_of(evaluation.clauses.train))
    return Report(text, tuple(told), table, None, sections)


def of_space(survey: Survey | None, text: str, sections: tuple[Section, ...] = ()) -> Report:
    """The report of a space."""
    return Report(text, (), None, survey, sections)
