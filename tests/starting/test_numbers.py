"""Numbers as a spec reads them back."""

from __future__ import annotations

import pytest

from archdsl.starting import numbers


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (16e9, "16 GB"),
        (16 * 2**30, "16 GiB"),
        (2**29, "512 MiB"),
        (141e9, "141 GB"),
        (1234, "1.234 kB"),
    ],
)
def test_a_size_is_written_with_the_unit_that_is_exact(count: float, text: str) -> None:
    assert numbers.size(count) == text


@pytest.mark.parametrize(("seconds", "text"), [(0.1, "100 ms"), (1e-6, "1 us"), (2, "2 s")])
def test_a_time_is_written_with_its_largest_unit(seconds: float, text: str) -> None:
    assert numbers.time(seconds) == text


def test_long_numbers_are_parted() -> None:
    assert numbers.written(50_000) == "50_000"
    assert numbers.written(2708) == "2708"
    assert numbers.said(1_281_167) == "1,281,167"
    assert numbers.said(0.8125) == "0.812"
