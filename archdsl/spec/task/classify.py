from collections.abc import Mapping
from typing import ClassVar

from archdsl.spec.data import Data
from archdsl.spec.fields import Count, called, known_as
from archdsl.spec.task import Answer, Labelled


class Classify(Labelled):
    """``classify(classes)``: one score for each class."""

    elsewhere: ClassVar[Mapping[str, str]] = known_as(
        "classification", segment="per=pixel", segmentation="per=pixel", tagging="per=token"
    )
    otherwise: ClassVar[Mapping[str, str]] = dict.fromkeys(
        ("multi_label", "multilabel"), "`label(20)` scores labels of which any may be right"
    )
    synonyms: ClassVar[Mapping[str, str]] = called(classes="num_classes n_classes")
    positional: ClassVar[tuple[str, ...]] = ("classes",)
    answer: ClassVar[Answer] = Answer.CLASS
    judged_by: ClassVar[tuple[str, ...]] = ("error", "loss")
    objective: ClassVar[tuple[str, str]] = ("maximize", "accuracy")
    example: ClassVar[str] = "classify(10)"
    asks_for: ClassVar[str] = "Classes to tell apart"
    adjustable: ClassVar[bool] = True
    scores: ClassVar[bool] = True
    classes: Count

    @classmethod
    def aim(cls, width: int) -> str:
        return f"{width:,} classes"

    def __str__(self) -> str:
        return f"classify({self.classes})"

    def width(self, data: Data) -> int:
        return self.classes

    def names(self) -> dict[str, int]:
        return {"classes": self.classes}
