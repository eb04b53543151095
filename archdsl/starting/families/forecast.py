from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.starting.families import Family, Size, body
from archdsl.starting.families.text import chunk

if TYPE_CHECKING:
    from collections.abc import Sequence


class Forecast(Family):
    """A line over the window, and what recurrence adds to it."""

    name = "Forecast"
    lr = "0.01"  # steps of a window are alike, and a line in them is learned slowly
    weight_decay = "0.1"
    usual = Size(16)

    def sizes(self) -> Sequence[Size]:
        return [Size(width) for width in (4, 8, 16)]

    def model(self, size: Size) -> str:
        answer = self.data.classes
        return body(
            f"let line = x -> flatten -> linear({answer})",
            f"let states = x -> {self._shortened(size.width)}gru({size.width}) -> last",
            f"let bend = states -> dropout(0.3) -> linear({answer})",
            "return add(line, bend)",
        )

    def _shortened(self, width: int) -> str:
        each = chunk(self.data["length"])
        if each == 1:
            return ""
        return f"conv({width}, {2 * each - 1}, stride={each}) -> relu -> "

    def why(self) -> str:
        return (
            "a line over the window is hard to beat in forecasting (Zeng et al. 2022, "
            "arXiv:2205.13504), so it is part of the design, and a GRU beside it adds what is not "
            "linear (LSTNet, Lai et al. 2017, arXiv:1703.07015)"
        )

    def shape(self, size: Size) -> str:
        return f"a line and a GRU of width {size.width}"


class LinearForecast(Family):
    """The line alone."""

    name = "LinearForecast"
    lr = "0.01"

    def sizes(self) -> Sequence[Size]:
        return [Size(1)]

    def model(self, size: Size) -> str:
        return f"model = flatten -> linear({self.data.classes})"

    def why(self) -> str:
        return (
            f"{self.data.samples:,} samples feed no recurrence; a line over the window is hard to "
            "beat in forecasting (Zeng et al. 2022, arXiv:2205.13504)"
        )

    def shape(self, size: Size) -> str:
        return "a weight for each number of the window"
