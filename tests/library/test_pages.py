"""Every block has a page that can be trusted: a doc, a paper, an example that compiles."""

from __future__ import annotations

import re

import pytest

from archdsl.cost import counts
from archdsl.resolve.blocks import library_block
from archdsl.syntax.format import format_source
from tests.library.pages import NAMES, graph, page

NOT_FROM_A_PAPER = {"conv_bn_act"}


@pytest.mark.parametrize("name", NAMES)
def test_its_example_compiles_and_calls_it(name: str) -> None:
    told = page(name)
    assert re.search(rf"\b{name}\b", told.example)
    assert counts.params(graph(told.example, told.data)) >= 0


@pytest.mark.parametrize("name", NAMES)
def test_its_doc_begins_with_a_sentence_and_names_its_paper(name: str) -> None:
    doc = page(name).doc
    assert re.match(r"[A-Z].*[.,:]?", doc[0])
    assert any(re.search(r"\b(19|20)\d\d\b", line) for line in doc) or name in NOT_FROM_A_PAPER


@pytest.mark.parametrize("name", NAMES)
def test_its_doc_explains_each_parameter_that_has_no_default(name: str) -> None:
    required = [p.name.id for p in library_block(name).parameters if p.default is None]
    doc = "\n".join(page(name).doc)
    assert [parameter for parameter in required if not re.search(rf"\b{parameter}\b", doc)] == []


@pytest.mark.parametrize("name", NAMES)
def test_its_file_is_in_canonical_layout(name: str) -> None:
    text = page(name).text
    assert format_source(text) == text
