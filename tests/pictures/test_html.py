"""The report on one page."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import archdsl
from archdsl.pictures.catalog import find
from archdsl.pictures.report import Report
from tests.pictures.specs import HOSTILE, SPACE, drawn, hostile

VOID = {"meta", "br", "rect", "path", "circle"}


class Reader(HTMLParser):
    """The elements of a page, each closed where it was opened, and its headings."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.heads: list[str] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "h2":
            self.heads.append(data)


def test_a_design_has_picture_findings_costs_layers_and_spec() -> None:
    text = drawn("residual", "html")
    page = Reader(text)
    assert page.heads == ["Findings", "Costs", "Layers", "The spec"]
    assert "svg" in page.tags
    assert "A small network." in text


def test_a_space_has_its_page() -> None:
    page = Reader(drawn("space", "html"))
    assert page.heads == ["Findings", "The space", "Choices", "The spec"]
    count = f"{archdsl.count(SPACE).low:,} designs"
    assert count in drawn("space", "html")


def test_it_loads_nothing_and_runs_nothing() -> None:
    text = find("html").draw(hostile(), Report(HOSTILE))
    assert not Reader(text).tags & {"script", "link", "img", "iframe", "object"}
    assert re.findall(r'(?:href|src)="(?!#)|url\(|@import', text) == []
    assert "\u202e" not in text
