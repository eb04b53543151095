"""The Pygments lexer reads words as the parser does, colours them by what they are, and stands
where Pygments looks for it."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from random import Random

import pytest
from pygments.token import Comment, Error, Keyword, Name, Number, Operator, String

from archdsl.highlighting import CONSTANTS, ArchLexer, words_of
from archdsl.resolve.lower_values import CONSTANTS as VALUES
from archdsl.source import Source
from archdsl.syntax.parser import read
from tests.architecture.sources import ROOT, sources
from tests.syntax.texts import random_text

tomllib = pytest.importorskip("tomllib", reason="Python 3.10 has no reader of TOML")

SPEC = """\
# small
arch Small {
  data  image(3, 32, 32, samples=50_000)
  let data = 16 to 64 by 16
  let (low, high) = 1e-3 to 0.1 log 2
  require memory(training) <= 100 MiB, "one card"
  allow overcapacity because "augmented"
  model = x -> wide: conv(data, 3, bias=false) | thin: relu -> linear(x.channels)
}
"""


def parsed_words(text: str) -> list[tuple[str, str, int]]:
    return [(t.terminal, t.text.strip(), t.start) for t in read(Source(text))[1] if t.text]


def lexed_words(text: str) -> list[tuple[str, str, int]]:
    return [
        (w.terminal, w.text, w.start) for w in words_of(text) if w.terminal not in ("WS", "COMMENT")
    ]


def test_each_spec_is_lexed_into_the_words_that_the_parser_reads():
    files = sources(".arch")[::8]
    assert len(files) > 20
    assert [f.path for f in files if lexed_words(f.text) != parsed_words(f.text)] == []


def test_random_texts_are_lexed_into_the_words_that_the_parser_reads():
    texts = [random_text(Random(seed)) for seed in range(60)]
    assert [text for text in texts if lexed_words(text) != parsed_words(text)] == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("# small", Comment.Single),
        ("arch", Keyword.Declaration),
        ("Small", Name.Class),
        ("image", Name.Function),
        ("samples", Name.Attribute),
        ("50_000", Number),
        ("high", Name),
        ("to", Operator.Word),
        ("log", Operator.Word),
        ("MiB", Keyword.Type),
        ('"one card"', String),
        ("overcapacity", Name.Label),
        ("because", Keyword),
        ("x", Name.Builtin.Pseudo),
        ("wide", Name.Label),
        ("false", Keyword.Constant),
        ("channels", Name.Attribute),
    ],
)
def test_a_word_has_the_colour_of_what_it_is(text, kind):
    assert kind in {k for k, t in ArchLexer().get_tokens(SPEC) if t == text}


def test_a_keyword_is_a_name_where_only_a_name_can_stand():
    kinds = [kind for kind, text in ArchLexer().get_tokens(SPEC) if text == "data"]
    assert kinds == [Keyword, Name.Variable, Name]


def test_parts_of_files_are_read_as_well():
    read = {text: kind for kind, text in ArchLexer().get_tokens("conv(8, 3) -> relu | models")}
    assert read["conv"] == Name.Function
    assert read["relu"] == read["models"] == Name


def test_what_is_no_word_is_an_error_and_nothing_is_lost():
    text = 'arch A { model = conv(8; "open\n}\n'
    tokens = list(ArchLexer().get_tokens(text))
    assert "".join(value for _, value in tokens) == text
    assert {value for kind, value in tokens if kind is Error} == {";", '"'}


def test_the_constants_are_those_of_the_language():
    assert frozenset(VALUES) == CONSTANTS


def test_pygments_is_told_of_the_lexer():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (entry,) = project["entry-points"]["pygments.lexers"].items()
    assert EntryPoint(*entry, "pygments.lexers").load() is ArchLexer
