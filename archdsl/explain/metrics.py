"""The pages of metrics, from their docstrings."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archdsl.cost.metric import Metric


def written(metric: type[Metric]) -> str:
    """How a metric stands in a spec, with the arguments it takes."""
    return metric.signature or metric.word()


def unit(metric: type[Metric]) -> str:
    """What it is counted in."""
    return metric.dimension or "a number"


def page(metric: type[Metric]) -> str:
    """The whole page as text."""
    parts = [f"{written(metric)}: {metric.meaning()}", metric.notes(), f"Unit: {unit(metric)}."]
    if metric.limit is not None:
        operators = " or ".join(f"`{operator}`" for operator in metric.limit.operators)
        parts.append(f"A `require` with {operators} that is missed is told by {metric.limit.code}.")
    return "\n\n".join(part for part in parts if part)
