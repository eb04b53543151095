"""docs/rules says what the rules and their tests say; `make docs` writes it anew."""

from __future__ import annotations

import pytest

from tests.rules.pages import FOLDER, Entry, entries, written


@pytest.mark.parametrize("name", written())
def test_a_page_is_up_to_date(name: str):
    path = FOLDER / name
    assert path.exists(), "run `make docs`"
    assert path.read_text(encoding="utf-8") == written()[name](), "run `make docs`"


def test_there_is_no_page_of_a_rule_that_is_gone():
    assert {path.name for path in FOLDER.glob("*")} == written().keys()


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.rule.slug())
def test_a_rule_is_proven_on_a_space_whose_designs_all_break_it(entry: Entry):
    assert entry.on_spaces == "proven"
