"""What can be done about a limit that a design exceeds, with the figures."""

from __future__ import annotations

from textwrap import shorten
from typing import TYPE_CHECKING

from archdsl.cost.latency import is_half, seconds
from archdsl.limits.requirements import missed_requirements
from archdsl.rules.base import place

if TYPE_CHECKING:
    from archdsl.limits.requirements import Violation
    from archdsl.rules.case import Case
    from archdsl.source import Span
    from archdsl.spec.device import Device


def missed(case: Case, word: str) -> list[Violation]:
    """The limits on a metric that a design does not keep."""
    found = missed_requirements(case.program, case.evaluation)
    return [one for one in found if one.metric is not None and one.metric.word() == word]


def slowest(case: Case, device: Device, batch: int = 1) -> str:
    """The three places of the spec that take most of the time, with their shares."""
    precision = case.train.precision if case.train is not None else "fp32"
    times: dict[Span, float] = {}
    for step in case.steps:
        there = place(case, step)
        times[there] = times.get(there, 0.0) + seconds(step.node, device, batch, is_half(precision))
    total = sum(times.values())
    slow = sorted(times, key=lambda there: -times[there])[:3]
    return ", ".join(f"{_named(there)} {times[there] / total:.0%}" for there in slow)


def _named(there: Span) -> str:
    text = shorten(there.text, width=48, placeholder="…")
    return f"line {there.position.line} `{text}`"
