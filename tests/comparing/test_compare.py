"""What changes from one version of a spec to another."""

from __future__ import annotations

from itertools import product

import pytest

import archdsl
from archdsl.cli.commands.compare import WORDS
from archdsl.comparing.changes import Change
from archdsl.comparing.keeping import KEPT
from tests.cli.conftest import GOOD, SPACE

OPEN = """\
arch Open {
  data table(8)
  task classify(2)
  let width = WIDTHS
  require params <= LIMIT
  model = linear(width) -> relu -> (deep: (linear(16) -> relu) | flat: identity) -> linear(classes)
}
"""


def _open(widths: str, limit: int) -> str:
    return OPEN.replace("WIDTHS", widths).replace("LIMIT", str(limit))


def test_nothing_changes_where_only_the_layout_does():
    found = archdsl.compare(GOOD, "# a remark\n" + GOOD.replace("  data  ", "  data "))
    (arch,) = found.arches
    assert (arch.clauses, arch.design.layers, arch.design.costs) == ((), (), ())
    assert arch.design.weights.same
    assert (found.gone, found.found, found.unread) == ((), (), ())


def test_costs_are_those_that_compile_tells():
    new = GOOD.replace("conv(16", "conv(24")
    (arch,) = archdsl.compare(GOOD, new).arches
    costs = {one.name: (one.old, one.new) for one in arch.design.costs}
    before, after = archdsl.compile(GOOD), archdsl.compile(new)
    assert costs["params"] == (before.params, after.params)
    assert costs["macs"] == (before.macs, after.macs)


def test_clauses_are_told_as_they_are_written():
    old = GOOD.replace("  task", "  train sgd(lr=0.1)\n  task")
    new = GOOD.replace("classify(10)", "classify(12)").replace("  model", "  let n = 3\n  model")
    (arch,) = archdsl.compare(old, new).arches
    assert arch.clauses == (
        Change("train", "train sgd(lr=0.1)", None),
        Change("task", "task classify(10)", "task classify(12)"),
        Change("let n", None, "let n = 3"),
    )
    assert [(one.name, one.old, one.new) for one in arch.design.interface] == [
        ("output", "a vector of 10", "a vector of 12")
    ]


def test_layers_are_paired_by_what_they_are():
    (arch,) = archdsl.compare(GOOD, GOOD.replace("-> batch_norm ", "")).arches
    gone = [one.old.layer for one in arch.design.layers if one.new is None]
    assert gone == ["batch_norm"]
    changed = [one.new.layer for one in arch.design.layers if one.old and one.new]
    assert changed == ["stem"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (("16 | 32 | 64", 1_000), ("16 | 32 | 48 | 64", 800)),
        (("16 | 32", 10_000), ("32 | 64", 10_000)),
        (("16", 10_000), ("16 | 64", 100)),
        (("16 | 32", 500), ("8", 5_000)),
    ],
)
def test_designs_are_gone_and_new_as_brute_force_has_it(old, new):
    def valid(widths: str, limit: int) -> set[tuple[int, str]]:
        choices = product(map(int, widths.split("|")), ("deep", "flat"))
        return {one for one in choices if _params(*one) <= limit}

    before, after = valid(*old), valid(*new)
    (arch,) = archdsl.compare(_open(*old), _open(*new)).arches
    shared = arch.space.old_designs, arch.space.new_designs
    assert [(one.designs, one.there) for one in shared] == [
        (len(before), len(before & after)),
        (len(after), len(before & after)),
    ]
    example = shared[0].example
    lost = before - after
    assert (example is None) == (not lost)
    if example and "width" in example:
        assert (example["width"], example["choice"]) in lost


def _params(width: int, choice: str) -> int:
    deep = width * 16 + 16 + 16 * 2 + 2
    return 8 * width + width + (deep if choice == "deep" else width * 2 + 2)


def test_options_and_bounds_of_a_space_are_compared():
    (arch,) = archdsl.compare(_open("16 | 32", 900), _open("16 | 64", 900)).arches
    assert Change("width", (16, 32), (16, 64)) in arch.space.choices
    costs = {one.name: one for one in arch.space.metrics}
    assert costs["params"].old == (178, 850)
    assert costs["params"].new == (178, 706)


def test_a_space_may_become_one_design():
    (arch,) = archdsl.compare(SPACE, GOOD).arches
    assert arch.design is None
    assert Change("designs", 6, 1) in arch.space.counts


def test_architectures_are_paired_by_name():
    other = GOOD.replace("Small", "Other")
    found = archdsl.compare(GOOD + other, GOOD + GOOD.replace("Small", "Third"))
    assert [one.new for one in found.arches] == ["Small"]
    assert (found.lost, found.gained) == (("Other",), ("Third",))
    assert archdsl.compare(GOOD + other, GOOD + other, arch="Other").arches[0].new == "Other"


def test_findings_are_those_of_one_version_alone():
    worse = GOOD.replace("linear(classes)", "linear(3)")
    found = archdsl.compare(GOOD, worse)
    assert [one.code for one in found.found] == ["E442"]
    assert [one.code for one in archdsl.compare(worse, GOOD).gone] == ["E442"]
    assert archdsl.compare(worse, "\n" + worse).found == ()


@pytest.mark.parametrize("wrong", ["", "arch A {", GOOD.replace("(conv(16", "(conv(8")])
def test_a_version_with_errors_is_named(wrong):
    found = archdsl.compare(GOOD, wrong)
    assert found.unread == ("<text>",)
    assert found.found


def test_what_the_command_keeps_is_what_can_be_kept():
    assert set(WORDS) == set(KEPT)
