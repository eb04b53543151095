"""Every principle is asked of every op and block, whatever kind of data they are for."""

from __future__ import annotations

import re

import pytest

import archdsl
from archdsl.ops import catalog
from archdsl.resolve.blocks import library
from tests.property.words import all_words

TASKS = ("classify(3)", "regress(1, per=graph)", "classify(3, per=token)")


@pytest.mark.slow
@pytest.mark.parametrize("task", [None, *TASKS])
def test_no_principle_breaks_off_on_the_example_of_a_word(task):
    for word in all_words():
        text = _example(word)
        if task is not None:
            text = text.replace("\n  model", f"\n  task {task}\n  model", 1)
        codes = {found.code for found in archdsl.check(text).diagnostics}
        assert "E902" not in codes, text


def _example(word: str) -> str:
    """A spec around a word's example."""
    op = catalog.find(word)
    if op is not None:
        model, data = op.example, getattr(op, "example_data", "image(3, 32, 32)")
    else:
        page = library()[word].read_text(encoding="utf-8")
        model = _said(page, "example") or word
        data = _said(page, "data") or "image(3, 32, 32)"
    body = model if model.startswith("{") else f"= {model}"
    return f"arch Example {{\n  data {data}\n  model {body}\n}}\n"


def _said(page: str, label: str) -> str:
    return "".join(re.findall(rf"^#\s*{label}:\s*(.*)$", page, re.MULTILINE)[:1])
