"""What a rule's page says Instead of its Example no longer breaks the rule."""

from __future__ import annotations

import re

import pytest

import archdsl
from archdsl.explain.rules import body, example
from archdsl.rules.catalog import all_rules, find
from archdsl.rules.config import Config
from archdsl.terms import Terms

AROUND = {  # what stands around the layers that the page speaks of
    "P106": ("embedding(64) -> ", ""),
    "P302": ("embedding(384) -> ", ""),
    "P404": ("", " -> relu -> linear(10)"),
    "P707": ("", " -> relu -> linear(10)"),
}
NOT_A_MODEL = re.compile(
    r"^(require|arch|data|train|augment|batch|let|inverted|depthwise|bottleneck)\b"
)
NO_MODEL = {"P202", "P406", "P601", "P602", "P603", "P604", "P706"}  # whose Instead is none
NO_WAY = {"P107", "P109", "P401", "P501", "P704", "P711"}  # whose Instead is words, or is cut short
TRAINED = {
    "P901",
    "P902",
    "P903",
    "P904",
    "P907",
    "P908",
    "P909",
}  # whose Instead is a `train` clause
NOT_ENOUGH = {"P405"}  # whose Instead is better, and still sees less than half of 224×224
CODES = {rule.code for rule in all_rules()}


def instead(code: str) -> str:
    """The first model (or ``train`` clause) between backquotes in what a page says Instead."""
    rule = find(code)
    assert rule is not None
    text = re.search(r"^Instead: (.*?)(?=\n\n|\Z)", body(rule), re.DOTALL | re.MULTILINE)
    assert text is not None, f"{code} says no Instead"
    pieces = [" ".join(piece.split()) for piece in re.findall(r"`([^`]*)`", text[1])]
    if code in TRAINED:
        return next(piece for piece in pieces if piece.startswith("train "))
    return next(piece for piece in pieces if not NOT_A_MODEL.match(piece))


def mended(code: str) -> str:
    """The Example of a page with that model in place of its own."""
    rule = find(code)
    assert rule is not None
    if code in TRAINED:
        return re.sub(r"\btrain .*$", instead(code), example(rule).spec, flags=re.MULTILINE)
    before, after = AROUND.get(code, ("", ""))
    clauses = re.sub(r"^  model .*\Z", "", example(rule).spec, flags=re.DOTALL | re.MULTILINE)
    model = instead(code)
    names = "" if "  task" in clauses else "  let classes = 10\n  let targets = 1\n"
    return f"{clauses}{names}  model = {before}{model}{after}\n}}\n"


@pytest.mark.parametrize("code", sorted(CODES - NO_MODEL - NO_WAY))
def test_what_a_page_says_instead_does_not_break_the_rule(code):
    text = mended(code)
    found = [d.code for d in archdsl.check(text, terms=Terms(Config(select=(code,)))).diagnostics]
    assert found == ([code] if code in NOT_ENOUGH else []), text
