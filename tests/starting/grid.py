"""Descriptions to start from: kinds and sizes of data, samples from few to many, devices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.cost.profiles import shipped
from archdsl.starting.description import Description

if TYPE_CHECKING:
    from collections.abc import Iterator

SAMPLES = (50, 5_000, 200_000, 10_000_000)
DEVICES = (None, *shipped())


def shapes(samples: int) -> Iterator[Description]:
    """One description for each kind and size class."""
    yield Description("image", (3, 32, 32), samples, targets=10)
    yield Description("image", (3, 224, 224), samples, targets=1000 if samples > 10_000 else 10)
    yield Description("volume", (1, 32, 64, 64), samples, targets=2)
    for length in (20, 500, 16_000):
        yield Description("series", (length, 8), samples, targets=5)
    for length in (64, 8_192):
        yield Description("tokens", (length, 8_000), samples, targets=4)
    for length in (64, 1_024, 8_192):
        yield Description("tokens", (length, 1_000), samples, "next_token", 1_000)
    yield Description("table", (20,), samples, "regress")
    yield Description("graph", (32, 2 * samples, 8 * samples), samples, targets=7)
    yield Description("graph", (16, 30, 60), samples, targets=2, many_graphs=True)


def cells() -> list[Description]:
    return [
        Description(**{**vars(shape), "device": device})
        for samples in SAMPLES
        for shape in shapes(samples)
        for device in DEVICES
    ]


def named(data: Description) -> str:
    """``image 3x32x32, 50 samples, t4``"""
    sizes = "x".join(map(str, data.size))
    device = data.device or "no device"
    return f"{data.kind} {sizes}, {data.task}, {data.samples} samples, {device}"
