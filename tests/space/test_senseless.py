"""A requirement that makes no sense for a design is not met by it, whatever it is about."""

from __future__ import annotations

import random
import re

import pytest

import archdsl
from archdsl.rules.config import Config
from archdsl.space.explore.explorer import Unexplorable
from archdsl.space.space import Space
from archdsl.terms import Terms
from tests.space.brute_force import named, program, tried
from tests.space.random_spaces import CONTINUOUS, space

SILENT = Terms(Config(select=("P601",)))
CONDITIONS = (
    "12 % ({a} - {b}) == 0",
    "params // ({a} - {b}) <= {n}",
    "params <= {n} // ({a} - {b})",
    "macs % ({a} - {b}) == 0",
    "{n} // (params - {a} * {b}) <= 3",
)


def text_of(*requirements: str) -> str:
    needs = "".join(f"  require {need}\n" for need in requirements)
    lets = "  let d = 1 | 2\n  let e = 1 | 3 | 4\n"
    return f"arch A {{\n  data table(8)\n{lets}{needs}  model = linear(8 * d) -> linear(e)\n}}\n"


@pytest.mark.parametrize(
    ("requirement", "valid"),
    [("16 % (d - e) == 0", 4), ("params / (d - e) <= 10k", 5), ("params // (d - e) <= 10k", 5)],
)
def test_designs_for_which_a_requirement_makes_no_sense_fit_and_are_not_valid(
    requirement: str, valid: int
) -> None:
    made = archdsl.read_space(text_of(requirement))
    assert (made.count(), made.count(valid=True)) == (6, valid)
    assert len(list(made.designs())) == valid
    told = {one.code: one for one in archdsl.check(text_of(requirement), terms=SILENT).diagnostics}
    assert told["W519"].message == (
        f"`{requirement}` makes no sense for some designs: division by zero"
    )
    assert told["W519"].span is not None
    assert told["W519"].span.text == requirement


def test_a_requirement_before_it_that_excludes_those_designs_is_the_way_out() -> None:
    report = archdsl.check(text_of("d != e", "16 % (d - e) == 0"), terms=SILENT)
    assert "W519" not in [one.code for one in report.diagnostics]


@pytest.mark.parametrize(
    ("requirement", "code"), [("params <= 5 GiB", "E226"), ("d // (e - e) == 1", "E224")]
)
def test_what_makes_sense_for_no_design_is_an_error(requirement: str, code: str) -> None:
    with pytest.raises(archdsl.SpecError) as raised:
        archdsl.read_space(text_of(requirement)).count(valid=True)
    assert raised.value.diagnostics[0].code == code
    told = archdsl.check(text_of(requirement), terms=SILENT).diagnostics
    assert [one.code for one in told] == [code]


@pytest.mark.parametrize("first", range(20_000, 20_200, 100))
def test_of_random_spaces_the_valid_designs_are_those_found_by_trying_every_one(
    first: int,
) -> None:
    told = [_is_right(seed) for seed in range(first, first + 100)]
    assert all(one is not False for one in told), first + told.index(False)
    assert sum(one is True for one in told) > 20


def _is_right(seed: int) -> bool | None:
    """Whether the valid designs of a space are the right ones; None where that is not asked."""
    text = space(seed)
    if CONTINUOUS in text:
        return None
    made = program(_with_requirements(text, random.Random(seed)))
    designs = None if made is None else tried(made, 200)
    if made is None or not designs:
        return None
    whole = Space(made)
    try:
        valid = list(whole.designs())
    except Unexplorable:
        return None
    except archdsl.SpecError:
        return not any(one.valid for one in designs)
    wanted = {one.named for one in designs if one.valid}
    at_least, at_most = whole.counted()
    if whole.valid().unproven:
        return at_least <= len(wanted) <= at_most
    return {named(one) for one in valid} == wanted and at_least == at_most == len(wanted)


def _with_requirements(text: str, draw: random.Random) -> str:
    lets = re.findall(r"^  let (a\d+) =", text, re.MULTILINE) or ["1", "2"]
    needs = ""
    for _ in range(draw.choice((1, 1, 2))):
        a, b = draw.choice([*lets, "2"]), draw.choice([*lets, "3"])
        condition = draw.choice(CONDITIONS).format(a=a, b=b, n=draw.choice((5, 40, 200, 2_000)))
        needs += f"  require {condition}\n"
    return text.replace("  model ", f"{needs}  model ")
