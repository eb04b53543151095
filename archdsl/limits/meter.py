"""Measuring one design by the metrics that its spec speaks of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.cost.catalog import find
from archdsl.cost.metric import Setting, Written

if TYPE_CHECKING:
    from archdsl.cost.metric import Metric
    from archdsl.evaluate.measures import Measure
    from archdsl.evaluate.program import Clauses, Evaluation, Program


def bound(program: Program, measure: Measure, clauses: Clauses) -> Metric:
    """The metric that a spec means for designs with some clauses. Raises :class:`SpecError` for
    arguments it does not take."""
    metric = find(measure.name)
    assert metric is not None, "resolving lets only metrics through"
    setting = Setting(clauses.train, program.devices)
    return metric.bind(Written(measure.name, measure.arguments, measure.span), setting)


class Meter:
    """Measures one design. What its bodies cost they remember themselves."""

    def __init__(self, program: Program, evaluation: Evaluation) -> None:
        self.program = program
        self.graph = evaluation.graph
        self.clauses = evaluation.clauses

    def __call__(self, measure: Measure) -> Any:
        return bound(self.program, measure, self.clauses).of(self.graph)
