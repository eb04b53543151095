"""How much a design can learn by heart, and what holds it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.ops.base import Trait

if TYPE_CHECKING:
    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case


def ratio(case: Case) -> float | None:
    """Learned numbers for each sample (or token, or labelled position)."""
    return None if not case.samples else case.graph.params / case.samples


def regularised(case: Case) -> bool:
    """Whether dropout or weight decay holds the design back."""
    if case.train is not None and case.train.weight_decay > 0:
        return True
    return any(_drops(step) for step in case.steps)


def _drops(step: Step) -> bool:
    op = step.node.op
    rate = getattr(op, "rate", 0) if Trait.REGULARIZER in op.traits else 0
    return bool(rate or getattr(op, "dropout", 0))


def per_unit(case: Case, number: float) -> str:
    """``19.9 parameters a sample``"""
    noun = "parameter" if number == 1 else "parameters"
    return f"{plain(number)} {noun} a {case.unit}"


def plain(number: float) -> str:
    """Three digits, or all before the point: ``0.0123``, ``19.9``, ``10,000``."""
    shown = f"{number:.3g}"
    return f"{number:,.0f}" if "e+" in shown else shown
