from collections.abc import Mapping
from typing import ClassVar

from archdsl.spec.data import Data
from archdsl.spec.fields import Count, called, known_as
from archdsl.spec.task import Answer, Labelled


class Regress(Labelled):
    """``regress(targets)``: numbers to predict."""

    elsewhere: ClassVar[Mapping[str, str]] = known_as("regression forecast forecasting predict")
    synonyms: ClassVar[Mapping[str, str]] = called(
        targets="num_targets n_targets outputs num_outputs"
    )
    positional: ClassVar[tuple[str, ...]] = ("targets",)
    answer: ClassVar[Answer] = Answer.NUMBERS
    judged_by: ClassVar[tuple[str, ...]] = ("rmse", "loss")
    example: ClassVar[str] = "regress(1)"
    asks_for: ClassVar[str] = "Numbers to predict"
    adjustable: ClassVar[bool] = True
    targets: Count = 1

    @classmethod
    def aim(cls, width: int) -> str:
        return f"{width:,} number{'s' * (width > 1)} to predict"

    def __str__(self) -> str:
        return f"regress({self.targets})"

    def width(self, data: Data) -> int:
        return self.targets

    def names(self) -> dict[str, int]:
        return {"targets": self.targets}
