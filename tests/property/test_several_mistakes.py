"""Specs broken in several places: each error told is one of those, and mending what is told ends
clean. A failure names the seed: ``planted(seed)`` gives the breaks."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

import pytest

import archdsl
from archdsl.diagnostics import Diagnostic, Severity
from tests.property.authoring import spec
from tests.property.breaking import all_mutations
from tests.property.breaking.anatomy import Anatomy
from tests.thinning import mostly_slow
from tests.unjudged import UNJUDGED

SEEDS = 30
BREAKS = 4
MUTATIONS = [
    mutation
    for mutation in all_mutations()
    if not mutation.write.__module__.endswith("marks") and mutation.name != "a_model_left_out"
]


class Break(NamedTuple):
    """A part of a right text (from, up to) replaced, the codes that are right for it, and another
    part of that text at which it may be told."""

    start: int
    end: int
    new: str
    name: str
    codes: frozenset[str]
    told_at: tuple[int, int]


def planted(seed: int) -> tuple[str, list[Break]]:
    """A right text, and ways to break it in places that do not touch each other."""
    random = Random(seed)
    text = spec(seed).text
    breaks: list[Break] = []
    for mutation in random.sample(MUTATIONS, len(MUTATIONS)):
        made = mutation.write(Anatomy(text, random))
        if made is None or len(breaks) == BREAKS:
            continue
        before = alike(text, made.text)
        behind = alike(text[before:][::-1], made.text[before:][::-1])
        end, new = len(text) - behind, made.text[before : len(made.text) - behind]
        longer = len(new) - (end - before)
        told_at = tuple(at if at <= before else max(before, at - longer) for at in made[1:])
        one = Break(before, end, new, mutation.name, mutation.codes, told_at)
        if all(_apart(text, one, other) for other in breaks) and not checked(made.text).ok:
            breaks.append(one)
    return text, sorted(breaks)


def checked(text: str) -> archdsl.Report:
    return archdsl.check(text, terms=UNJUDGED)


def alike(one: str, other: str) -> int:
    """How many characters two texts begin with in common."""
    return next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )


def _apart(text: str, one: Break, other: Break) -> bool:
    """Whether a whole line lies between two breaks, so that no error points at both."""
    first, second = sorted((one, other))
    return text.count("\n", first.end, second.start) > 0 and first.end < second.start


def broken(text: str, breaks: list[Break]) -> str:
    """The text with its breaks."""
    made, last = "", 0
    for one in breaks:
        made += text[last : one.start] + one.new
        last = one.end
    return made + text[last:]


def moved(at: int, breaks: list[Break]) -> int:
    """Where a place of the right text is in the broken one."""
    return at + sum(len(b.new) - (b.end - b.start) for b in breaks if b.end <= at)


def blamed(found: Diagnostic, breaks: list[Break]) -> list[Break]:
    """The breaks that an error may be about."""
    spans = [s for s in (found.span, *(label.span for label in found.trail)) if s is not None]

    def touches(one: Break) -> bool:
        start = moved(one.start, [b for b in breaks if b is not one])
        places = [(start, start + len(one.new)), tuple(moved(at, breaks) for at in one.told_at)]
        return any(s.start <= end and start <= s.end for s in spans for start, end in places)

    return [one for one in breaks if found.code in one.codes and touches(one)]


@pytest.mark.parametrize("seed", mostly_slow(range(SEEDS), 2))
def test_each_error_is_one_of_the_mistakes_and_mending_them_ends_clean(seed):
    text, breaks = planted(seed)
    while breaks:
        report = checked(broken(text, breaks))
        errors = [found for found in report.diagnostics if found.severity is Severity.ERROR]
        told = [blamed(found, breaks) for found in errors]
        assert errors, (seed, [one.name for one in breaks])
        assert all(told), (seed, [one.name for one in breaks], report.render("concise"))
        mended = {one for each in told for one in each}
        breaks = [one for one in breaks if one not in mended]
    assert checked(text).ok


def test_an_unknown_layer_silences_what_follows_from_it_and_nothing_else():
    text = """
block grow(w) = conv(w, 3) -> batchnorm -> linear(true)
arch A {
  data image(3, 32, 32)
  task classify(10)
  model {
    let y = Conv2d(3) -> ReLU -> linear(x)
    let z = grow(5) -> conv(y.channels, 3)
    return add(z, conv(64, fooo)) -> flatten -> linear(classes) -> attention(7)
  }
}
"""
    report = archdsl.check(text)
    quoted = [(found.code, found.span.text) for found in report.diagnostics]
    assert quoted == [
        ("E201", "batchnorm"),
        ("E231", "true"),
        ("E202", "Conv2d"),
        ("E201", "ReLU"),
        ("E231", "x"),
        ("E201", "fooo"),
    ]


def test_all_that_is_wrong_with_a_design_that_resolves_is_told():
    body = "conv(8, 3) -> conv(8, 99, padding=0) -> conv(8, 0) -> flatten -> linear(-1)"
    report = archdsl.check(f"arch A {{ data image(3, 32, 32) model = {body} }}")
    quoted = [(found.code, found.span.text) for found in report.diagnostics]
    assert quoted == [("E301", "99"), ("E231", "0"), ("E231", "-1")]
    with pytest.raises(archdsl.SpecError) as error:
        archdsl.compile(f"arch A {{ data image(3, 32, 32) model = {body} }}")
    assert [found.code for found in error.value.diagnostics] == ["E301", "E231", "E231"]


def test_of_a_space_with_mistakes_no_error_of_one_design_is_told():
    body = "Conv2d(3) -> ReLU -> conv(8, 99, padding=0 | 50)"
    report = archdsl.check(f"arch A {{ data image(3, 32, 32) model = {body} }}")
    assert [found.span.text for found in report.diagnostics] == ["Conv2d", "ReLU"]


def test_of_a_wrong_call_of_a_library_block_one_mistake_is_told():
    body = "conv(8, 3) -> unet_up(32, x) -> ReLU"  # the arguments are the wrong way round
    report = archdsl.check(f"arch A {{ data image(3, 32, 32) model = {body} }}", terms=UNJUDGED)
    assert [found.span.text for found in report.diagnostics] == ["unet_up(32, x)", "ReLU"]


def test_a_mistaken_layer_that_is_handed_on_is_told_once():
    block = "block grow(f, g=ReLU(3)) = conv(f, 3) -> f -> conv(f.channels, 3) -> g"
    body = "grow(Conv2d(8)) -> grow(w) -> linear(w)"
    text = f"{block} arch A {{ data image(3, 32, 32) let w = pick(2, 8, 16) model = {body} }}"
    report = archdsl.check(text, terms=UNJUDGED)
    quoted = [found.span.text for found in report.diagnostics]
    assert quoted == ["ReLU", "pick(2, 8, 16)", "Conv2d"]
