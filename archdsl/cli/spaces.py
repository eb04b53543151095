"""A space on one page, for people and as a document."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Any

from archdsl.evaluate.points import as_text
from archdsl.limits.telling import shown
from archdsl.rendering.escape import visible
from archdsl.space.explore.explorer import MORE_WORK
from archdsl.space.metrics import sort_key, unit_of
from archdsl.space.spread import BOUNDED, SAMPLED
from archdsl.space.telling import (
    designs_told,
    grouped,
    kind_told,
    percent,
    requirements_told,
    share_told,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.space.design_sets import Extreme
    from archdsl.space.spread import Spread
    from archdsl.space.survey import ChoiceShares, Survey

ROUGH = 0.05  # bars that may be off by more are not drawn
UNTOLD = "the valid ones take more than the work allowed to be told apart"
BARS = " ▁▂▃▄▅▆▇█"
WIDTH = 80
MOST = 24  # rows of choices on a page
NAME = 28  # letters: below a longer name of a choice its options begin a new line
GAP = "\x1f"  # stands for a blank that no line is broken at


def page(survey: Survey) -> str:
    """The page of a space."""
    blocks = [
        _title(survey),
        [f"  {line}" for line in requirements_told(survey)],
        _metrics(survey),
        _choices(survey),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _title(survey: Survey) -> list[str]:
    return wrap(designs_told(survey), WIDTH, subsequent_indent="  ", break_on_hyphens=False)


def _metrics(survey: Survey) -> list[str]:
    if not survey.valid:
        return []
    cells = [("metric", "least", "how many designs", "most", "")]
    cells += [_metric_row(one) for one in survey.metrics]
    widths = [max(len(row[i]) for row in cells) for i in range(5)]
    return [*(_aligned(row, widths) for row in cells), *_notes(survey)]


def _notes(survey: Survey) -> Iterator[str]:
    """What the marks behind metrics mean."""
    known = {one.known for one in survey.metrics}
    if survey.unproven and not survey.bounded:
        yield from wrap(f"(of the {kind_told(survey)}: {UNTOLD})", WIDTH, subsequent_indent=" ")
    if any(one.within for one in survey.metrics):
        yield "(±: how far off the bars may be, in percent of the designs)"
    if SAMPLED in known:
        yield "(drawn: takes more than the work allowed to be proven, and is of so many designs"
        yield f" drawn at random; {MORE_WORK} allows more)"
    if BOUNDED in known:
        yield "(bounded: no design has less or more; whether one has as much takes more than the"
        yield f" work allowed; {MORE_WORK} allows more)"


def _aligned(row: tuple[str, ...], widths: list[int]) -> str:
    name, low, bars, high, note = (c.ljust(w) for c, w in zip(row, widths, strict=True))
    low, high = row[1].rjust(widths[1]), row[3].rjust(widths[3])
    return f"{name}  {low}  {bars}  {high}  {note}".rstrip()


def _metric_row(spread: Spread) -> tuple[str, str, str, str, str]:
    if spread.extent is None:
        return spread.metric, "", "takes too much to work out", "", ""
    low, high = spread.extent
    note = f"{spread.drawn} drawn" if spread.drawn else ""
    if spread.known == BOUNDED:
        return spread.metric, shown(low.value), "", shown(high.value), "bounded"
    if sort_key(low.value) == sort_key(high.value):
        return spread.metric, shown(low.value), "the same for all", "", note
    if spread.within:
        note = f"±{percent(round(spread.within * 10**6), 10**6)}"
    return spread.metric, shown(low.value), _bars(spread), shown(high.value), note


def _bars(spread: Spread) -> str:
    if spread.within > ROUGH:
        return "(too rough)"
    most = max(spread.bins, default=0) or 1
    height = len(BARS) - 1
    return "".join(BARS[max(1, round(s / most * height)) if s else 0] for s in spread.bins)


def _choices(survey: Survey) -> list[str]:
    if survey.bounded:
        return []
    if not survey.choices:
        return ["(more choices than can be gone through one by one)"] if survey.fitting > 1 else []
    groups = grouped(survey.choices)
    width = min(max(len(name) for name, _, _ in groups[:MOST]), NAME)
    of = "designs" if survey.unproven else kind_told(survey)
    lines = [f"each choice, and the share of the {of} that have each option:"]
    for name, number, choice in groups[:MOST]:
        times = f" ({number} choices)" if number > 1 else ""
        lines += _wrapped(visible(name), _options(choice, survey.described) + times, width)
    if len(groups) > MOST:
        lines.append(f"  and {len(groups) - MOST} more (--format json has them all)")
    return lines


def _options(choice: ChoiceShares, valid: int) -> str:
    if len(choice.options) > 12:
        return _many_options(choice)
    alive = {o.valid for o in choice.options}
    names = [_unbroken(as_text(option.label)) for option in choice.options]
    if len(alive) == 1 and len(names) > 1 and any(alive):
        return f"{', '.join(names)}: {share_told(choice.options[0].valid, valid)} each"
    shares = [share_told(o.valid, valid) for o in choice.options]
    return ", ".join(f"{name}:{GAP}{share}" for name, share in zip(names, shares, strict=True))


def _unbroken(text: str) -> str:
    """A text that stays on one line, if it is short."""
    return text.replace(" ", GAP) if len(text) <= NAME else text


def _many_options(choice: ChoiceShares) -> str:
    alive = [option for option in choice.options if option.valid]
    dead = len(choice.options) - len(alive)
    told = f"{len(choice.options)} options from {as_text(choice.options[0].label)} to "
    told += as_text(choice.options[-1].label)
    return f"{told}, {dead} of them in no valid design" if dead else told


def _wrapped(name: str, text: str, width: int) -> list[str]:
    """The name of a choice, and its options beside it; below it where the name is long."""
    indent = " " * (width + 4)
    found = wrap(text, WIDTH - len(indent), break_long_words=False, break_on_hyphens=False)
    lines = [line.replace(GAP, " ") for line in found] or [""]
    if len(name) > width:
        short = name if len(name) <= WIDTH - 2 else f"…{name[3 - WIDTH :]}"
        return [f"  {short}", *(indent + line for line in lines)]
    first = f"  {name:<{width}}  {lines[0]}".rstrip()
    return [first, *(indent + line for line in lines[1:])]


def document(survey: Survey) -> dict[str, Any]:
    """The page as data: numbers as they are, designs as `archdsl compile --design` takes them."""
    return {
        "name": survey.name,
        "bounded": survey.bounded,
        "fitting": survey.fitting,
        "valid": survey.valid,
        "valid_at_least": survey.at_least,
        "described": survey.described,
        "unproven": list(survey.unproven),
        "combinations": survey.combinations,
        "requirements": [
            {
                "text": effect.requirement.condition.span.text,
                "before": effect.before,
                "after": effect.after,
                "after_at_least": effect.at_least,
            }
            for effect in survey.requirements
        ],
        "metrics": [_metric_document(one) for one in survey.metrics],
        "choices": [_choice_document(one) for one in survey.choices],
    }


def _metric_document(spread: Spread) -> dict[str, Any]:
    extent = spread.extent
    return {
        "metric": spread.metric,
        "known": spread.known,
        "drawn": spread.drawn,
        "unit": unit_of(extent.low.value) if extent else "",
        "least": _end(spread, extent.low) if extent else None,
        "most": _end(spread, extent.high) if extent else None,
        "histogram": list(spread.bins),
        "histogram_within": spread.within,
    }


def _end(spread: Spread, extreme: Extreme) -> dict[str, Any]:
    design = None if spread.known == BOUNDED else extreme.design
    return {"value": sort_key(extreme.value), "design": design}


def _choice_document(choice: ChoiceShares) -> dict[str, Any]:
    return {
        "path": choice.path,
        "active": choice.active,
        "options": [
            {"value": option.label, "fitting": option.fitting, "valid": option.valid}
            for option in choice.options
        ],
    }
