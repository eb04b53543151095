"""The worked numbers of P701, through the evaluator."""

from __future__ import annotations

import pytest

from archdsl.cost import counts
from archdsl.evaluate.designs import sampler
from archdsl.resolve.loading import load
from archdsl.rules.config import Config
from archdsl.rules.craft.wide_late_bottleneck import WideLateBottleneck
from archdsl.source import Source
from tests.rules.literate import judged


def params(model: str) -> int:
    spec = f"arch Test {{\n  data image(256, 14, 14)\n  model = {model}\n}}\n"
    return counts.params(load(Source(spec, "test.arch")).program().evaluate(sampler(0)).graph)


PLAIN = "conv(256, 3, bias=false)"
BOTTLENECK = "conv(64, 1, bias=false) -> conv(64, 3, bias=false) -> conv(256, 1, bias=false)"


def test_a_bottleneck_has_eight_and_a_half_times_fewer_weights() -> None:
    assert params(PLAIN) == 589_824
    assert params(BOTTLENECK) == 69_632
    assert round(589_824 / 69_632, 1) == 8.5


@pytest.mark.parametrize("number", ["589,824", "69,632", "8.5× fewer"])
def test_the_page_and_the_way_out_say_so(number: str) -> None:
    spec = f"data image(256, 14, 14)\nmodel = 51 * residual({PLAIN})\n"
    (finding,) = judged(spec, Config(select=("P701",)))
    assert number in (WideLateBottleneck.__doc__ or "")
    assert number in finding.help
