"""The results of a run on a page."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from archdsl.cli.live import aligned
from archdsl.cli.searched.sorting import SORTED, listed
from archdsl.cli.searched.trials import table
from archdsl.rendering.escape import visible, width
from archdsl.rendering.fitting import wrapped_after
from archdsl.rendering.spans_of_time import lasting
from archdsl.searching.results.telling import chance, ended, limits, rejections, states
from archdsl.searching.results.values import (
    option,
    percent,
    plain,
    short_names,
    spark,
    value,
)

if TYPE_CHECKING:
    from archdsl.searching.results.importance import Importance
    from archdsl.searching.results.results import Results
    from archdsl.searching.results.shared import Shared

HEADS = 10  # columns of what is told in one line
FAILURES = 5  # groups that are told
CHOICES = 24  # rows of one design
WEIGHTS = 8  # choices whose importance is told
CURVES = 5
BAR = "▬"


def page(
    found: Results, shared: Shared, number: int, by: str = "best", columns: int | None = None
) -> str:
    """All of it, with so many trials."""
    trials = listed(found, by)
    rows = table(found, trials[:number], columns)
    if len(trials) > number:
        rows.append(f"… and {len(trials) - number:,} more, {SORTED[by]} (-n says how many)")
    blocks = [_head(found, columns), rows, _best(found), _curves(found)]
    blocks += [_importance(found, columns), _shared(shared, found)]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _head(found: Results, columns: int | None) -> list[str]:
    after = f", {lasting(found.seconds)}" if found.seconds else ""
    strategy = found.strategy.get("name") or found.strategy.get("strategy") or ""
    by = f" by {visible(str(strategy))}" if strategy else ""
    count = len(found.trials)
    title = f"{visible(found.arch)}: {count:,} design{'s' * (count != 1)} tried{by}{after}"
    told = [("objective" if len(found.objectives) == 1 else "objectives", _objectives(found))]
    told += [("now" if found.is_running else "ended", ended(found)), ("tried", states(found))]
    if found.rejected:
        told.append(("rejected", rejections(found)))
    for group in found.failures[:FAILURES]:
        log = f"; see {found.folder / group.log}" if group.log else ""
        several = ", ".join(map(str, group.trials[:5])) + (", …" if len(group.trials) > 5 else "")
        told.append(("failed", f"{len(group.trials)} ({several}): {group.reason}{log}"))
    if found.volume is not None:
        told.append(("front", _volume(found)))
    lines = [title]
    for head, text in told:
        lines += wrapped_after(f"  {head:<{HEADS}}  ", visible(text), columns)
    return lines


def _objectives(found: Results) -> str:
    said = [f"{one.direction} {found.title(one)}" for one in found.objectives]
    values = f"; values by {found.evaluator}" if found.evaluator else ""
    tests = "; the search never saw what test figures are of" if found.tests else ""
    return ", ".join(said) + values + tests


def _volume(found: Results) -> str:
    volume = found.volume
    assert volume is not None
    pairs = zip(found.objectives, volume.reference, strict=True)
    corner = ", ".join(f"{one.text} {value(one.text, worst)}" for one, worst in pairs)
    return (
        f"{len(found.front)} designs that none beats; hypervolume {plain(volume.value)}, which is "
        f"{percent(volume.share)} of the box from the worst values seen ({corner}) to the best"
    )


def _best(found: Results) -> list[str]:
    best = found.best
    if best is None or len(found.objectives) > 1:
        return []
    rows = [(f"  {visible(path)}", option(made)) for path, made in best.design.items()]
    lines = [f"the best, trial {best.number}, {lasting(best.seconds)} to evaluate"]
    lines += aligned(rows[:CHOICES], left=2) if rows else []
    if len(rows) > CHOICES:
        lines.append(f"  and {len(rows) - CHOICES} choices more (--format json has them all)")
    return lines


def _curves(found: Results) -> list[str]:
    """The learning curves of the best, each in a line."""
    rows, name = [], found.reported
    for tried in found.ordered[:CURVES]:
        curve = found.curve(tried.number)
        points = [one[name] for one in curve if name in one and isfinite(one[name])]
        if points:
            last = curve[-1]["epoch"]
            first, line = plain(points[0]), spark(points)
            rows.append((f"  {tried.number}", first, line, plain(points[-1]), f"epoch {last}"))
    return [f"learning curves of the best: {visible(name)}", *aligned(rows)] if rows else []


def _importance(found: Results, columns: int | None) -> list[str]:
    if not found.importance:
        return []
    lines = ["what matters for being among the best (PED-ANOVA)"]
    for one in found.importance:
        head = f"  {one.objective}: the best {one.best} of {one.trials} trials; {chance(one)}"
        lines += wrapped_after("  ", visible(head).strip(), columns)
        lines += _weights(one)
    return [*lines, *wrapped_after("  ", visible(limits(found)), columns)]


def _weights(one: Importance) -> list[str]:
    names = short_names(weight.path for weight in one.weights)
    rows = []
    for weight in one.weights[:WEIGHTS]:
        bar = BAR * round(20 * weight.share)
        made = f"made by {weight.made} of them" if weight.made < one.trials else ""
        rows.append((f"    {names[weight.path]}", percent(weight.share), bar, made))
    wide = max(width(row[2]) for row in rows)
    rows = [(*row[:2], row[2] + " " * (wide - width(row[2])), row[3]) for row in rows]
    more = len(one.weights) - WEIGHTS
    return [*aligned(rows), *([f"    and {more} choices more"] if more > 0 else [])]


def _shared(shared: Shared, found: Results) -> list[str]:
    if not shared.best:
        return []
    some = len(shared.best)
    if not shared.traits:
        return [f"the best {some} have nothing in common that would not come by chance"]
    which = "front" if len(found.objectives) > 1 else "best"
    rows = [("", f"{which} {some}", "valid")]
    for trait in shared.traits[:WEIGHTS]:
        name = f"  {visible(trait.path)} = {option(trait.option)}"
        rows.append((name, percent(trait.best), percent(trait.valid)))
    return [
        "what the best have in common: their share that has it, and of all valid designs",
        *aligned(rows),
    ]
