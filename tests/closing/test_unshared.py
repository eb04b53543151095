"""Who shares choices that there are not may want to share weights."""

from __future__ import annotations

import pytest

import archdsl
from tests.unjudged import UNJUDGED

SPEC = """\
shared block tower(act) = conv(8, 3) -> act
arch Example {
  data image(3, 32, 32)
  model = tower(relu) -> tower(ACT) -> conv(4, 1)
}
"""


def codes(text: str) -> list[str]:
    """What is said of a text."""
    return [one.code for one in archdsl.check(text, terms=UNJUDGED).diagnostics]


def test_a_shared_block_without_choices_is_told_and_a_block_in_the_fix():
    text = SPEC.replace("ACT", "gelu")
    assert codes(text) == ["W520"]
    fixed = archdsl.fix(text, terms=UNJUDGED).text
    assert fixed == text.removeprefix("shared ")


@pytest.mark.parametrize(
    "text",
    [
        SPEC.replace("ACT", "gelu | relu"),
        SPEC.replace("ACT", "gelu").replace("conv(8, 3)", "conv(8, 1 | 3)"),
        SPEC.replace("ACT", "gelu").replace("shared ", ""),
    ],
    ids=["a choice handed to it", "a choice in it", "not shared"],
)
def test_other_blocks_are_left_alone(text):
    assert "W520" not in codes(text)
