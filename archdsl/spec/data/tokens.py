from collections.abc import Mapping
from typing import ClassVar

from archdsl import types
from archdsl.spec.data import Data
from archdsl.spec.fields import Count, called, known_as


class Tokens(Data):
    """``tokens(length, vocab=)``: ids of words, bytes or other symbols, all below ``vocab``."""

    elsewhere: ClassVar[Mapping[str, str]] = known_as("text words language token")
    synonyms: ClassVar[Mapping[str, str]] = called(
        length="seq_len sequence_length max_len max_length context",
        vocab="vocab_size vocabulary num_embeddings num_tokens",
    )

    positional: ClassVar[tuple[str, ...]] = ("length", "vocab")
    length: Count
    vocab: Count

    def tensor(self) -> types.Tokens:
        return types.Tokens(self.length, self.vocab)

    def names(self) -> dict[str, int]:
        return {"vocab": self.vocab}

    def positions(self, per: str) -> int:
        return self.length if per == "token" else 1
