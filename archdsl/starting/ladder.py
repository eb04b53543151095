"""The baselines that stand beside a design: what it has to be better than."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.starting.choosing import allowing, ratios, warned
from archdsl.starting.families.linear import Linear, LinearBaseline
from archdsl.starting.families.mlp import Mlp
from archdsl.starting.families.mlp_baseline import MlpBaseline
from archdsl.starting.sizing import UNLIMITED, Fit, attempt, largest

if TYPE_CHECKING:
    from archdsl.starting.families import Family
    from archdsl.starting.sizing import SizedDesign


def ladder(main: SizedDesign) -> list[SizedDesign]:
    """Simpler designs for the same data, the simplest first, each within its budget."""
    rungs = [rung for rung in _rungs(main.family) if rung.sizes()]
    found = [trial for rung in rungs if (trial := _within(rung)) is not None]
    if found or not rungs:
        return found
    least = rungs if main.family.data.kind == "graph" else rungs[:1]  # a graph's has to have both
    return [allowing(attempt(rung, rung.sizes()[0], UNLIMITED)) for rung in least]


def _rungs(main: Family) -> list[Family]:
    if isinstance(main, Linear):
        return []
    linear = LinearBaseline(main.data)
    return [linear] if isinstance(main, Mlp) else [linear, MlpBaseline(main.data)]


def _within(family: Family) -> SizedDesign | None:
    """The largest size within the data's budget that breaks no principle."""
    for ratio in ratios(family.data):
        found = largest(family, ratio * family.data.units)
        if isinstance(found, Fit) and not warned(found.trial):
            return found.trial
    return None
