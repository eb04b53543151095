from collections.abc import Mapping
from typing import ClassVar

from archdsl.spec.data import Data
from archdsl.spec.fields import Positive, Several, called, known_as
from archdsl.spec.outcome import WrongOutput
from archdsl.spec.task import Answer, Task
from archdsl.types import TensorType


class Embed(Task):
    """``embed(dimension)``: a vector for each sample, which points where those of its class do.

    Vectors are compared by the cosine of their angle; ``temperature`` divides it in the loss, the
    supervised contrastive one (Khosla et al., 2020, arXiv:2004.11362).
    """

    elsewhere: ClassVar[Mapping[str, str]] = known_as(
        "metric_learning embedding retrieval similarity supcon"
    )
    synonyms: ClassVar[Mapping[str, str]] = called(
        dimension="dim embedding_dim embedding_size features width"
    )
    positional: ClassVar[tuple[str, ...]] = ("dimension",)
    answer: ClassVar[Answer] = Answer.VECTOR
    judged_by: ClassVar[tuple[str, ...]] = ("recall_at_1", "loss")
    objective: ClassVar[tuple[str, str]] = ("maximize", "recall_at_1")
    example: ClassVar[str] = "embed(128)"
    asks_for: ClassVar[str] = "Numbers of a vector that tells what is alike"
    adjustable: ClassVar[bool] = True
    compares: ClassVar[bool] = True
    dimension: Several
    temperature: Positive = 0.1

    @classmethod
    def aim(cls, width: int) -> str:
        return f"vectors of {width:,} that tell what is alike"

    def __str__(self) -> str:
        return f"embed({self.dimension})"

    def width(self, data: Data) -> int:
        return self.dimension

    def names(self) -> dict[str, int]:
        return {"dimension": self.dimension}

    def outputs(self, data: Data) -> TensorType | WrongOutput:
        unit = self.unit(data)
        if unit in ("pixel", "token"):
            return WrongOutput(
                "E441",
                f"`embed` compares whole samples, and there is one answer for each {unit}",
                needed="no `per`",
            )
        return super().outputs(data)
