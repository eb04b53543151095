"""archdsl.close"""

from __future__ import annotations

import pytest

import archdsl

SPACE = """\
# A space.

block act() = relu | gelu

arch Space {
  data  table(8)
  task  classify(2)
  let width = 16 | 32
  minimize params
  model = linear(width) -> act -> linear(classes)
}
"""
DESIGN = {"width": 32, "act": "gelu"}


def test_a_closed_spec_compiles_to_the_same_network():
    text = archdsl.close(SPACE, design=DESIGN)
    assert text.splitlines()[:4] == ["# A space.", "", "arch Space {", "  data  table(8)"]
    closed, design = archdsl.compile(text), archdsl.compile(SPACE, design=DESIGN)
    assert (closed.design, closed.name) == ({}, "Space")
    assert (closed.params, closed.macs, closed.shapes["output"]) == (
        design.params,
        design.macs,
        design.shapes["output"],
    )


def test_a_closed_spec_is_closed_already():
    text = archdsl.close(SPACE, design=DESIGN)
    assert archdsl.close(text) == text


def test_numbers_stand_above_the_header_whatever_they_are_called():
    metrics = {
        "accuracy": 0.93712345678,
        "params": 1_531_546,
        "latency": archdsl.Quantity(0.0021, "seconds"),
        "memory": archdsl.Quantity(3 << 20, "bytes"),
        "two\nlines": "a\x1bb",
    }
    lines = archdsl.close(SPACE, design=DESIGN, metrics=metrics).splitlines()
    assert lines[:7] == [
        "# accuracy: 0.937123",
        "# params: 1,531,546",
        "# latency: 2.1 ms",
        "# memory: 3 MiB",
        "# two\\x0alines: a\\x1bb",
        "# A space.",
        "",
    ]


@pytest.mark.parametrize("design", [None, {"width": 16}, {**DESIGN, "width": 8}])
def test_what_is_no_design_is_refused(design):
    with pytest.raises(archdsl.SpecError) as refused:
        archdsl.close(SPACE, design=design)
    with pytest.raises(archdsl.SpecError) as uncompiled:
        archdsl.compile(SPACE, design=design)
    assert str(refused.value) == str(uncompiled.value)
