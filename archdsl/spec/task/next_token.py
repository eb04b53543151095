from collections.abc import Mapping
from typing import ClassVar

from archdsl.spec.data import Data
from archdsl.spec.fields import known_as
from archdsl.spec.outcome import WrongOutput
from archdsl.spec.task import Per, Task
from archdsl.types import TensorType, said


class NextToken(Task):
    """``next_token()``: at each position, one score for each token that could come next."""

    elsewhere: ClassVar[Mapping[str, str]] = known_as(
        "language_model language_modeling lm causal_lm generate"
    )
    scores: ClassVar[bool] = True

    def __str__(self) -> str:
        return "next_token()"

    def unit(self, data: Data) -> Per:
        return "token"

    def looks_back(self, data: Data) -> bool:
        return True

    def width(self, data: Data) -> int:
        return data.names()["vocab"]

    def outputs(self, data: Data) -> TensorType | WrongOutput:
        if "vocab" in data.names():
            return super().outputs(data)
        return WrongOutput(
            "E441",
            f"`next_token()` needs tokens, the data is {said(data.tensor())}",
            needed="`data tokens(length, vocab=…)`",
        )
