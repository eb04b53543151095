"""Whatever is done to a spec, the answer is a tree or errors with codes."""

from __future__ import annotations

import time
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from archdsl.diagnostics import SpecError
from archdsl.source import Source
from archdsl.syntax.format import format_source
from archdsl.syntax.mistakes import CODES
from archdsl.syntax.parser import parse, parse_tolerant
from tests.syntax.texts import Author, joined, random_text

SPEC = """\
block cell(width, f=relu) {
  let a = x -> conv(width, 3, bias=false) -> f   # first
  return add(a, x -> when(x.shape == a.shape, identity, else=conv(width, 1)))
}
arch Net {
  data  image(3, 32, 32, samples=50_000)
  let width = 16 to 64 by 16
  require memory(training) <= 24 GiB, "one card"
  allow overcapacity because "augmented"
  model {
    let y = x -> 3 * cell(width | 8)
    return y -> linear(classes)
  }
}
"""
PIECES = [
    *"(){}[]=,;:.|*/^-+<>!\"'#\\\n \t@é\0\ufeff\ud800",
    *["->", "//", "==", "let ", "return ", "model", "block ", "arch ", "to ", "by ", "use "],
    *["def f():", "24GB", "1_0", "9" * 30, "a" * 80, "else ", "\r", "\r\n", "data x(", "shared "],
]


def mutated(text: str, random: Random) -> str:
    for _ in range(random.randint(1, 4)):
        at = random.randrange(len(text) + 1)
        cut = random.choice([0, 0, 1, 1, 2, 8, 40])
        text = text[:at] + random.choice(["", *PIECES]) + text[at + cut :]
    return text


def codes_of(function, argument) -> list[str]:
    try:
        function(argument)
    except SpecError as error:
        return [d.code for d in error.diagnostics]
    return []


@settings(max_examples=600, deadline=None)
@given(st.integers(0, 2**32))
def test_a_mutated_spec_is_a_tree_or_errors_with_codes(seed):
    random = Random(seed)
    text = mutated(SPEC if seed % 2 else random_text(random), random)
    source = Source(text)
    start = time.process_time()
    file, errors = parse_tolerant(source)
    assert time.process_time() - start < 1
    assert file is not None or errors
    for error in errors:
        assert error.code in CODES
        assert error.span is not None
        assert 0 <= error.span.start <= error.span.end <= len(text)
        for edit in error.fix.edits if error.fix else ():
            assert 0 <= edit.span.start <= edit.span.end <= len(text)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32))
def test_formatting_a_broken_spec_raises_what_parsing_it_raises(seed):
    text = mutated(SPEC, Random(seed))
    _, errors = parse_tolerant(Source(text))
    assert codes_of(format_source, text) == [d.code for d in errors]


def test_a_spec_cut_off_anywhere_is_a_tree_or_errors_with_codes():
    for end in range(len(SPEC)):
        assert set(codes_of(parse, Source(SPEC[:end]))) <= set(CODES)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32))
def test_one_dropped_token_never_raises_anything_else(seed):
    random = Random(seed)
    tokens = Author(random).file()
    if tokens:
        del tokens[random.randrange(len(tokens))]
    assert set(codes_of(parse, Source(joined(tokens, random)))) <= set(CODES)
