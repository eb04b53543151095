"""Places of texts: counted as the protocol does, and followed while somebody types."""

from __future__ import annotations

from random import Random

import pytest
from lsprotocol import types

from archdsl.lsp.drift import Drift
from archdsl.lsp.positions import Positions

TEXTS = (
    "",
    "a",
    "ab\ncd\n",
    "é\r\n\U0001f600x\ry\n",
    "\u2028a\x0bb\nc",
    "x\n\n\U0001f600\U0001f600",
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
@pytest.mark.parametrize("text", TEXTS)
def test_positions_are_those_of_the_encoded_lines(text, encoding):
    positions = Positions(text, encoding)
    unit = {"utf-8": 1, "utf-16": 2, "utf-32": 4}[encoding]
    codec = encoding if unit == 1 else f"{encoding}-le"
    line, start = 0, 0
    for offset, character in enumerate(text):
        column = len(text[start:offset].encode(codec)) // unit
        assert positions.position(offset) == types.Position(line, column)
        assert positions.offset(types.Position(line, column)) in (offset, offset - 1)
        is_break = character == "\n" or (
            character == "\r" and text[offset + 1 : offset + 2] != "\n"
        )
        line, start = (line + 1, offset + 1) if is_break else (line, start)


def test_a_position_behind_a_line_or_the_text_is_its_end():
    positions = Positions("ab\r\ncd")
    assert positions.offset(types.Position(0, 99)) == 2
    assert positions.offset(types.Position(9, 0)) == 6


def test_what_was_not_typed_over_keeps_its_place():
    random = Random(0)
    for _ in range(300):
        old = "".join(random.choice("ab\n") for _ in range(random.randrange(12)))
        at = random.randrange(len(old) + 1)
        gone = random.randrange(len(old) - at + 1)
        new = old[:at] + random.choice(["", "a", "xyz"]) + old[at + gone :]
        drift = Drift(old, new)
        lost = [offset for offset in range(len(old)) if drift.span(offset, offset + 1) is None]
        assert len(lost) <= gone
        for start in range(len(old) + 1):
            for end in range(start, len(old) + 1):
                place = drift.span(start, end)
                assert place is None or new[place[0] : place[1]] == old[start:end]
