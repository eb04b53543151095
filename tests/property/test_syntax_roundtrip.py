"""Formatting never changes what a spec means, and formatting twice is formatting once."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archdsl.record import Record
from archdsl.source import Source, Span
from archdsl.syntax import nodes
from archdsl.syntax.format import expression_text, format_source
from archdsl.syntax.parser import parse
from tests.syntax.texts import Author, joined, plain, random_text

seeds = st.integers(0, 2**32)


def shape(node):
    """A tree without its spans."""
    if isinstance(node, tuple) and not isinstance(node, Span):
        return tuple(shape(part) for part in node)
    if not isinstance(node, Record):
        return None if isinstance(node, Span | Source) else node
    return (type(node).__name__, *(shape(getattr(node, name)) for name in node.field_names))


def tree(text: str):
    return shape(parse(Source(text)).items)


def comments(text: str) -> list[str]:
    return [comment.text.rstrip() for comment in parse(Source(text)).comments]


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(seeds)
def test_formatting_twice_is_formatting_once(seed):
    once = format_source(random_text(Random(seed)))
    assert format_source(once) == once


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(seeds)
def test_formatting_keeps_the_tree_and_every_comment_in_order(seed):
    text = random_text(Random(seed))
    formatted = format_source(text)
    assert tree(formatted) == tree(text)
    assert comments(formatted) == comments(text)


@settings(max_examples=150, deadline=None)
@given(seeds)
def test_the_layout_depends_on_the_tree_alone(seed):
    tokens = Author(Random(seed)).file()
    spread = "\n".join(token.rstrip() for token in tokens)
    assert format_source(plain(tokens)) == format_source(spread)


@settings(max_examples=150, deadline=None)
@given(seeds)
def test_an_expression_on_one_line_reads_back_as_itself(seed):
    random = Random(seed)
    text = f"block f() = {joined(Author(random).expression(4), random)}"
    block = parse(Source(text)).items[0]
    assert isinstance(block, nodes.Block)
    line = expression_text(block.body.result)
    assert "\n" not in line
    again = parse(Source(f"block f() = {line}")).items[0]
    assert isinstance(again, nodes.Block)
    assert shape(again.body.result) == shape(block.body.result)


@settings(max_examples=150, deadline=None)
@given(seeds)
@example(0)
def test_every_span_lies_in_its_parents_and_starts_and_ends_on_text(seed):
    file = parse(Source(random_text(Random(seed))))
    for item in file.items:
        check_spans(item, item.span)


def check_spans(node, around: Span) -> None:
    span = node.span
    assert around.start <= span.start < span.end <= around.end
    assert span.text == span.text.strip()
    for name in node.field_names:
        value = getattr(node, name)
        for part in value if isinstance(value, tuple) and not isinstance(value, Span) else [value]:
            if isinstance(part, Record):
                check_spans(part, span)
