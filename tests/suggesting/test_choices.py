"""Designs that differ from a rejected one in one choice."""

from __future__ import annotations

from archdsl.examine import Judging
from archdsl.resolve.loading import load
from archdsl.source import Source
from archdsl.suggesting.choices import neighbours

SPEC = """\
arch Net {
  data image(3, 32, 32)
  let depth = 2 | 4 | 12 | 24 | 30
  model = depth * (conv(16, 3, bias=false) -> batch_norm -> (relu | gelu)) -> global_avg_pool
}
"""


def judging() -> Judging:
    return Judging(load(Source(SPEC)).program())


def design(depth: int) -> dict:
    return {"depth": depth, "choice": "relu"}


def test_other_values_that_pass_are_told_the_nearest_first():
    found = neighbours(judging(), design(24))
    assert [one.title for one in found] == ["`depth=12`", "`depth=4`", "`depth=2`"]
    assert found[0].design == {"depth": 12, "choice": "relu"}


def test_a_design_that_passes_needs_none():
    assert neighbours(judging(), design(4)) is None
