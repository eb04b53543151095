"""After a fix the spec parses, and what was fixed is gone: for every fix there is."""

from __future__ import annotations

import re

import pytest

import archdsl
from archdsl.diagnostics import Diagnostic, Edit, Fix
from archdsl.edited import apart
from archdsl.examine import TextFindings
from archdsl.explain.errors import pages
from archdsl.fixing import Fixing, lines_changed
from archdsl.rules.config import Config
from archdsl.source import Source, Span
from archdsl.terms import Terms
from tests.rules.literate import sections


def whole(spec: str) -> str:
    has_arch = re.search(r"^arch ", spec, flags=re.MULTILINE)
    return spec if has_arch else f"arch Test {{\n{spec}}}\n"


def offered(fixing: Fixing, text: str) -> list[Diagnostic]:
    report = archdsl.check(text, terms=fixing.terms)
    return [found for found in report.diagnostics if found.fix is not None]


@pytest.mark.slow
def test_after_the_fix_of_a_rule_its_finding_is_gone():
    tried = 0
    for section in sections():
        fixing = Fixing(terms=Terms(Config(select=(section.slug,))), unsafe=True)
        text = whole(section.spec)
        if section.expected and offered(fixing, text):
            refuse_what_is_left(section.title, fixing, text)
            tried += 1
    assert tried > 10


def refuse_what_is_left(title: str, fixing: Fixing, text: str) -> None:
    done = fixing.run(text)
    assert done.titles, title
    if archdsl.format(text) == text:
        assert archdsl.format(done.text) == done.text, title
    left = [found for found in done.report.diagnostics if found.fix is not None]
    assert (title, left) == (title, [])
    assert len(done.report.diagnostics) < len(fixing.check(text).findings), title


MISTAKES = Fixing(terms=Terms(Config(ignore=("P",))), unsafe=True)


@pytest.mark.slow
def test_after_the_fix_of_a_mistake_the_spec_is_right():
    tried = 0
    for page in pages().values():
        if offered(MISTAKES, page.spec):
            done = MISTAKES.run(page.spec)
            assert done.report.ok, f"{page.code}: {done.report}"
            tried += 1
    assert tried > 5


def test_fixes_that_touch_wait_for_each_other():
    text = "arch A {\n  data image(3, 32, 32)\n  model = conv(8, 3) -> batch_norm -> linear(4)\n}\n"
    many = text.replace("conv(8, 3) -> batch_norm", " -> ".join(["conv(8, 3) -> batch_norm"] * 3))
    done = Fixing(terms=Terms(Config(select=("P705",))), unsafe=True).run(
        many.replace(" -> linear(4)", "")
    )
    assert done.text.count("bias=false") == 3
    assert done.report.diagnostics == ()


LAID_OUT_BY_HAND = """\
arch A {
  data image(3,32,32)   # small ones
  task  classify(10)
  model   = conv( 8,3 )->batch_norm->relu
      -> global_avg_pool
      -> linear(3)
}
"""


def test_a_fix_changes_only_the_lines_that_it_has_to():
    done = Fixing(terms=Terms(Config(ignore=("P",))), unsafe=True).run(LAID_OUT_BY_HAND)
    assert done.text == LAID_OUT_BY_HAND.replace("linear(3)", "linear(10)")


def test_a_text_in_canonical_layout_stays_so_where_that_changes_no_other_lines():
    row = "conv(64, 3) -> batch_norm -> relu -> conv(64, 3) -> batch_norm -> relu -> linear(2)"
    text = f"arch A {{\n  data image(3, 32, 32)\n  task classify(9)\n  model = {row}\n}}\n"
    text = archdsl.format(text.replace("linear(2)", "global_avg_pool -> linear(2)"))
    done = MISTAKES.run(text)
    assert done.report.ok
    assert archdsl.format(done.text) == done.text
    assert lines_changed(text, done.text) <= {3, 4, 5}


def test_a_mistake_that_hides_another_is_fixed_together_with_it():
    text = "arch A {\n  data table(8)\n  task classify(10)\n  modle = linear(3)\n}\n"
    report = archdsl.check(text, terms=MISTAKES.terms)
    assert [(found.code, found.fix) for found in report.diagnostics] == [("E104", None)]
    done = MISTAKES.run(text)
    assert done.text == text.replace("modle", "model").replace("(3)", "(10)")
    assert done.report.ok


def test_a_mistake_that_hides_one_without_a_fix_is_left_as_it_is():
    text = "arch A {\n  data table(8)\n  task classify(10)\n  modle = linear(8) -> wat\n}\n"
    assert MISTAKES.run(text)[:2] == (text, ())
    assert "modle" not in MISTAKES._replace(halfway=True).run(text).text


def test_of_more_mistakes_than_are_told_all_are_fixed():
    lets = "".join(f"  lett n{i} = {i}\n" for i in range(50))
    text = f"arch A {{\n  data table(8)\n{lets}  model = linear(2)\n}}\n"
    done = MISTAKES.run(text)
    assert done.text == text.replace("lett", "let")
    assert len(done.titles) == 50


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
    alone = [0] if touching else [0, 1]
    assert apart(fixes) == apart(reversed(fixes)) == alone


def test_a_fix_that_does_not_help_is_taken_back(monkeypatch):
    text = "arch A {\n  data table(8)\n  model = linear(4)\n}\n"

    def check(self, checked):
        source = Source(checked, self.name)
        edit = Edit(Span(source, 0, 0), "# so\n")
        found = Diagnostic("E999", "wrong", Span(source, 0, 4), fix=Fix("f", (edit,), safe=True))
        return TextFindings((found,))

    monkeypatch.setattr(Fixing, "check", check)
    assert Fixing().run(text)[:2] == (text, ())
