from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.starting.families import Family, Size, Tower
from archdsl.starting.thresholds import FEW_STEPS

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTHS = (8, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512)


class Lstm(Family):
    """One or two LSTM layers over a short sequence."""

    name = "Lstm"
    cell = "lstm"
    usual = Size(64, 2)

    def sizes(self) -> Sequence[Size]:
        return [Size(width, 1 + (width >= 64)) for width in WIDTHS]

    def tower(self, size: Size) -> Tower:
        layers = f", layers={size.depth}, dropout=0.2" if size.depth > 1 else ""
        entry = f"embedding({size.width}) -> " if self.data.kind == "tokens" else ""
        read = f"let states = x -> {entry}{self.cell}({size.width}{layers})"
        return Tower((read,), "states" if self.data.predicts_tokens else "states -> last")

    def why(self) -> str:
        return (
            f"{self.data['length']} steps are few enough for recurrence (P105: up to {FEW_STEPS}), "
            "which reads them in order, shares its weights over time and needs far less data than "
            "attention (P107)"
        )

    def shape(self, size: Size) -> str:
        return f"width {size.width}, {size.depth} layer{'s' * (size.depth > 1)}"


class Gru(Lstm):
    """An LSTM with three quarters of its parameters, for little data."""

    name = "Gru"
    cell = "gru"

    def sizes(self) -> Sequence[Size]:
        return [Size(8), Size(16)]

    def why(self) -> str:
        return f"{super().why()}; a GRU has three quarters of an LSTM's parameters"
