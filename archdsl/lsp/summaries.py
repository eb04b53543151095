"""What there is to say of a whole architecture, in a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.cost.counts import macs, params
from archdsl.diagnostics import SpecError
from archdsl.lsp.telling import amount, designs, operations, size
from archdsl.space.metrics import metric_of

if TYPE_CHECKING:
    from archdsl.evaluate.program import Evaluation, Program
    from archdsl.space.survey import Survey


def of_design(program: Program, evaluation: Evaluation) -> str:
    """``25.6M parameters, 4.1 GMACs, trains in 2.9 GiB``"""
    graph = evaluation.graph
    told = [f"{amount(params(graph))} parameters", operations(macs(graph))]
    if evaluation.clauses.train is not None:
        try:
            memory = metric_of("memory(training)", program, evaluation.clauses)
            told.append(f"trains in {size(memory.of(graph).value)}")
        except SpecError:
            pass
    return ", ".join(told)


def of_space(survey: Survey) -> str:
    """``2.2·10¹⁹ designs, 0.76M to 2.5M parameters, 2 dead options``"""
    most = "at most " if survey.bounded else ""
    valid = survey.valid if survey.at_least == survey.valid else survey.fitting
    told = [f"{most}{designs(valid)} design{'s' * (valid != 1)}"]
    told += [
        _parameters(one.extent.low.value, one.extent.high.value)
        for one in survey.metrics
        if one.metric == "params" and one.extent is not None
    ]
    dead = sum(not option.valid for one in survey.choices for option in one.options)
    if dead:
        told.append(f"{dead} dead option{'s' * (dead > 1)}")
    return ", ".join(told)


def _parameters(low: int, high: int) -> str:
    ends = amount(low) if low == high else f"{amount(low, high)} to {amount(high)}"
    return f"{ends} parameters"
