"""How much a design can learn by heart, and what holds it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl import types
from archdsl.rules.facts_regularisation import (
    DROP_PATH,
    DROPOUT,
    WEIGHT_DECAY,
    effective_regularisers,
)

if TYPE_CHECKING:
    from archdsl.rules.case import Case


def ratio(case: Case) -> float | None:
    """Learned numbers for each sample (or token, or labelled position)."""
    return None if not case.samples else case.params / case.samples


def lessons(case: Case) -> int:
    """What training shows a design: its samples, and of a single graph all nodes, labelled or not,
    as a node's neighbours stand in its answer."""
    samples, takes = case.samples or 0, case.takes
    single = isinstance(takes, types.Nodes) and not takes.graphs
    return max(samples, types.numel(takes) // types.channels(takes)) if single else samples


def regularised(case: Case) -> bool:
    """Whether dropout or weight decay holds the design back: by effect, not in name only."""
    held = (DROPOUT, DROP_PATH, WEIGHT_DECAY)
    return any(one.kind in held for one in case.fact(effective_regularisers))


def per_unit(case: Case, number: float, above: float = 0) -> str:
    """``19.9 parameters a sample``"""
    noun = "parameter" if number == 1 else "parameters"
    return f"{plain(number, above)} {noun} a {case.unit}"


def plain(number: float, above: float = 0) -> str:
    """Three digits, or all before the point: ``0.0123``, ``19.9``, ``10,000``; as many more as it
    takes to show that a number is ``above`` another."""
    shown = f"{number:.3g}"
    if "e+" in shown:
        shown = f"{number:.0f}"
    digits = 3
    while number > above >= float(shown):
        digits += 1
        shown = f"{number:.{digits}g}"
    whole, point, rest = shown.partition(".")
    return f"{int(whole):,}{point}{rest}" if whole.isdigit() else shown
