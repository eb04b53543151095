"""The baselines that stand beside a design: what it has to be better than."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archdsl.starting.budget import UNBOUNDED, budgets
from archdsl.starting.choosing import allowing, objections
from archdsl.starting.families.forecast import LinearForecast
from archdsl.starting.families.linear import Linear, LinearBaseline
from archdsl.starting.families.mlp import Mlp
from archdsl.starting.families.mlp_baseline import MlpBaseline
from archdsl.starting.sizing import Fit, attempt, largest

if TYPE_CHECKING:
    from archdsl.starting.description import Description
    from archdsl.starting.families import Family
    from archdsl.starting.sizing import SizedDesign


def ladder(main: SizedDesign) -> list[SizedDesign]:
    """Simpler designs for the same data, the simplest first, each within its budget."""
    rungs = [rung for rung in _rungs(main.family) if rung.sizes()]
    fitting = [(rung, _within(rung)) for rung in rungs]
    any_fits = any(trial is not None for _, trial in fitting)
    found = []
    for number, (rung, trial) in enumerate(fitting):
        needed = _is_needed(main.family.data, number, any_fits)
        if trial is None and needed:
            smallest = attempt(rung, rung.sizes()[0], UNBOUNDED)
            trial = None if smallest.over else allowing(smallest)
        found += [trial] if trial is not None else []
    return found


def _is_needed(data: Description, number: int, any_fits: bool) -> bool:
    """Whether a baseline has to be there though it has many parameters: a graph's both, the line
    over a window to forecast from, and one of any data."""
    if data.kind == "graph" and not any_fits:
        return True
    return number == 0 and (data.is_forecast or not any_fits)


def _rungs(main: Family) -> list[Family]:
    if isinstance(main, Linear | LinearForecast):
        return []
    data = replace(main.data, pretrained=False)  # nobody has weights for them
    linear = LinearBaseline(data)
    return [linear] if isinstance(main, Mlp) or data.are_columns else [linear, MlpBaseline(data)]


def _within(family: Family) -> SizedDesign | None:
    """The largest size within the data's budget that breaks no principle."""
    for budget in budgets(family.data):
        found = largest(family, budget)
        if isinstance(found, Fit) and not objections(found.trial):
            return allowing(found.trial)
    return None
