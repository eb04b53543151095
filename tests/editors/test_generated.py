"""What editors know of the words of the language is what the grammar says."""

from __future__ import annotations

import json
import re

import pytest

from archdsl.api import check
from archdsl.source import Source
from archdsl.syntax.parser import parse
from editors.generate import files
from tests.architecture.sources import ROOT

SNIPPETS = json.loads((ROOT / "editors/vscode/snippets/arch.json").read_text(encoding="utf-8"))
_ITEMS = ("arch", "block", "block{", "residual", "shared", "function", "device", "use")
_FIELD = re.compile(r"\$\{\d+:([^{}]*)\}|\$\d+")


@pytest.mark.parametrize(
    ("path", "text"), files().items(), ids=lambda part: getattr(part, "name", "")
)
def test_no_copy_of_the_words_is_stale(path, text):
    assert path.read_text(encoding="utf-8") == text, "run python -m editors.generate"


@pytest.mark.parametrize("snippet", SNIPPETS.values(), ids=SNIPPETS)
def test_each_snippet_as_it_is_inserted_parses(snippet):
    text = _FIELD.sub(lambda field: field[1] or "", "\n".join(snippet["body"]))
    assert "$" not in text
    whole = text if snippet["prefix"] in _ITEMS else f"arch A {{\n{text}\n}}"
    parse(Source(whole))


def test_the_snippet_of_an_architecture_checks_clean():
    body = SNIPPETS["Architecture of images"]["body"]
    report = check(_FIELD.sub(lambda field: field[1] or "", "\n".join(body)) + "\n")
    assert [finding.code for finding in report.diagnostics] == []
