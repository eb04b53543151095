"""A `weights` clause: what its rows say, and what is wrong with those that say nothing."""

from __future__ import annotations

import pytest

import archdsl
from archdsl.resolve.loading import load
from archdsl.source import Source
from archdsl.spec.key_map import KeyMap, Row

SPEC = "arch A {{ data table(4) task regress(1) {} model {{ let head = linear(1) return head }} }}"


def _maps(clauses: str) -> tuple[KeyMap, ...]:
    return load(Source(SPEC.format(clauses))).program().clauses.weights


def _row(text: str) -> Row:
    ((row,),) = (found.rows for found in _maps(f"weights theirs({text})"))
    return row


def test_a_row_leads_from_their_name_to_ours():
    assert _row('"fc.*" -> "head.*"') == Row(("fc.*",), "head.*")


def test_a_row_may_join_transpose_part_and_drop():
    assert _row('concat("a.{i}", "b.{i}") -> "c.{i}"').theirs == ("a.{i}", "b.{i}")
    assert _row('"a" -> transpose -> "b"').transposed
    assert _row('"a" -> part(2, of=3) -> "b"').parts == (2,)
    assert _row('"a" -> part(2, 3, of=3) -> "b"')[3:] == ((2, 3), 3)
    assert _row('"a.*.{i}" -> drop').ours is None


def test_each_origin_has_a_map_of_its_own():
    maps = _maps('weights timm("a" -> "b") weights torchvision("c" -> "d")')
    assert [one.origin for one in maps] == ["timm", "torchvision"]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ('"a.*" -> "b"', "do not leave the same open"),
        ('"a.{i}" -> "b.{j}"', "do not leave the same open"),
        ('concat("a.*", "b") -> "c.*"', "do not leave the same open"),
        ('"a.{i}.{i}" -> "b.{i}.{i}"', "do not leave the same open"),
        ('"*.*.*.*.*" -> "*.*.*.*.*"', "do not leave the same open"),
        ('"a"', "leads from a name to a name"),
        ('name="a" -> "b"', "leads from a name to a name"),
        ("", "without a row"),
        ('concat("a", 3) -> "b"', "begins with their names"),
        ('fc -> "b"', "begins with their names"),
        ('"a" -> fc', "ends with our name"),
        ('"a" -> flip -> "b"', "nothing that weights go through"),
        ('"a" -> part(0, of=3) -> "b"', "is no part of a tensor"),
        ('"a" -> part(4, of=3) -> "b"', "is no part of a tensor"),
        ('"a" -> part(1, of=1_000_000) -> "b"', "is no part of a tensor"),
        ('"a" -> part(1) -> "b"', "is no part of a tensor"),
        ('"a" -> part(1 to 2, of=3) -> "b"', "is no part of a tensor"),
        ('"a" -> part(n, of=3) -> "b"', "is no part of a tensor"),
    ],
)
def test_a_row_that_leads_nowhere_is_an_error_at_its_place(row, message):
    text = SPEC.format(f"weights theirs({row})")
    (found,) = archdsl.check(text).diagnostics
    assert found.code == "E446"
    assert message in found.message
    assert found.span.text in text[text.index("weights") :]


def test_a_misspelt_step_is_mended():
    text = SPEC.format('weights theirs("a" -> transpos -> "b")')
    (found,) = archdsl.check(text).diagnostics
    assert found.fix is not None
    assert [edit.replacement for edit in found.fix.edits] == ["transpose"]


def test_a_second_map_of_one_origin_is_an_error():
    text = SPEC.format('weights timm("a" -> "b") weights timm("c" -> "d")')
    (found,) = archdsl.check(text).diagnostics
    assert found.code == "E420"


def test_all_rows_are_looked_at():
    text = SPEC.format('weights timm("a", "b" -> 3, "c" -> drp)')
    assert [found.code for found in archdsl.check(text).diagnostics] == ["E446"] * 3


def test_a_closed_design_keeps_its_maps():
    text = SPEC.format('weights timm("fc.*" -> "head.*")').replace("linear(1)", "linear(1 | 2)")
    closed = archdsl.close(text, design={"head.linear.features": 1})
    assert 'weights timm("fc.*" -> "head.*")' in closed
