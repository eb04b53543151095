from collections.abc import Mapping
from typing import ClassVar

from archdsl import types
from archdsl.spec.data import Data
from archdsl.spec.fields import Count, Flag, called, known_as


class Tokens(Data):
    """``tokens(length, vocab=)``: ids of words, bytes or other symbols, all below ``vocab``.

    With ``padded=true`` rows are of different lengths, at most ``length``, and padded at their
    ends; the model is given their lengths, and reads nothing of the padding.
    """

    elsewhere: ClassVar[Mapping[str, str]] = known_as("text words language token")
    synonyms: ClassVar[Mapping[str, str]] = called(
        length="seq_len sequence_length max_len max_length context",
        vocab="vocab_size vocabulary num_embeddings num_tokens",
        padded="lengths ragged mask padding_mask attention_mask",
    )

    positional: ClassVar[tuple[str, ...]] = ("length", "vocab")
    length: Count
    vocab: Count
    padded: Flag = False

    def tensor(self) -> types.Tokens:
        return types.Tokens(self.length, self.vocab, types.LENGTHS if self.padded else None)

    def names(self) -> dict[str, int]:
        return {"vocab": self.vocab}

    def positions(self, per: str) -> int:
        return self.length if per == "token" else 1
