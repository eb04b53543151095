"""The benchmarks run; how fast they say things are is for people to read."""

from __future__ import annotations

import pytest

from benchmarks import cold_start, designs, rules


@pytest.mark.slow
def test_designs_are_rated_beside_torch_and_fvcore() -> None:
    name = designs.NAMES[0]
    assert designs.archdsl_rate(name, seconds=0.01).cold > designs.torch_rate(name, seconds=0.01)


@pytest.mark.slow
def test_a_cold_check_is_rated_beside_the_import_of_torch() -> None:
    (ratio,) = cold_start.ratios(pairs=1)
    assert ratio < 1


def test_rules_are_timed_on_a_graph() -> None:
    assert rules.seconds(rules.generated(100), repeats=1) > 0
