"""Token ids become vectors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from archdsl.ops.base import Construct, Op, OpError, Saves, Spelling, Synonyms, Trait
from archdsl.ops.parameters import whole
from archdsl.ops.plumbing._kinds import wrong_kind
from archdsl.ops.reads import Reads, each
from archdsl.types import IDS, Category, Sequence, TensorType, Vector, is_ids

_FIRST_IDS = 4  # among which the one of padding is, unless it is the last


@dataclass(frozen=True)
class Embedding(Op):
    """L token ids → L×features: a learned vector for each id of the vocabulary. Of a category,
    whose samples have one id each, it makes a vector.

    ``padding`` is the id whose vector is zero and stays so. A later ``tied_linear`` may use the
    same weights for its logits. PyTorch: nn.Embedding.

    Errors: anything but ids; a padding id outside the vocabulary; embedding(vocabulary, features).
    """

    features: int = whole()
    padding: int | None = whole(None, minimum=0)

    traits = frozenset({Trait.EMBEDDING, Trait.AFFINE})
    example = "embedding(64)"
    synonyms = Synonyms(
        torch=("Embedding",),
        keras=("Embedding",),
        others=("embed",),
        arguments={
            "num_embeddings": "",
            "embedding_dim": "features",
            "padding_idx": "padding",
            "input_dim": "",
            "output_dim": "features",
        },
        takes=("", "features", "padding"),
    )
    example_data: ClassVar[str] = "tokens(128, vocab=1000)"
    attribute = "embedding"

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, IDS):
            help = "linear changes the features of what is not token ids"
            raise wrong_kind("embedding", x, IDS, help=help)
        if self.padding is not None and self.features == x.vocab:
            self._check_order(self.padding, x.vocab)
        if self.padding is not None and self.padding >= x.vocab:
            raise OpError(
                f"padding={self.padding} is no id of a vocabulary of {x.vocab}",
                needed=f"an id from 0 to {x.vocab - 1}",
                argument="padding",
            )
        if isinstance(x, Category):
            return Vector(self.features)
        return Sequence(x.length, self.features)

    def _check_order(self, padding: int, vocab: int) -> None:
        """Refuses ``embedding(vocabulary, features)``, whose second number would be an id."""
        if padding >= _FIRST_IDS and padding != vocab - 1:
            raise OpError(
                f"the {vocab} ids of the vocabulary are written first, as elsewhere, and the "
                f"{padding} features behind them where the id of padding stands",
                needed="the features alone: the vocabulary is the data's",
                help=f"embedding({padding}) gives {padding} features",
                argument="features",
                call=f"embedding({padding})",
            )

    def params(self, *inputs: TensorType) -> int:
        (x,) = inputs
        assert is_ids(x)
        return x.vocab * self.features

    def saves(self, *inputs: TensorType) -> Saves:
        return Saves(inputs=(0,))

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        return (each(inputs[0]),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        (x,) = inputs
        assert is_ids(x)
        arguments = {"num_embeddings": x.vocab, "embedding_dim": self.features}
        if self.padding is not None:
            arguments["padding_idx"] = self.padding
        return Spelling(module=Construct("nn.Embedding", arguments, positional=2))
