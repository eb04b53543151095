"""The canonical layout, by example; its laws are in tests/property/test_syntax_roundtrip.py."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent

import pytest

from archdsl.diagnostics import SpecError
from archdsl.source import Source
from archdsl.syntax.format import expression_text, format_source
from archdsl.syntax.parser import parse

PAGE = """\
# ResNet-50 on ImageNet, trained on one 24 GiB GPU
block bottleneck(width, stride=1) {
  let body = x -> conv(width, 1, bias=false) -> batch_norm -> relu
               -> conv(width, 3, stride=stride, bias=false) -> batch_norm -> relu
               -> conv(4 * width, 1, bias=false) -> batch_norm
  let skip = x -> when(x.shape == body.shape, identity,
                       else=conv(4 * width, 1, stride=stride, bias=false) -> batch_norm)
  return add(body, skip) -> relu
}

arch ResNet50 {
  data  image(3, 224, 224, samples=1_281_167, augment=strong)
  task  classify(1000)
  train sgd(batch=32, momentum=0.9, precision=fp32)

  require params <= 26M
  require memory(training) <= 24 GiB
  require latency(mobile_cpu, batch=1) <= 1 s, "has to feel instant"
  allow overcapacity because "strong augmentation"

  model {
    let stem = x -> conv(64, 7, stride=2, bias=false) -> batch_norm -> relu -> max_pool(3, stride=2)
    let layer1 = stem -> 3 * bottleneck(64)
    return layer1 -> global_avg_pool -> linear(classes)
  }
}
"""


def test_the_page_of_the_language_is_in_canonical_layout():
    assert format_source(PAGE) == PAGE


def test_the_example_of_the_grammar_is_in_canonical_layout():
    readme = Path(__file__).parents[2] / "grammar" / "README.md"
    (example,) = re.findall(r"```arch\n(.*?)```", readme.read_text(encoding="utf-8"), re.DOTALL)
    assert format_source(example) == example


def test_whatever_the_blanks_the_layout_is_the_same():
    head, rest = PAGE.split("\n", 1)
    spread = rest.replace("\n\n", "\n").replace("(", "(\n  ").replace(" -> ", "\n->\t")
    assert format_source(f"{head}\n{spread}") == PAGE.replace("\n\n", "\n")


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("((a))", "a"),
        ("(a + b) + c", "a + b + c"),
        ("a + (b + c)", "a + (b + c)"),
        ("(a * b) ^ c", "(a * b) ^ c"),
        ("-(a ^ b)", "-a ^ b"),
        ("(-a) ^ b", "(-a) ^ b"),
        ("a->(b|c)->3*(d->e)", "a -> b | c -> 3 * (d -> e)"),
        ("f( a,b = 1 , )", "f(a, b=1)"),
        ("each(i=1 to 3, g)", "each(i = 1 to 3, g)"),
        ("24GiB + 1.5 M + 1_000 + 30ms", "24 GiB + 1.5M + 1_000 + 30 ms"),
        ("x . shape", "x.shape"),
        ("2 to (4|8) by 2", "2 to (4 | 8) by 2"),
        ("small:16|large : (64)", "small: 16 | large: 64"),
        ("f(w=a:1|2)", "f(w=a: 1 | 2)"),
        ("(a:b|c) -> (d|e:(f -> g))", "a: b | c -> d | e: (f -> g)"),
        ("16 to 256log2|8", "16 to 256 log 2 | 8"),
        ("1e-4 to 1e-1  log", "1e-4 to 1e-1 log"),
        ("2 to 64 log ( 2 )", "2 to 64 log 2"),
        ("2 to 64 log (2k)", "2 to 64 log (2k)"),
        ("2 to 64 log ((a)+1)", "2 to 64 log (a + 1)"),
        ("(1 to 4 log 2)*log", "(1 to 4 log 2) * log"),
        ("f(lr=1e-4 to 1 log,b=2)", "f(lr = 1e-4 to 1 log, b=2)"),
    ],
)
def test_an_expression_has_one_spelling(text, canonical):
    (block,) = parse(Source(f"block f() = {text}")).items
    assert expression_text(block.body.result) == canonical
    assert format_source(f"block f() = {text}") == f"block f() = {canonical}\n"


def test_comments_stay_where_they_belong():
    text = dedent("""\
        # about the file

        # about f
        block f(a) {  # opens
          let b = x -> conv(a, 3)  # the work
                    # a step of its own
                    -> relu
          # before the return
          return b  # the result
          # at the end
        }
        # after it
    """)
    assert format_source(text) == text


def test_a_comment_behind_a_needless_parenthesis_stays_on_its_line():
    assert format_source("block f() = (a)  # why\n") == "block f() = a  # why\n"


def test_blank_lines_are_kept_up_to_one_and_dropped_inside_braces_ends():
    text = "arch A {\n\n\n  let a = 1\n\n\n\n  let b = 2\n\n}\n\n\nblock f() = x\n"
    expected = "arch A {\n  let a = 1\n\n  let b = 2\n}\n\nblock f() = x\n"
    assert format_source(text) == expected


def test_what_is_too_long_is_broken_at_a_hundred_columns():
    calls = ", ".join(f"argument_{i}=conv({i}, stride={i})" for i in range(12))
    names = " | ".join(f"activation_{i}" for i in range(12))
    text = f'arch A {{ let a = f({calls}) let b = {names} require {names} <= {names}, "why" }}'
    assert max(map(len, format_source(text).splitlines())) <= 100


def test_a_source_with_errors_is_not_formatted():
    with pytest.raises(SpecError):
        format_source("block f() = ->\n")


def test_an_empty_source_stays_empty():
    assert format_source("") == ""
    assert format_source("\n\n# only this") == "# only this\n"
    assert format_source("arch A { }") == "arch A {}\n"
