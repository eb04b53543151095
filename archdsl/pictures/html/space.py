"""The page of a space as part of a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.evaluate.points import as_text
from archdsl.limits.telling import shown
from archdsl.rendering.pages import table, told
from archdsl.space.spread import PROVEN
from archdsl.space.telling import designs_told, grouped, kind_told, requirements_told, share_told

if TYPE_CHECKING:
    from archdsl.evaluate.points import ChoicePoint
    from archdsl.space.spread import Spread
    from archdsl.space.survey import ChoiceShares, OptionShare, Survey

CHOICES, OPTIONS = 60, 16  # that are told
HEADS = ("metric", "least", "most", "how many designs")


def space_parts(survey: Survey) -> list[str]:
    """How many designs there are, what they cost, and which have which option."""
    needs = "".join(f"<li>{told(line)}</li>" for line in requirements_told(survey))
    rows = [_metric(one) for one in survey.metrics if one.extent is not None]
    return [
        "<h2>The space</h2>",
        f"<p>{told(designs_told(survey))}.</p>",
        f"<ul>{needs}</ul>" if needs else "",
        table(HEADS, rows) if rows else "",
        _choices(survey),
    ]


def _metric(spread: Spread) -> list[str]:
    assert spread.extent is not None
    low, high = (shown(end.value) for end in spread.extent)
    most = max(spread.bins, default=0) or 1
    heights = [max(100 * part / most, 2 * (part > 0)) for part in spread.bins]
    bars = "".join(f'<i style="height:{height:.0f}%"></i>' for height in heights)
    note = "" if spread.known == PROVEN else f" ({spread.known})"
    return [told(spread.metric), told(low), told(high), f'<span class="bars">{bars}</span>{note}']


def _choices(survey: Survey) -> str:
    if not survey.choices:
        return ""
    groups = grouped(survey.choices)
    rows = [_choice(name, number, one, survey) for name, number, one in groups[:CHOICES]]
    more = len(groups) - CHOICES
    under = f'<p class="under">and {more:,} more</p>' if more > 0 else ""
    heads = ("choice", f"share of the {told(kind_told(survey))} with each option")
    return f"<h2>Choices</h2>\n{table(heads, rows, 'wrap')}{under}"


def _choice(name: str, number: int, choice: ChoiceShares, survey: Survey) -> list[str]:
    times = f" ({number} choices)" if number > 1 else ""
    options = [_option(one, choice.point, survey.described) for one in choice.options[:OPTIONS]]
    if len(choice.options) > OPTIONS:
        options.append(f"and {len(choice.options) - OPTIONS:,} more")
    return [told(name + times), told(", ".join(options))]


def _option(option: OptionShare, point: ChoicePoint, described: int) -> str:
    label = as_text(option.label) if point.size > 1 else point.offered()
    return f"{label}: {share_told(option.valid, described)}"
