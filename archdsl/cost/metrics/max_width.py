"""``max_width``"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archdsl.cost.metric import Metric
from archdsl.cost.widths import ExtremeWidth

if TYPE_CHECKING:
    from archdsl.cost.compose import Composition


@dataclass(frozen=True)
class MaxWidth(Metric):
    """Channels of the widest weighted layer before the head."""

    synonyms = ("width",)

    @property
    def compositions(self) -> tuple[Composition, ...]:
        return (ExtremeWidth(widest=True),)

    def value(self, *totals: tuple[int, ...]) -> int:
        ((width,),) = totals
        return width
