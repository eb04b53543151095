"""The Example of a rule's page breaks the rule, and what it says Instead does not."""

from __future__ import annotations

import re

import pytest

import archdsl
from archdsl.explain.rules import body
from archdsl.rules.catalog import all_rules, find
from archdsl.rules.config import Config
from archdsl.terms import Terms

IMAGES = "image(3, 64, 64, samples=1_000_000)"
DATA = {  # where the page does not say it
    "P108": "graph(16, nodes=20, edges=40, graphs=50_000)",
    "P302": "tokens(64, vocab=100)",
    "P303": "image(64, 32, 32)",
    "P301": "image(64, 64, 64, samples=1_000_000)",
    "P404": "table(64, samples=1_000_000)",
    "P405": "image(3, 224, 224)",
    "P701": "image(256, 32, 32, samples=1_000_000)",
    "P702": "graph(16, nodes=100, edges=400)",
    "P703": "table(20, samples=1_000_000)",
    "P708": "series(100, 8)",
    "P707": "table(64, samples=1_000_000)",
}
AFTER = {"P404": " -> relu -> linear(10)", "P707": " -> relu -> linear(10)"}
BEFORE = {"P106": "embedding(64) -> ", "P302": "embedding(384) -> "}
WORDS = re.compile(r"^(require|arch|data|train|augment|batch|let|inverted|depthwise|bottleneck)\b")
NO_MODEL = {"P202", "P406", "P601", "P602", "P603", "P604", "P706"}  # whose Example is none
NO_WAY = {"P107", "P109", "P401", "P501", "P704"}  # whose Instead is words, or is cut short
NOT_ENOUGH = {"P405"}  # whose Instead is better, and still sees less than half of 224×224


def pieces(code: str, part: str) -> list[str]:
    """What stands between backquotes in a part of a rule's page."""
    rule = find(code)
    assert rule is not None
    text = re.search(rf"^{part}: (.*?)(?=\n\n|\Z)", body(rule), re.DOTALL | re.MULTILINE)
    assert text is not None, f"{code} has no {part}"
    return [" ".join(piece.split()) for piece in re.findall(r"`([^`]*)`", text[1])]


def models(code: str, part: str) -> list[str]:
    """The models among them."""
    return [piece for piece in pieces(code, part) if not WORDS.match(piece)][:1]


def data(code: str) -> str:
    said = [p[5:] for p in pieces(code, "Example") if p.startswith("data ")]
    return said[0] if said else DATA.get(code, IMAGES)


def codes(code: str, model: str) -> list[str]:
    train = [p for p in pieces(code, "Example") if p.startswith("train ")]
    clauses = "\n".join([f"data {data(code)}", *train])
    names = "let classes = 10\nlet targets = 1\n" if re.search("classes|targets", model) else ""
    whole = f"{BEFORE.get(code, '')}{model}{AFTER.get(code, '')}"
    text = f"arch Example {{\n{clauses}\n{names}model = {whole}\n}}\n"
    report = archdsl.check(text, terms=Terms(Config(select=(code,))))
    assert all(found.code.startswith("P") for found in report.diagnostics), (text, str(report))
    return [found.code for found in report.diagnostics]


CODES = [rule.code for rule in all_rules()]


@pytest.mark.parametrize("code", [code for code in CODES if code not in NO_MODEL])
def test_the_example_breaks_the_rule(code):
    (model,) = models(code, "Example")
    assert codes(code, model) == [code]


@pytest.mark.parametrize("code", [code for code in CODES if code not in NO_MODEL | NO_WAY])
def test_what_it_says_instead_does_not(code):
    (model,) = models(code, "Instead")
    assert codes(code, model) == ([code] if code in NOT_ENOUGH else [])
