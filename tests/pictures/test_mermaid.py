"""The flowchart in Mermaid: each of its lines is one that Mermaid has."""

from __future__ import annotations

import re

import pytest

from archdsl.pictures.catalog import find
from tests.pictures.specs import ALL, drawn, hostile

TEXT = r'"(?:[\w ×.,:()=→|…+/#;-]|<br/>)*"'
LINES = (
    rf"subgraph (b\d+)\[{TEXT}\]",
    rf"(b\d+)(?:\[{TEXT}\]|\(\[{TEXT}\]\)|\(\({TEXT}\)\)|\{{\{{{TEXT}\}}\}})(?::::\w+)?",
    rf"(b\d+) (?:-->|-\.->)(?:\|{TEXT}\|)? (b\d+)",
    r"classDef \w+ fill:#\w{6},stroke:#\w{6},color:#\w{6}",
    r"classDef group fill:none,stroke:#\w{6}",
    r"class b\d+(?:,b\d+)* group",
    r"end",
)


def _wrong(text: str) -> list[str]:
    head, *lines = text.split("flowchart TB\n")[1].splitlines()
    return [
        line
        for line in (head, *lines)
        if not any(re.fullmatch(pattern, line.strip()) for pattern in LINES)
    ]


@pytest.mark.parametrize("name", ALL)
def test_each_line_is_a_box_an_edge_or_a_colour(name: str) -> None:
    text = drawn(name, "mermaid")
    assert _wrong(text) == []
    assert text.count("subgraph") == len(re.findall(r"^ *end$", text, re.MULTILINE))
    boxes = set(re.findall(r"^ *(b\d+)[\[({]", text, re.MULTILINE))
    ends = {
        end for pair in re.findall(r"(b\d+) -.*->.* (b\d+)$", text, re.MULTILINE) for end in pair
    }
    assert ends <= boxes


def test_what_a_spec_says_stays_text() -> None:
    assert _wrong(find("mermaid").draw(hostile())) == []
