"""The grammars for gbnf, xgrammar, openai and llguidance: what they read, and what they let a model
write."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from random import Random

import pytest
from llguidance import LLMatcher

from archdsl.explain.names import names
from archdsl.ops import catalog
from archdsl.syntax.export import engines, export_for, grammar_for
from archdsl.syntax.grammar import grammar_text
from tests.syntax import engines as readers
from tests.syntax.engines import parses
from tests.syntax.gbnf import Author, Gbnf

SPECS = sorted((Path(__file__).parents[2] / "specs").rglob("*.arch"))
SMALL = sorted(SPECS, key=lambda path: path.stat().st_size)[:40:8]
DECODED = [engine for engine in engines() if export_for(engine).closable]


@cache
def grammar(engine: str, closed: bool = False) -> str:
    return grammar_for(engine, names() if closed else None)


def accepts(engine: str, text: str, closed: bool = False) -> bool:
    written = grammar(engine, closed)
    if engine == "gbnf":
        return readers.gbnf_accepts(text, written)
    if engine == "xgrammar":
        pytest.importorskip("xgrammar")
        return readers.xgrammar_accepts(text, written)
    return readers.llguidance_accepts(text, written)


def written(engine: str, seed: int, closed: bool) -> str:
    text, random = grammar(engine, closed), Random(seed)
    if engine == "gbnf":
        return readers.gbnf_text(random, text)
    if engine == "xgrammar":
        pytest.importorskip("xgrammar")
        return readers.xgrammar_text(random, text)
    return readers.llguidance_text(random, grammar=text)


def test_there_is_a_grammar_for_each_tool():
    assert engines() == ("gbnf", "lark", "llguidance", "openai", "xgrammar")
    with pytest.raises(ValueError, match=r"no grammar for 'yacc'; known: gbnf, lark"):
        grammar_for("yacc")


@pytest.mark.parametrize("engine", DECODED)
def test_formatted_specs_are_read(engine):
    specs = SMALL if engine == "gbnf" else SPECS[::20]
    assert [path.name for path in specs if not accepts(engine, path.read_text())] == []


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["openai", "xgrammar", "gbnf"])
def test_every_formatted_spec_is_read(engine):
    specs = SPECS[::6] if engine == "gbnf" else SPECS
    assert [path.name for path in specs if not accepts(engine, path.read_text())] == []


@pytest.mark.parametrize("closed", [False, True])
def test_random_texts_of_the_rules_parse(closed):
    rules = Gbnf(grammar("gbnf", closed))
    author = Author(rules, Random(0), brief=0.6)
    texts = {author.text() for _ in range(100)}
    assert [text for text in texts if not parses(text)] == []
    assert len(texts) > 30


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize("engine", DECODED)
def test_what_an_engine_writes_parses(engine, closed):
    number = (2 if closed else 20) if engine == "gbnf" else (5 if closed else 50)
    texts = [written(engine, seed, closed) for seed in range(number)]
    assert [text for text in texts if not parses(text)] == []
    assert len(set(texts)) > number * 0.9


def test_the_dialect_of_openai_ignores_nothing_and_looks_nowhere():
    for closed in (False, True):
        text = grammar("openai", closed)
        assert not [word for word in ("%", "(?", "*?", "+?/", "$") if f"\n{word}" in text]
        assert "(?" not in text
        assert LLMatcher.validate_grammar(LLMatcher.grammar_from_lark(text)) == ""


def test_rules_of_gbnf_do_not_begin_with_themselves():
    rules = Gbnf(grammar("gbnf")).rules
    firsts = {n: {o[0] for o in os if o and isinstance(o[0], str)} for n, os in rules.items()}
    for name in rules:
        reached, left = set(), [name]
        while left:
            new = firsts[left.pop()] - reached
            reached |= new
            left += new
        assert name not in reached, name


CLOSED = "arch A {{ data image(3, 32, 32) task classify(10) model = {} }}"


@pytest.mark.parametrize("engine", ["gbnf", "openai"])
def test_closed_grammars_read_what_exists(engine):
    good = "conv(16, 3, stride=2, bias=false) -> relu -> residual(conv(x.channels, 3)) -> se"
    assert accepts(engine, CLOSED.format(good), closed=True)
    wrong = ("cnov(16, 3)", "conv(16, 3, strides=2)", "conv(16)", "conv(16, 3, bias=maybe)", "rleu")
    assert [one for one in wrong if accepts(engine, CLOSED.format(one), closed=True)] == []
    assert all(accepts("openai", CLOSED.format(one)) for one in wrong)


def test_closed_grammars_have_every_op_and_name_nothing_of_their_own_like_one():
    text = grammar("gbnf", closed=True)
    assert [word for word in catalog.words() if f'"{word}"' not in text] == []
    (own,) = (line for line in grammar_text("closed.lark").splitlines() if line.startswith("OWN:"))
    pool = own[own.index("(") + 1 : own.index(")")].split("|")
    known = names()
    called = {word for calls in known.calls.values() for word in calls}
    alone = {word.strip('"') for words in known.words.values() for word in words}
    assert [word for word in pool if word in called | alone] == []
