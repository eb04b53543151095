"""After a fix the spec parses, is formatted, and what was fixed is gone: for every fix there is."""

from __future__ import annotations

import re

import pytest

import archdsl
from archdsl.diagnostics import Diagnostic, Edit, Fix
from archdsl.explain.errors import Page, pages
from archdsl.fixing import Fixing, _overlap
from archdsl.rules.config import Config
from archdsl.source import Source, Span
from archdsl.terms import Terms
from tests.rules.literate import Section, sections


def whole(spec: str) -> str:
    has_arch = re.search(r"^arch ", spec, flags=re.MULTILINE)
    return spec if has_arch else f"arch Test {{\n{spec}}}\n"


def offered(fixing: Fixing, text: str) -> list[Diagnostic]:
    return [found for found in fixing.check(text).diagnostics if found.fix is not None]


def firing() -> list[tuple[Section, Fixing]]:
    """Every firing section of a literate test whose rule offers a fix there."""
    found = []
    for section in sections():
        fixing = Fixing(terms=Terms(Config(select=(section.slug,))), unsafe=True)
        if section.expected and offered(fixing, whole(section.spec)):
            found.append((section, fixing))
    return found


@pytest.mark.parametrize(
    ("section", "fixing"), firing(), ids=lambda v: v.title if isinstance(v, Section) else ""
)
def test_after_the_fix_of_a_rule_its_finding_is_gone(section: Section, fixing: Fixing):
    text = whole(section.spec)
    done = fixing.run(text)
    assert done.titles
    assert done.text == archdsl.format(done.text)
    assert [found for found in done.report.diagnostics if found.fix is not None] == []
    assert len(done.report.diagnostics) < len(fixing.check(text).diagnostics)


MISTAKES = Fixing(terms=Terms(Config(ignore=("P",))), unsafe=True)


def mistaken() -> list[Page]:
    return [page for page in pages().values() if offered(MISTAKES, page.spec)]


@pytest.mark.parametrize("page", mistaken(), ids=lambda page: page.code)
def test_after_the_fix_of_a_mistake_the_spec_is_right(page: Page):
    done = MISTAKES.run(page.spec)
    assert done.report.ok, done.report
    assert done.text == archdsl.format(done.text)


def test_mistakes_and_rules_offer_fixes():
    assert len(firing()) > 10
    assert len(mistaken()) > 5


def test_fixes_that_touch_wait_for_each_other():
    text = "arch A {\n  data image(3, 32, 32)\n  model = conv(8, 3) -> batch_norm -> linear(4)\n}\n"
    many = text.replace("conv(8, 3) -> batch_norm", " -> ".join(["conv(8, 3) -> batch_norm"] * 3))
    done = Fixing(terms=Terms(Config(select=("P705",))), unsafe=True).run(
        many.replace(" -> linear(4)", "")
    )
    assert done.text.count("bias=false") == 3
    assert done.report.diagnostics == ()


def span(start: int, end: int) -> Span:
    return Span(Source("0123456789"), start, end)


@pytest.mark.parametrize(
    ("one", "other", "touching"),
    [
        ((0, 3), (4, 6), False),
        ((0, 3), (3, 6), True),
        ((2, 2), (2, 2), True),
        ((5, 9), (0, 6), True),
    ],
)
def test_fixes_overlap_where_their_characters_touch(one, other, touching):
    fixes = [Fix("f", (Edit(span(*where), "x"),)) for where in (one, other)]
    assert _overlap(*fixes) is _overlap(*reversed(fixes)) is touching


def test_a_fix_that_does_not_help_is_taken_back(monkeypatch):
    text = "arch A {\n  data table(8)\n  model = linear(4)\n}\n"

    def check(self, checked):
        source = Source(checked, self.name)
        edit = Edit(Span(source, 0, 0), "# so\n")
        found = Diagnostic("E999", "wrong", Span(source, 0, 4), fix=Fix("f", (edit,), safe=True))
        return archdsl.Report((found,))

    monkeypatch.setattr(Fixing, "check", check)
    assert Fixing().run(text)[:2] == (text, ())
