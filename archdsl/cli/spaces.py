"""A space on one page, for people and as a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.evaluate.points import as_text
from archdsl.limits.telling import shown
from archdsl.rendering.escape import visible
from archdsl.space.metrics import sort_key, unit_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archdsl.space.space import Extreme
    from archdsl.space.spread import Spread
    from archdsl.space.survey import ChoiceShares, Survey

BARS = " ▁▂▃▄▅▆▇█"
WIDTH = 80
MOST = 60  # rows of choices on a page


def page(survey: Survey) -> str:
    """The page of a space."""
    blocks = [[_title(survey)], list(_requirements(survey)), _metrics(survey), _choices(survey)]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _title(survey: Survey) -> str:
    designs = f"{survey.fitting:,} design{'s' * (survey.fitting != 1)}"
    if survey.fitting >= 10**15:
        designs += f" ({_power(survey.fitting)})"
    line = f"{survey.name}: {designs}"
    if survey.combinations is not None and survey.combinations != survey.fitting:
        line += f"; {survey.fitting:,} of {survey.combinations:,} combinations fit"
    if survey.at_least < survey.valid:
        return f"{line}; {survey.at_least:,} to {survey.valid:,} of them valid"
    if survey.valid == survey.fitting:
        return f"{line}, all valid" if survey.requirements else line
    return f"{line}, {survey.valid:,} valid ({percent(survey.valid, survey.fitting)})"


def _power(number: int) -> str:
    digits = len(str(number)) - 1
    return f"{str(number)[0]}.{str(number)[1]}e{digits}"


def percent(part: int, whole: int) -> str:
    """A share in percent, with as many digits as it takes to be more than nothing."""
    share = part * 10**12 // whole / 10**10 if whole else 0
    if part and share < 0.01:
        return f"{share:.1e}%" if share else "less than 1e-10%"
    if share in (0, 100):
        return f"{share:.0f}%"
    return f"{share:.2g}%" if share < 1 else f"{share:.1f}%"


def _requirements(survey: Survey) -> Iterator[str]:
    for effect in survey.requirements:
        text = effect.requirement.condition.span.text
        if not effect.proven:
            yield f"  require {text}: not decided for all designs"
        elif effect.excludes_nothing:
            yield f"  require {text}: excludes nothing"
        else:
            yield f"  require {text}: {percent(effect.after, effect.before)} of the designs stay"


def _metrics(survey: Survey) -> list[str]:
    if not survey.valid:
        return []
    cells = [("metric", "least", "how many designs", "most")]
    cells += [_metric_row(one) for one in survey.metrics]
    widths = [max(len(row[i]) for row in cells) for i in range(4)]
    return [_aligned(row, widths) for row in cells]


def _kind(survey: Survey) -> str:
    """Which designs shares and metrics are of."""
    if not survey.unproven:
        return "valid designs" if survey.requirements else "designs"
    return "designs, valid or not,"


def _aligned(row: tuple[str, str, str, str], widths: list[int]) -> str:
    name, low, bars, high = (cell.ljust(w) for cell, w in zip(row, widths, strict=True))
    low, high = row[1].rjust(widths[1]), row[3].rjust(widths[3])
    return f"{name}  {low}  {bars}  {high}".rstrip()


def _metric_row(spread: Spread) -> tuple[str, str, str, str]:
    if spread.extent is None:
        return spread.metric, "", "takes too much to work out", ""
    low, high = spread.extent
    if sort_key(low.value) == sort_key(high.value):
        return spread.metric, shown(low.value), "the same for all", ""
    return spread.metric, shown(low.value), _bars(spread.bins), shown(high.value)


def _bars(bins: Iterable[float]) -> str:
    shares = list(bins)
    most = max(shares, default=0) or 1
    return "".join(BARS[0 if not s else max(1, round(s / most * (len(BARS) - 1)))] for s in shares)


def _choices(survey: Survey) -> list[str]:
    if not survey.choices:
        return ["(more choices than can be gone through one by one)"] if survey.fitting > 1 else []
    groups = _grouped(survey.choices)
    width = max(len(name) for name, _, _ in groups[:MOST])
    lines = [f"each choice, and the share of the {_kind(survey)} that have each option:"]
    for name, number, choice in groups[:MOST]:
        times = f" ({number} choices)" if number > 1 else ""
        lines += _wrapped(
            f"  {visible(name):<{width}}  ", _options(choice, survey.described) + times
        )
    if len(groups) > MOST:
        lines.append(f"  and {len(groups) - MOST} more (--format json has them all)")
    return lines


def _grouped(choices: Iterable[ChoiceShares]) -> list[tuple[str, int, ChoiceShares]]:
    """Choices whose options and numbers are alike in one row, with the number of choices."""
    groups: dict[Any, list[ChoiceShares]] = {}
    for choice in choices:
        last = choice.path.rpartition(".")[2]
        groups.setdefault((last, choice.options, choice.active), []).append(choice)
    return [(_pattern([c.path for c in same]), len(same), same[0]) for same in groups.values()]


def _pattern(paths: list[str]) -> str:
    """``unit1.each.*.kernel`` for paths that differ in some parts."""
    rows = [path.split(".") for path in paths]
    if len({len(row) for row in rows}) > 1:
        return f"*.{rows[0][-1]}"
    return ".".join(c[0] if len(set(c)) == 1 else "*" for c in zip(*rows, strict=True))


def _options(choice: ChoiceShares, valid: int) -> str:
    if len(choice.options) > 12:
        return _many_options(choice)
    alive = {o.valid for o in choice.options}
    names = [as_text(o.label) for o in choice.options]
    if len(alive) == 1 and len(names) > 1 and any(alive):
        return f"{', '.join(names)}: {_share(choice.options[0].valid, valid)} each"
    shares = [_share(o.valid, valid) for o in choice.options]
    return ", ".join(f"{name} {share}" for name, share in zip(names, shares, strict=True))


def _share(part: int, valid: int) -> str:
    if not part:
        return "none"
    return "all" if part == valid else percent(part, valid)


def _many_options(choice: ChoiceShares) -> str:
    alive = [option for option in choice.options if option.valid]
    dead = len(choice.options) - len(alive)
    told = f"{len(choice.options)} options from {as_text(choice.options[0].label)} to "
    told += as_text(choice.options[-1].label)
    return f"{told}, {dead} of them in no valid design" if dead else told


def _wrapped(head: str, text: str) -> list[str]:
    from textwrap import wrap

    indent = " " * min(len(head), 30)
    return wrap(text, WIDTH, initial_indent=head, subsequent_indent=indent) or [head.rstrip()]


def document(survey: Survey) -> dict[str, Any]:
    """The page as data: numbers as they are, designs as `archdsl compile --design` takes them."""
    return {
        "name": survey.name,
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
                "proven": effect.proven,
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
        "proven": spread.proven,
        "unit": unit_of(extent.low.value) if extent else "",
        "least": _extreme_document(extent.low) if extent else None,
        "most": _extreme_document(extent.high) if extent else None,
        "histogram": list(spread.bins),
    }


def _extreme_document(extreme: Extreme) -> dict[str, Any]:
    return {"value": sort_key(extreme.value), "design": extreme.design}


def _choice_document(choice: ChoiceShares) -> dict[str, Any]:
    return {
        "path": choice.path,
        "active": choice.active,
        "options": [
            {"value": option.label, "fitting": option.fitting, "valid": option.valid}
            for option in choice.options
        ],
    }
