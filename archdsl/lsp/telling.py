"""Numbers and sizes in few signs, as they stand beside the text of a spec."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from archdsl import types

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

UNITS = ((10**12, "T"), (10**9, "G"), (10**6, "M"), (10**3, "k"), (1, ""))
BYTES = ((2**40, "TiB"), (2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB"), (1, "B"))
FAR = 100  # times as large: two numbers are not told in one unit
WRITTEN = 10**7  # larger counts of designs are told by their power of ten
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def amount(number: int, of: int | None = None) -> str:
    """``25.6M``; in the unit of another number where that stands beside it: ``0.76M``."""
    beside = of if of is not None and 0 < of <= FAR * number else number
    scale, unit = next((s, u) for s, u in UNITS if beside >= s or s == 1)
    return f"{_digits(number / scale)}{unit}"


def span(low: int, high: int) -> str:
    """``9.4k``, or ``0.76M–2.5M`` where they differ."""
    return amount(low) if low == high else f"{amount(low, high)}–{amount(high)}"


def operations(number: int) -> str:
    """``4.1 GMACs``"""
    scale, unit = next((s, u) for s, u in UNITS if number >= s or s == 1)
    return f"{_digits(number / scale)} {unit}MACs"


def size(count: float) -> str:
    """``2.9 GiB``"""
    scale, unit = next((s, u) for s, u in BYTES if count >= s or s == 1)
    return f"{_digits(count / scale)} {unit}"


def designs(number: int) -> str:
    """``36``, ``2.2·10¹⁹``"""
    if number < WRITTEN:
        return f"{number:,}"
    digits, power = f"{Decimal(number):.1e}".split("e+")
    return f"{digits}·10{power.translate(_RAISED)}"


def percent(part: int, whole: int) -> str:
    """``12.5 %``"""
    share = 100 * part / whole
    return f"{share:.1f} %" if share >= 0.1 or not part else "under 0.1 %"


def _digits(number: float) -> str:
    if number == int(number) or number >= 100:
        return f"{number:,.0f}"
    return f"{number:.1f}".removesuffix(".0") if number >= 1 else f"{number:.2g}"


def shape(tensor: types.TensorType) -> str:
    """``64×56×56``; of several results each."""
    if isinstance(tensor, (types.Outputs, types.Inputs)):
        return ", ".join(map(shape, tensor.parts))
    return "×".join(map(str, types.shape(tensor))) or "1"


def shapes(tensors: Iterable[types.TensorType]) -> str:
    """The sizes of what is given here, from the least to the most where they differ."""
    told = list(dict.fromkeys(tensors))
    if len(told) == 1:
        return shape(told[0])
    if any(isinstance(one, (types.Outputs, types.Inputs)) for one in told):
        return " or ".join(map(shape, told)) if len(told) == 2 else "…"
    return _joined([types.shape(one) for one in told])


def _joined(sizes: Sequence[tuple[int, ...]]) -> str:
    if len({len(one) for one in sizes}) > 1:
        return "…"
    axes = [(min(axis), max(axis)) for axis in zip(*sizes, strict=True)]
    return "×".join(str(low) if low == high else f"{low}–{high}" for low, high in axes) or "1"
