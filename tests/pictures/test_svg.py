"""The drawing as SVG."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

import archdsl
from archdsl.pictures.catalog import find
from tests.pictures.specs import ALL, RESIDUAL, drawn, hostile

SVG = "{http://www.w3.org/2000/svg}"


def tree(text: str) -> ET.Element:
    return ET.fromstring(text)


@pytest.mark.parametrize("name", ALL)
def test_it_is_well_formed_and_no_two_parts_share_a_name(name: str) -> None:
    root = tree(drawn(name))
    assert root.tag == f"{SVG}svg"
    names = [part.get("id") for part in root.iter() if part.get("id")]
    assert len(names) == len(set(names))
    assert root.find(f"{SVG}title") is not None
    told = {root.get("aria-labelledby"), root.get("aria-describedby")}
    assert told <= set(names)


def test_it_loads_nothing_and_runs_nothing() -> None:
    text = find("svg").draw(hostile())
    assert re.findall(r"(?:href|src|url)\s*[=(]", text) == []
    assert {part.tag for part in tree(text).iter()} <= {
        f"{SVG}{tag}" for tag in "svg title desc style rect g path text circle".split()
    }
    assert "\u202e" not in text


def test_every_class_has_a_rule_and_every_family_two() -> None:
    text = drawn("residual")
    style = text.partition("<style>")[2].partition("</style>")[0]
    used = {name for found in re.findall(r'class="([^"]+)"', text) for name in found.split()}
    assert [name for name in sorted(used) if f".{name}" not in style] == []
    light, dark = style.split("@media (prefers-color-scheme: dark)")
    for name in (one for one in used if one.startswith("p-f-")):
        assert light.count(f".{name} ") == dark.count(f".{name} ") == 1


def test_copies_are_drawn_once_with_their_number() -> None:
    texts = [part.text for part in tree(drawn("residual")).iter(f"{SVG}text")]
    assert texts.count("× 3") == 1
    assert texts.count("conv(16, 3, bias=false)") == 1
    assert "16×8×8" in texts
    assert "→ batch_norm" in texts


def test_each_op_has_a_box_of_its_own_where_all_are_asked_for() -> None:
    texts = [part.text for part in tree(drawn("residual", every=True)).iter(f"{SVG}text")]
    assert "batch_norm" in texts
    assert not [text for text in texts if text and text.startswith("→")]


def test_a_finding_is_marked_where_it_is_and_told_below() -> None:
    spec = RESIDUAL.replace("-> batch_norm -> relu -> conv", "-> conv")
    found = [one for one in archdsl.check(spec).diagnostics if one.severity.value != "note"]
    assert found
    text = archdsl.draw(spec)
    assert text.count('class="p-mark p-mark-warning"') >= 1
    assert found[0].code in text


@pytest.mark.parametrize("by", ["params", "macs", "memory"])
def test_the_longest_bar_is_that_of_the_box_with_most(by: str) -> None:
    bars = re.findall(
        r'width="([\d.]+)" height="2.5" rx="1.2" class="p-bar"', drawn("residual", by=by)
    )
    *drawn_bars, legend = map(float, bars)
    assert max(drawn_bars) == legend
    assert len(set(drawn_bars)) > 1
