"""The compiler's parser and Lark agree: both read a text, as the same tree, or neither does."""

from __future__ import annotations

import re
from itertools import count, islice
from pathlib import Path
from random import Random

import pytest

from archdsl.diagnostics import SpecError
from archdsl.source import Source
from archdsl.syntax.bounds import Limits
from archdsl.syntax.parser import parse
from tests.property.test_syntax_mutation import mutated
from tests.syntax.engines import lark_tree
from tests.syntax.lark_trees import shape_of_larks, shape_of_ours
from tests.syntax.texts import Author, joined, random_text

SPECS = [
    path.read_text(encoding="utf-8")
    for path in sorted((Path(__file__).parents[2] / "specs").rglob("*.arch"))
]
DEEP = Limits(nesting=10_000)  # Lark has no bound on nesting
ROUND = 400  # texts
ROUNDS = range(1, 14)


def text_of(random: Random) -> str:
    """A grammatical text, or one to which something was done."""
    kind = random.randrange(8)
    if kind < 3:
        return random_text(random)
    if kind == 3:
        return without_a_token(random)
    if kind == 4:
        return mutated(random.choice(SPECS)[: random.randrange(200, 2_000)], random)
    return mutated(random_text(random), random)


def is_text(text: str) -> bool:
    """Whether UTF-8 can hold it: halves of broken pairs reach no parser but from Python."""
    return not re.search("[\ud800-\udfff]", text)


def without_a_token(random: Random) -> str:
    """A grammatical text with a token left out, said twice or put elsewhere."""
    tokens = Author(random).file()
    if tokens:
        at, to = random.randrange(len(tokens)), random.randrange(len(tokens))
        moved = tokens[at]
        if random.random() < 0.7:
            del tokens[at]
        if random.random() < 0.5:
            tokens.insert(to, moved)
    return joined(tokens, random)


def ours(text: str) -> tuple | None:
    try:
        return shape_of_ours(parse(Source(text), DEEP))
    except SpecError:
        return None


def larks(text: str) -> tuple | None:
    tree = lark_tree(Source(text).text)  # a byte order mark is no part of it
    return None if tree is None else shape_of_larks(tree)


def compare(number: int) -> None:
    """One round of texts: equal in each, and of both kinds."""
    random = Random(number)
    texts = list(islice(filter(is_text, (text_of(random) for _ in count())), ROUND))
    read = [ours(text) for text in texts]
    assert [t for t, tree in zip(texts, read, strict=True) if tree != larks(t)] == []
    accepted = sum(tree is not None for tree in read)
    assert 0.3 * ROUND < accepted < 0.8 * ROUND


def test_they_agree_on_texts_of_all_kinds():
    compare(0)


@pytest.mark.slow
@pytest.mark.parametrize("number", ROUNDS)
def test_they_agree_on_thousands_of_texts(number: int):
    compare(number)


def test_a_run_of_all_tests_compares_five_thousand_texts():
    assert len(ROUNDS) * ROUND >= 5_000


@pytest.mark.parametrize("text", SPECS, ids=lambda text: text.partition("\n")[0][2:40])
def test_they_agree_on_every_spec_that_ships(text: str):
    tree = ours(text)
    assert tree
    assert tree == larks(text)


def test_neither_is_too_shallow_for_what_the_other_reads():
    deep = f"arch A {{ model = {'(' * 5_000}x{')' * 5_000} }}"
    assert ours(deep) == larks(deep) is not None
