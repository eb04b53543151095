"""Every rule fires and is silent where its literate test says so."""

from __future__ import annotations

import pytest

from archdsl.rules.catalog import all_rules
from tests.rules.literate import FOLDER, Section, findings, sections, told, untrue


@pytest.mark.parametrize("section", sections(), ids=lambda s: f"{s.slug}: {s.title}")
def test_a_rule_says_what_its_literate_test_says(section: Section) -> None:
    found = findings(section)
    assert told(found) == section.expected
    assert untrue(section, found) == []


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.slug())
def test_every_rule_has_a_section_that_fires_and_one_that_is_silent(rule: type) -> None:
    assert (FOLDER / f"{rule.slug()}.md").exists()
    of_rule = [section for section in sections() if section.slug == rule.slug()]
    assert any(section.expected for section in of_rule)
    assert any(not section.expected for section in of_rule)


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.slug())
def test_every_rule_has_its_page(rule: type) -> None:
    page = rule.__doc__ or ""
    for part in ("What:", "Why:", "Evidence:", "Example:", "Instead:"):
        assert part in page
