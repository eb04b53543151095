"""What one engine writes the others read: the shipped tables, Lark and llguidance agree."""

from __future__ import annotations

from random import Random

import pytest

from tests.syntax.engines import (
    complaint_of_llguidance,
    lark_accepts,
    llguidance_accepts,
    llguidance_text,
    parses,
)
from tests.syntax.texts import random_text

TEXTS = 500


def test_llguidance_accepts_the_grammar():
    assert complaint_of_llguidance() == ""


@pytest.mark.slow
def test_what_llguidance_writes_parses():
    texts = [llguidance_text(Random(seed)) for seed in range(TEXTS)]
    assert [text for text in texts if not parses(text) or not lark_accepts(text)] == []
    assert len(set(texts)) > TEXTS * 0.9


@pytest.mark.slow
def test_what_parses_llguidance_lets_a_model_write():
    texts = [random_text(Random(seed)) for seed in range(TEXTS)]
    refused = [t for t in texts if not (parses(t) and lark_accepts(t) and llguidance_accepts(t))]
    assert refused == []


@pytest.mark.slow
def test_the_engines_agree_on_broken_texts_too():
    random = Random(0)
    for seed in range(TEXTS):
        text = random_text(Random(seed))
        at = random.randrange(len(text) + 1)
        broken = text[:at] + random.choice(["", "}", ")", "->", " 4 ", "x", "'"]) + text[at + 1 :]
        assert parses(broken) == lark_accepts(broken) == llguidance_accepts(broken), broken


def test_lark_finds_no_collision_of_terminals_in_strict_mode():
    pytest.importorskip("interegular", reason="what Lark's strict mode is built on")
    from archdsl.syntax.export import grammar_for
    from archdsl.syntax.generate import lark_parser

    lark_parser(grammar_for("lark"), strict=True)
