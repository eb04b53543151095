"""The tree-sitter grammar and the compiler's parser read one language."""

from __future__ import annotations

import json
import shutil
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from archdsl.highlighting import words_of
from archdsl.record import Record
from archdsl.source import Source
from archdsl.syntax.bounds import Limits
from archdsl.syntax.parser import parse
from archdsl.syntax.words import KEYWORDS
from editors.generate import terminals
from tests.architecture.sources import sources
from tests.editors.node import run
from tests.editors.tree_sitter_arch import COMPILER, FOLDER, compiled, spans
from tests.property.test_syntax_engines import parses
from tests.syntax.texts import random_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Language, Parser

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(COMPILER is None, reason="there is no C compiler"),
]
TEXTS = 500
COMPARED = ("Call Binary Negation Flow Choice Range Comparison List Index").split()


@pytest.fixture(scope="module")
def language(tmp_path_factory: pytest.TempPathFactory) -> Language:
    return compiled(tmp_path_factory.mktemp("tree-sitter"))


@pytest.fixture(scope="module")
def parser(language: Language) -> Parser:
    from tree_sitter import Parser

    return Parser(language)


def accepts(parser: Parser, text: str) -> bool:
    return not parser.parse(text.encode()).root_node.has_error


def test_each_spec_of_the_repository_parses(parser):
    files = sources(".arch")
    assert len(files) > 250
    assert [f.path for f in files if accepts(parser, f.text) != parses(f.text)] == []
    assert sum(parses(f.text) for f in files) > 250


def test_random_texts_parse(parser):
    texts = [random_text(Random(seed)) for seed in range(TEXTS)]
    assert [text for text in texts if not accepts(parser, text)] == []


def test_broken_texts_are_refused_where_the_parser_refuses_them(parser):
    random = Random(0)
    refused = 0
    for seed in range(TEXTS):
        text = random_text(Random(seed))
        at = random.randrange(len(text) + 1)
        put = random.choice(["", "}", ")", "->", " 4 ", "x", "'"])
        # Half a line break at the very end is the one thing that tree-sitter itself skips.
        broken = (text[:at] + put + text[at + 1 :]).rstrip("\r")
        assert accepts(parser, broken) == parses(broken), broken
        refused += not parses(broken)
    assert TEXTS * 0.2 < refused < TEXTS * 0.9


def test_expressions_are_nested_as_the_parser_nests_them(parser):
    compared = 0
    for seed in range(TEXTS // 2):
        text = random_text(Random(seed)).replace("\u00e9", "e")
        file = parse(Source(text), Limits(nesting=10_000))
        expected = sorted(_ours(file))
        assert spans(parser.parse(text.encode()).root_node) == expected, text
        compared += len(expected)
    assert compared > 2000


def test_the_colours_of_keywords_are_those_of_the_lexer(language, parser):
    from tree_sitter import Query, QueryCursor

    query = Query(language, (FOLDER / "queries" / "highlights.scm").read_text(encoding="utf-8"))
    for file in sources(".arch")[::6]:
        captured = QueryCursor(query).captures(parser.parse(file.text.encode()).root_node)
        keywords = {n.start_byte for k, ns in captured.items() if "keyword" in k for n in ns}
        assert keywords == _keywords(file.text), file.path


@pytest.mark.parametrize("name", ["locals", "folds", "tags"])
def test_each_query_names_what_the_grammar_has(name, language, parser):
    from tree_sitter import Query, QueryCursor

    query = Query(language, (FOLDER / "queries" / f"{name}.scm").read_text(encoding="utf-8"))
    text = b"block b(w) { let a = conv(w) return a }"
    assert QueryCursor(query).captures(parser.parse(text).root_node)


def test_the_generated_parser_has_the_words_of_the_language():
    grammar = json.loads((FOLDER / "src" / "grammar.json").read_text(encoding="utf-8"))
    written = json.dumps(grammar["rules"])
    for name, regex in terminals()["terminals"].items():
        if name != "ws":
            assert grammar["rules"][name]["content"] == {"type": "PATTERN", "value": regex}
    assert [w for w in KEYWORDS.values() if f'"STRING", "value": "{w}"' not in written] == []


@pytest.mark.skipif(shutil.which("tree-sitter") is None, reason="tree-sitter is not installed")
def test_the_generated_parser_is_not_stale_and_reads_its_examples(tmp_path):
    folder = tmp_path / "tree-sitter-arch"
    shutil.copytree(FOLDER, folder)
    run("tree-sitter", "generate", "--no-bindings", cwd=folder)
    grammars = [json.loads((f / "src" / "grammar.json").read_text()) for f in (folder, FOLDER)]
    assert grammars[0]["rules"] == grammars[1]["rules"], "run tree-sitter generate"
    run("tree-sitter", "test", cwd=folder)


def _ours(node: Any) -> Iterator[tuple[str, int, int]]:
    if isinstance(node, tuple):
        for part in node:
            yield from _ours(part)
    elif isinstance(node, Record):
        if type(node).__name__ in COMPARED:
            yield type(node).__name__, node.span.start, node.span.end
        for name in node.field_names:
            if name != "span":
                yield from _ours(getattr(node, name))


def _keywords(text: str) -> set[int]:
    offsets = {w.start for w in words_of(text) if w.terminal in KEYWORDS}
    return {len(text[:start].encode()) for start in offsets}
