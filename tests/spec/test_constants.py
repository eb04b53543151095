"""Numbers with units."""

from __future__ import annotations

import pytest

from archdsl.source import Source, Span
from archdsl.spec.constants import UNITS, Quantity, number
from archdsl.syntax.nodes import Number


def literal(text: str, unit: str | None = None):
    value = float(text) if "." in text or "e" in text else int(text)
    return number(Number(value, unit, text, Span(Source(text), 0, len(text))))


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("7", None, 7),
        ("1e3", None, 1000.0),
        ("1.5", "M", 1_500_000),
        ("1_281_167", None, 1_281_167),
        ("0.0005", "k", 0.5),
        ("153_600", "B", Quantity(153_600, "bytes")),
        ("24", "GiB", Quantity(24 * 2**30, "bytes")),
        ("1.5", "KiB", Quantity(1536, "bytes")),
        ("1", "TB", Quantity(10**12, "bytes")),
        ("30", "ms", Quantity(0.03, "seconds")),
        ("20", "us", Quantity(20e-6, "seconds")),
        ("2", "s", Quantity(2, "seconds")),
    ],
)
def test_a_unit_scales_exactly(text, unit, value):
    found = literal(text, unit)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("unit", UNITS)
def test_whole_results_are_ints_up_to_the_largest_literal(unit):
    found = literal("9" * 18, unit)
    exact = found.value if isinstance(found, Quantity) else found
    scaled = int("9" * 18) * UNITS[unit].scale
    assert exact == (int(scaled) if scaled == int(scaled) else float(scaled))
