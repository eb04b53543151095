"""``make_divisible`` rounds widths as the models that are published with it do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import archdsl
from archdsl.diagnostics import SpecError
from archdsl.evaluate.arithmetic import FUNCTIONS
from archdsl.source import Source, Span
from tests.peers import import_torchvision

ZOO = Path(__file__).parents[2] / "specs" / "zoo"
NOWHERE = Span(Source(""), 0, 0)
# torchvision's efficientnet_b0 … b7: width, depth, learned numbers
SCALED = [
    (1.0, 1.0, 5_288_548),
    (1.0, 1.1, 7_794_184),
    (1.1, 1.2, 9_109_994),
    (1.2, 1.4, 12_233_232),
    (1.4, 1.8, 19_341_616),
    (1.6, 2.2, 30_389_784),
    (1.8, 2.6, 43_040_704),
    (2.0, 3.1, 66_347_960),
]


def rounded(*values: float) -> int:
    found: int = FUNCTIONS["make_divisible"](list(values), NOWHERE)
    return found


def test_it_rounds_as_torchvision_does() -> None:
    torchvision = import_torchvision()
    theirs = torchvision.models._utils._make_divisible
    widths = [n / 20 for n in range(20_000)]
    assert [rounded(w) for w in widths] == [theirs(w, 8) for w in widths]
    assert [rounded(w, 16) for w in widths] == [theirs(w, 16) for w in widths]
    assert [rounded(w, 3) for w in widths] == [theirs(w, 3) for w in widths]


def test_it_never_takes_more_than_a_tenth_away() -> None:
    assert rounded(11) == 16
    assert rounded(3) == 8
    assert rounded(38.4) == 40


@pytest.mark.parametrize(("width", "depth", "params"), SCALED)
def test_efficientnet_scales_to_its_published_sizes(
    width: float, depth: float, params: int
) -> None:
    text = (ZOO / "efficientnet_b0.arch").read_text(encoding="utf-8")
    call = f"let features = efficientnet(width={width}, depth={depth})"
    text, count = re.subn(r"let features = efficientnet$", call, text, flags=re.MULTILINE)
    assert count == 1
    assert archdsl.compile(text).params == params


@pytest.mark.parametrize(
    ("call", "code"),
    [
        ("make_divisible(30, 0)", "E228"),
        ("make_divisible(30, 1.5)", "E228"),
        ("make_divisible(true)", "E228"),
        ("make_divisible()", "E227"),
        ("make_divisible(1, 2, 3)", "E227"),
    ],
)
def test_what_it_cannot_round_is_refused(call: str, code: str) -> None:
    text = f"arch A {{ data table(4) model = linear({call}) }}"
    with pytest.raises(SpecError) as refused:
        archdsl.compile(text)
    assert [one.code for one in refused.value.diagnostics] == [code]
