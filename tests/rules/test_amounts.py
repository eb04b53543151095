"""The numbers of a finding are those that its words tell."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import pytest

from archdsl.diagnostics import Severity
from archdsl.rules.catalog import all_rules
from tests.rules.literate import Section, findings, sections

if TYPE_CHECKING:
    from archdsl.diagnostics import Diagnostic
    from archdsl.rules.base import Rule

NUMBERLESS = {
    "activation_on_logits": "what stands on the scores bounds them twice, or not at all",
    "bounded_regression": "there are two bounds, and any number is none",
    "arbitrary_position": "which position is read is a place, not a number",
    "broken_identity": "what stands on a skip is a kind of layer, not a number",
    "channels_last": "it is the order of the sizes",
    "dead_branch": "a path that is missing has no number; lets without a reader have theirs",
    "growing_even_kernel": "the map is as large as was asked for, or is not",
    "ineffective_freezing": "what is frozen is named, not counted",
    "leaked_partner": "which inputs both vectors read are names, not a number",
    "lost_order": "positions are told, or they are not",
    "lost_positions": "a path that is missing has no number",
    "misaligned_width": "the widths are several, and multiples are no bound",
    "more_than_needed": "of specialised layers it is the kind that is too much",
    "unscaled_half": "the loss is scaled, or is not",
    "wide_late_bottleneck": "convolutions are measured, and the words of need count layers",
}
MEASURED = {  # where it is not the first number of the words
    "dropout_on_output": "of NUMBER",
    "no_baseline": "NUMBER baselines",
    "shallow_and_wide": "of NUMBER",
}
NEEDED = {  # in other words than "at most" and "at least"
    "heavy_dropout": "less than NUMBER",
    "no_channel_growth": "from NUMBER times on",
    "overcapacity": "^below NUMBER",
    "shallow_and_wide": "fewer than NUMBER units",
}
NUMBER = r"(?P<number>\d[\d,]*(?:\.\d+)?(?:e[+-]\d+)?)(?P<unit>%| ?(?:[KMGT]iB|B|ms|us|s)\b|)"
UNITS = {"": 1, "%": Decimal("0.01"), "s": 1, "ms": Decimal("1e-3"), "us": Decimal("1e-6"), "B": 1}
UNITS |= {f"{prefix}iB": 1024**power for power, prefix in enumerate("KMGT", 1)}
WORDS = {
    "no bias": 0,
    "none": 0,
    "a path to the result": 0,
    "an activation between them": 0,
    "one behind a layer": 0,
    "an activation such as `relu`": 0,
    "dropout behind the norm": 0,
    "all steps": 1,  # of a share
}


class Told(NamedTuple):
    """A number in words, and by how much rounding can have moved it."""

    value: float
    rounded: float

    def agrees(self, number: float) -> bool:
        return abs(number - self.value) <= self.rounded * (1 + 1e-9)


def told(text: str, pattern: str) -> Told | None:
    """The number at a place of a text; of ``15 of 60`` the share."""
    found = re.search(pattern.replace("NUMBER", NUMBER), text)
    if found is None:
        return None
    shown = Decimal(found["number"].replace(",", ""))
    unit = UNITS[found["unit"].strip()]
    last = Decimal(10) ** int(shown.as_tuple().exponent)
    whole = re.match(r" of (\d+) (steps|positions)", text[found.end() :])
    if whole:
        return Told(float(shown) / int(whole[1]), 1e-12)
    return Told(float(shown * unit), float(last * unit) / 2)


def measured(finding: Diagnostic) -> Told | None:
    return told(finding.label, MEASURED.get(finding.rule, "^NUMBER"))


def needed(finding: Diagnostic) -> Told | None:
    if finding.needed in WORDS:
        return Told(WORDS[finding.needed], 0)
    return told(finding.needed, NEEDED.get(finding.rule, "^at (?:most|least) NUMBER"))


@cache
def found_in(section: Section) -> list[Diagnostic]:
    return findings(section)


@cache
def found_of(slug: str) -> list[Diagnostic]:
    return [one for section in sections() if section.slug == slug for one in found_in(section)]


RULES = pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.slug())


@RULES
def test_a_finding_names_its_rule(rule: type[Rule]) -> None:
    assert {finding.rule for finding in found_of(rule.slug())} == {rule.slug()}


@RULES
def test_only_what_has_no_numbers_gives_none(rule: type[Rule]) -> None:
    without = any(finding.amount is None for finding in found_of(rule.slug()))
    assert without == (rule.slug() in NUMBERLESS)


@RULES
def test_the_numbers_are_those_of_the_words(rule: type[Rule]) -> None:
    for finding in found_of(rule.slug()):
        if finding.amount is not None:
            number, bound = measured(finding), needed(finding)
            assert number is not None, finding.label
            assert bound is not None, finding.needed
            assert number.agrees(finding.amount.measured), finding
            assert bound.agrees(finding.amount.threshold), finding


@RULES
def test_what_is_rejected_is_beyond_the_threshold_as_the_words_say(rule: type[Rule]) -> None:
    for finding in found_of(rule.slug()):
        amount = finding.amount
        if amount is None or finding.severity is Severity.NOTE:
            continue
        if finding.needed.startswith("at most"):
            assert amount.measured > amount.threshold, finding
        elif finding.needed.startswith("at least"):
            assert amount.measured < amount.threshold, finding


@pytest.mark.parametrize(
    ("text", "pattern", "number", "rounded"),
    [
        ("1,000.2 parameters", "^NUMBER", 1000.2, 0.05),
        ("2.26e+03 samples/s", "^NUMBER", 2260, 5),
        ("13.75 KiB", "^NUMBER", 14080, 5.12),
        ("442.37 us", "^NUMBER", 4.4237e-4, 5e-9),
        ("51%", "^NUMBER", 0.51, 0.005),
        ("15 of 60 positions", "^NUMBER", 0.25, 0),
        ("1 specialised layer, 0 baselines", "NUMBER baselines", 0, 0.5),
    ],
)
def test_words_are_read_with_their_units(text, pattern, number, rounded) -> None:
    assert told(text, pattern) == (pytest.approx(number), pytest.approx(rounded, abs=1e-9))
