from collections.abc import Mapping
from typing import ClassVar

from archdsl import types
from archdsl.spec.data import Data
from archdsl.spec.fields import Count, called, known_as


class Category(Data):
    """``category(vocab=)``: one id for each sample, such as the shop of a sale, below ``vocab``."""

    elsewhere: ClassVar[Mapping[str, str]] = known_as("categorical sparse factor id enum")
    synonyms: ClassVar[Mapping[str, str]] = called(
        vocab="vocab_size vocabulary num_embeddings cardinality categories num_categories"
    )

    positional: ClassVar[tuple[str, ...]] = ("vocab",)
    vocab: Count

    def tensor(self) -> types.Category:
        return types.Category(self.vocab)

    def names(self) -> dict[str, int]:
        return {"vocab": self.vocab}
