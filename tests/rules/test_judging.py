"""What `allow` clauses accept, and those that accept nothing."""

from __future__ import annotations

import pytest

import archdsl
from archdsl.fixing import Fixing
from archdsl.rules.config import Config
from archdsl.space import trying
from archdsl.terms import Terms

SPEC = """\
arch Net {{
  data  image(3, 32, 32)
  model = {depth} * conv(16, 3, bias=false)
{allows}
}}
"""
ONLY = Terms(Config(select=("P301", "P501")))


def spec(depth: int, *names: str) -> str:
    allows = "\n".join(f'  allow {name} because "so"' for name in names)
    return SPEC.format(depth=depth, allows=allows)


def found(text: str, terms: Terms = ONLY) -> list[str]:
    return [one.code for one in archdsl.check(text, terms=terms).diagnostics]


@pytest.mark.parametrize("name", ["P301", "deep_plain_network"])
def test_a_rule_is_allowed_by_its_code_and_by_its_slug(name):
    assert found(spec(24)) == ["P301"]
    assert found(spec(24, name)) == []


@pytest.mark.parametrize("terms", [Config(ignore=("P301",)), Config(select=("P7",))])
def test_an_allow_of_a_rule_that_does_not_speak_is_not_called_unused(terms):
    assert "W802" not in found(spec(4, "P301"), Terms(terms))


def test_an_allow_that_silences_nothing_goes_with_its_line():
    text = spec(4, "P301")
    done = Fixing(terms=ONLY).run(text)
    assert done.titles == ("remove the clause",)
    assert done.text == archdsl.format(spec(4))
    assert done.report.diagnostics == ()


def test_of_two_clauses_for_one_rule_the_second_silences_nothing():
    text = spec(24, "P301", "deep_plain_network")
    (repeated,) = archdsl.check(text, terms=ONLY).diagnostics
    assert (repeated.code, repeated.span.position.line) == ("W802", 5)
    assert repeated.trail[0].span.position.line == 4
    assert Fixing(terms=ONLY).run(text).text == archdsl.format(spec(24, "P301"))


def test_the_comment_behind_a_clause_goes_with_it():
    text = spec(4, "P301").replace('because "so"', 'because "so"  # as before')
    assert "# as before" in text
    assert Fixing(terms=ONLY).run(text).text == archdsl.format(spec(4))


def test_an_unknown_name_is_put_right_where_that_is_asked_for():
    text = spec(24, "deep_plain_netwrk")
    assert Fixing(terms=ONLY).run(text).titles == ()
    assert Fixing(terms=ONLY, unsafe=True).run(text).text == spec(24, "deep_plain_network")
    (nothing_like_it,) = archdsl.check(spec(4, "xyz"), terms=ONLY).diagnostics
    assert (nothing_like_it.code, nothing_like_it.fix) == ("E801", None)


def test_in_a_space_that_was_only_sampled_the_clause_is_not_safely_removed(monkeypatch):
    monkeypatch.setattr(trying, "WHOLE", 100)
    choices = " -> ".join(["(relu | gelu)"] * 12)
    text = spec(4, "P301").replace("bias=false)", f"bias=false) -> {choices}")
    (unused,) = archdsl.check(text, terms=ONLY).diagnostics
    assert unused.code == "W802"
    assert unused.fix is not None
    assert not unused.fix.safe


@pytest.mark.parametrize("code", ["E301", "W514"])
def test_what_is_no_principle_is_not_allowed(code: str) -> None:
    (told,) = archdsl.check(spec(4, code), terms=ONLY).diagnostics
    assert told.code == "E801"
    assert told.help == f"`{code}` is no principle: it is mended, not allowed"
