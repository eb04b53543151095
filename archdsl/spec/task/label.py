from collections.abc import Mapping
from typing import ClassVar

from archdsl.spec.data import Data
from archdsl.spec.fields import Count, called, known_as
from archdsl.spec.task import Answer, Labelled


class Label(Labelled):
    """``label(labels)``: one score for each label, of which any number may be right."""

    elsewhere: ClassVar[Mapping[str, str]] = known_as(
        "multilabel multi_label multilabel_classification multi_label_classification tag tags"
    )
    synonyms: ClassVar[Mapping[str, str]] = called(
        labels="num_labels n_labels classes num_classes tags"
    )
    positional: ClassVar[tuple[str, ...]] = ("labels",)
    answer: ClassVar[Answer] = Answer.LABELS
    judged_by: ClassVar[tuple[str, ...]] = ("f1", "loss")
    objective: ClassVar[tuple[str, str]] = ("maximize", "f1")
    example: ClassVar[str] = "label(20)"
    asks_for: ClassVar[str] = "Labels, any of which may be right"
    adjustable: ClassVar[bool] = True
    scores: ClassVar[bool] = True
    labels: Count

    @classmethod
    def aim(cls, width: int) -> str:
        return f"{width:,} label{'s' * (width > 1)}, any of which may be right"

    def __str__(self) -> str:
        return f"label({self.labels})"

    def width(self, data: Data) -> int:
        return self.labels

    def names(self) -> dict[str, int]:
        return {"labels": self.labels}
