"""`auto`, as signatures write it, leaves an argument to itself: to be passed on, or chosen."""

from __future__ import annotations

import pytest

import archdsl

MODEL = """
block unit(channels, padding=auto) = conv(channels, 3, stride=2, padding=padding) -> relu
arch A {{
  data image(3, 32, 32)
  task classify(10)
  model = {} -> relu -> flatten -> linear(classes)
}}
"""


@pytest.mark.parametrize(
    ("said", "same_as"),
    [
        ("conv(8, 3, padding=auto)", "conv(8, 3)"),
        ("max_pool(3, stride=auto)", "max_pool(3)"),
        ("unit(8)", "conv(8, 3, stride=2) -> relu"),
        ("unit(8, padding=0)", "conv(8, 3, stride=2, padding=0) -> relu"),
        ("unit(8, padding=auto)", "conv(8, 3, stride=2, padding=1) -> relu"),
        ("conv_bn_act(8, padding=0)", "conv(8, 3, padding=0, bias=false) -> batch_norm -> relu"),
        ("to_sequence -> attention(1, kv_heads=auto)", "to_sequence -> attention(1)"),
    ],
)
def test_it_is_as_if_nothing_was_said(said: str, same_as: str) -> None:
    found, expected = (archdsl.compile(MODEL.format(layers)) for layers in (said, same_as))
    assert (found.params, found.macs) == (expected.params, expected.macs)


def test_it_may_be_chosen() -> None:
    spec = MODEL.format("unit(8, padding=0 | auto)")
    assert archdsl.count(spec).high == 2
    designs = [{"unit.padding": "auto"}, {"unit.padding": 0}]
    params = [archdsl.compile(spec, design=design).params for design in designs]
    assert params == [8 * 28 + 10 * (8 * 16 * 16 + 1), 8 * 28 + 10 * (8 * 15 * 15 + 1)]


@pytest.mark.parametrize(
    "said", ["conv(auto, 3)", "conv(8, 3, stride=auto)", "relu -> linear(auto)"]
)
def test_what_has_to_be_said_is_not_left_to_itself(said: str) -> None:
    (finding,) = archdsl.check(MODEL.format(said)).diagnostics
    assert finding.code == "E201"
