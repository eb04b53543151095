from collections.abc import Mapping
from typing import ClassVar

from archdsl.spec.data import Data
from archdsl.spec.fields import known_as
from archdsl.spec.outcome import WrongOutput
from archdsl.spec.task import Answer, Per, Task
from archdsl.types import TensorType, Tokens, said


class NextToken(Task):
    """``next_token()``: at each position, one score for each token that could come next."""

    elsewhere: ClassVar[Mapping[str, str]] = known_as(
        "language_model language_modeling lm causal_lm generate"
    )
    answer: ClassVar[Answer] = Answer.TOKEN
    judged_by: ClassVar[tuple[str, ...]] = ("loss",)
    example: ClassVar[str] = "next_token()"
    asks_for: ClassVar[str] = "Predict each next token"
    scores: ClassVar[bool] = True

    @classmethod
    def aim(cls, width: int) -> str:
        return "the next token to predict"

    def __str__(self) -> str:
        return "next_token()"

    @classmethod
    def written(cls, width: str) -> str:
        return "next_token()"

    def unit(self, data: Data) -> Per:
        return "token"

    def looks_back(self) -> bool:
        return True

    def subject(self, data: Data) -> Data:
        """The tokens that are predicted: the input named, else the only one of tokens."""
        several = data.inputs()
        tokens = [one for one in several.values() if isinstance(one.tensor(), Tokens)]
        return several[self.of] if self.of in several else next(iter(tokens), data)

    def width(self, data: Data) -> int:
        return self.subject(data).names()["vocab"]

    def outputs(self, data: Data) -> TensorType | WrongOutput:
        texts = [name for name, one in data.inputs().items() if isinstance(one.tensor(), Tokens)]
        if len(texts) > 1 and self.of is None:
            return WrongOutput(
                "E448",
                f"`next_token()` predicts one input, and {len(texts)} are tokens: "
                + ", ".join(f"`{name}`" for name in texts),
                needed=f"`next_token(of={texts[-1]})`, or another of them",
            )
        if self.per not in (None, "token"):
            return WrongOutput(
                "E441",
                f"`next_token()` has an answer for each token, none for each {self.per}",
                needed="no `per`",
            )
        if isinstance(self.subject(data).tensor(), Tokens):
            return super().outputs(data)
        return WrongOutput(
            "E441",
            f"`next_token()` needs tokens, the data is {said(self.subject(data).tensor())}",
            needed="`data tokens(length, vocab=…)`",
        )
