"""Every error code has a page."""

from __future__ import annotations

import re

import pytest

from archdsl.explain.errors import Page, pages
from tests.architecture.sources import sources

CODE = re.compile(r'"([EWV]\d{3})"')


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
