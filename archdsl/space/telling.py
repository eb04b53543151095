"""A space in words: how many designs there are, and which of them have what."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from archdsl.space.explore.explorer import MORE_WORK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archdsl.space.survey import ChoiceShares, Survey

FEW = 10_000  # an option that less than one in so many designs has is not told more exactly
WRITTEN = 10**24  # larger numbers are told by their power of ten


def designs_told(survey: Survey) -> str:
    """How many designs there are, and how many of them are valid."""
    if survey.bounded:
        return f"{survey.name}: at most {_number(survey.fitting)} designs; {MORE_WORK} allows more"
    designs = f"{_number(survey.fitting)} design{'s' * (survey.fitting != 1)}"
    if 10**15 <= survey.fitting < WRITTEN:
        designs += f" ({_power(survey.fitting)})"
    line = f"{survey.name}: {designs}"
    if survey.combinations is not None and survey.combinations != survey.fitting:
        line += f"; that is {percent(survey.fitting, survey.combinations)} of all combinations"
    if survey.at_least < survey.valid:
        return f"{line}, valid {_between(survey.at_least, survey.valid, survey.fitting)}"
    if survey.valid == survey.fitting:
        return f"{line}, all valid" if survey.requirements else line
    return f"{line}, {_number(survey.valid)} valid ({percent(survey.valid, survey.fitting)})"


def _number(number: int) -> str:
    return f"{number:,}" if number < WRITTEN else _power(number)


def _power(number: int) -> str:
    mantissa, power = f"{Decimal(number):.1e}".split("e+")
    return f"{mantissa}e{int(power)}"


def _between(low: int, high: int, whole: int) -> str:
    ends = f"between {percent(low, whole)} and" if low else "at most"
    return f"{ends} {percent(high, whole)}: proven"


def percent(part: int, whole: int) -> str:
    """A share in percent, with as many digits as it takes to be more than nothing."""
    share = 100 * part / whole if whole else 0
    if part and share < 0.01:
        return f"{share:.1e}%"
    if share in (0, 100):
        return f"{share:.0f}%"
    return f"{share:.2g}%" if share < 1 else f"{share:.1f}%"


def requirements_told(survey: Survey) -> Iterator[str]:
    """What each requirement leaves."""
    for effect in survey.requirements:
        text = effect.requirement.condition.span.text
        if not effect.proven:
            share = _between(effect.at_least, effect.after, effect.before)
            yield f"require {text}: {share} of the designs stay"
        elif effect.excludes_nothing:
            yield f"require {text}: excludes nothing"
        else:
            yield f"require {text}: {percent(effect.after, effect.before)} of the designs stay"


def kind_told(survey: Survey) -> str:
    """Which designs shares and metrics are of."""
    if not survey.unproven:
        return "valid designs" if survey.requirements else "designs"
    some = len(survey.unproven) < len(survey.requirements)
    left = " and ".join(f"`{text}`" for text in survey.unproven)
    return f"designs whether they meet {left} or not" if some else "designs, valid or not"


def grouped(choices: Iterable[ChoiceShares]) -> list[tuple[str, int, ChoiceShares]]:
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


def share_told(part: int, valid: int) -> str:
    """The share of the designs that have an option."""
    if not part:
        return "none"
    if part * FEW < valid:
        return "under 0.01%"
    return "all" if part == valid else percent(part, valid)
