"""The random specs say all there is to say in the language."""

from __future__ import annotations

from collections import Counter

import pytest

from archdsl.source import Source
from archdsl.syntax import nodes as ast
from archdsl.syntax.parser import parse
from tests.property.authoring import spec
from tests.property.recipes import all_recipes
from tests.property.test_valid_specs import SPECS
from tests.property.words import all_words, used, walk

SOME = 600
LEAST = {SOME: 1, SPECS: 8}  # specs that use a word


@pytest.fixture(scope="module", params=[SOME, pytest.param(SPECS, marks=pytest.mark.slow)])
def texts(request: pytest.FixtureRequest) -> list[str]:
    return [spec(seed).text for seed in range(request.param)]


def test_every_word_is_in_several_specs(texts):
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(used(text))
    assert {word: counts[word] for word in all_words() if counts[word] < LEAST[len(texts)]} == {}


def test_every_kind_of_data_is_in_many_specs(texts):
    for kind in ("image", "volume", "series", "tokens", "table", "graph"):
        assert sum(f"data {kind}(" in text for text in texts) > len(texts) / 12, kind


def test_every_form_of_the_language_is_in_several_specs(texts):
    found: Counter[str] = Counter()
    for text in texts:
        found.update({type(node).__name__ for node in walk(parse(Source(text)).items)})
    forms = (ast.Flow, ast.Choice, ast.Range, ast.Binary, ast.Attribute, ast.Text, ast.Let)
    clauses = (ast.Require, ast.Allow, ast.Objective, ast.Clause, ast.Block, ast.Parameter)
    assert min(found[form.__name__] for form in (*forms, *clauses)) > len(texts) / 100


def test_special_calls_and_shared_blocks_are_in_several_specs(texts):
    for word in ("when(", "each(", "pick(", "shared block ", " * (", "else="):
        assert sum(word in text for text in texts) > len(texts) / 100, word


def test_every_recipe_is_for_a_word_or_a_kind_that_exists():
    kinds = {"image", "volume", "sequence", "tokens", "vector", "nodes"}
    assert all(set(recipe.kinds) <= kinds for recipe in all_recipes())
