"""Text brought into the width there is, and nothing of it lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archdsl.rendering.escape import width
from archdsl.rendering.fitting import LEAST, beside, page, wrapped

WORDS = st.text(st.sampled_from("ab(,=.×\u5927…"), min_size=1, max_size=60)
TEXTS = st.lists(WORDS, min_size=1, max_size=30).map(" ".join)


@given(TEXTS, st.integers(LEAST, 120), st.integers(0, 12))
def test_lines_fit_and_say_the_same(text, columns, hang):
    lines = wrapped(text, columns, " " * hang)
    assert "".join("".join(lines).split()) == "".join(text.split())
    if columns - hang >= LEAST:
        assert all(width(line) <= columns for line in lines)


@given(TEXTS)
def test_without_a_width_nothing_is_broken(text):
    assert wrapped(text, None) == [text]
    assert page(text, None) == text


def test_a_word_that_is_too_long_is_cut_behind_a_sign():
    assert wrapped("position_embedding(positions=512)", 26, "    ") == [
        "position_embedding(",
        "    positions=512)",
    ]


def test_what_goes_on_stands_below_its_beginning():
    rows = [("a", "one two three four five six"), ("bcd", "seven")]
    assert beside(rows, 27, "  ") == [
        "  a    one two three four",
        "       five six",
        "  bcd  seven",
    ]


PAGE = """\
Thresholds, of which there are two here:
  warning = 10
  error = 20

- an item that is long enough to be broken
  and goes on
- another

```arch
model = conv(64, 3) -> relu -> conv(64, 3) -> relu
```

| a table | stays as it is, whatever the width |
"""
FITTED = """\
Thresholds, of which there are
two here:
  warning = 10
  error = 20

- an item that is long enough
  to be broken and goes on
- another

```arch
model = conv(64, 3) -> relu -> conv(64, 3) -> relu
```

| a table | stays as it is, whatever the width |
"""


def test_a_page_keeps_its_lists_its_code_and_its_tables():
    assert page(PAGE, 30) == FITTED
    assert page(PAGE, 100) == PAGE


@pytest.mark.parametrize("columns", [1, LEAST - 1])
def test_what_could_not_be_read_anyway_is_not_broken(columns):
    assert wrapped("some words that are longer", columns) == ["some words that are longer"]
