from typing import ClassVar

from archdsl import types
from archdsl.spec.data import Data
from archdsl.spec.fields import Count


class Tokens(Data):
    """``tokens(length, vocab=)``: ids of words, bytes or other symbols, all below ``vocab``."""

    positional: ClassVar[tuple[str, ...]] = ("length", "vocab")
    length: Count
    vocab: Count

    def tensor(self) -> types.Tokens:
        return types.Tokens(self.length, self.vocab)

    def names(self) -> dict[str, int]:
        return {"vocab": self.vocab}

    def positions(self, per: str) -> int:
        return self.length if per == "token" else 1
