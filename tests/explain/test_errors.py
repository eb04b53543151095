"""Every error code has a page, and the page's example has the error."""

from __future__ import annotations

import re

import pytest

import archdsl
from archdsl.explain.errors import Page, pages
from tests.architecture.sources import sources

CODE = re.compile(r'"([EW]\d{3})"')
SEEN_ELSEWHERE = {"E120", "E121", "E126", "E127"}  # too large or invisible in a page
NEEDS_A_COMMAND = {
    "E422", "E502", "E503", "E504", "E602", "E608", "W511", "W517", "W518"
}  # fmt: skip
NEEDS_A_FILE = {"E701", "E703", "E704", "E705", "E810"}


def used() -> set[str]:
    """The codes that the sources speak of."""
    return {code for file in sources(".py", under="archdsl/") for code in CODE.findall(file.text)}


def test_each_code_of_the_sources_has_a_page_and_no_page_is_of_none():
    assert used() == pages().keys()


@pytest.mark.parametrize("page", pages().values(), ids=lambda page: page.code)
def test_a_page_says_what_is_wrong_and_a_way_out(page: Page):
    assert page.title
    assert page.text.split("\n\n")[0]
    assert page.text.split("\n")[-1].startswith("Instead: ")


def test_a_page_has_an_example_unless_it_takes_more_than_a_text():
    without = {page.code for page in pages().values() if not page.example}
    assert without == SEEN_ELSEWHERE | NEEDS_A_COMMAND | NEEDS_A_FILE


@pytest.mark.parametrize(
    "page", [page for page in pages().values() if page.example], ids=lambda page: page.code
)
def test_the_example_has_the_error_and_no_other(page: Page):
    found = archdsl.check(page.spec).diagnostics
    errors = {f.code for f in found if f.code[0] != "P"}
    assert errors == {page.code}
