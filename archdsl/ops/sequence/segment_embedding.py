"""Texts become part of what stands in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from archdsl.ops.base import Construct, Definition, Op, Spelling, Trait
from archdsl.ops.parameters import whole
from archdsl.ops.plumbing._kinds import wrong_kind
from archdsl.ops.reads import WEIGHED, Reads, each
from archdsl.types import Sequence, TensorType

SEGMENTS = Definition(
    "SegmentEmbedding",
    '''\
class SegmentEmbedding(nn.Module):
    """Adds the learned vector of the first segment, to which all positions belong."""

    def __init__(self, segments: int, features: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(segments, features))
        nn.init.normal_(self.weight, std=0.02)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.weight[0]
''',
)


@dataclass(frozen=True)
class SegmentEmbedding(Op):
    """L×C → L×C: adds to each position the learned vector of the segment it belongs to (the token
    types of BERT, Devlin et al. 2018). A sequence that comes alone is all of the first segment, so
    the other vectors wait for a finetuning on pairs.

    Errors: anything but a sequence.
    """

    segments: int = whole(2)

    traits = frozenset({Trait.EMBEDDING, Trait.ELEMENTWISE, Trait.AFFINE})
    example = "embedding(64) -> segment_embedding(2)"
    example_data: ClassVar[str] = "tokens(128, vocab=1000)"
    attribute = "segment"

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, Sequence):
            help = "to_sequence makes an image a sequence of its positions"
            raise wrong_kind("segment_embedding", x, (Sequence,), help=help)
        return x

    def params(self, *inputs: TensorType) -> int:
        (x,) = inputs
        assert isinstance(x, Sequence)
        return self.segments * x.features

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        return (each(inputs[0], channels=WEIGHED),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        (x,) = inputs
        assert isinstance(x, Sequence)
        arguments = {"segments": self.segments, "features": x.features}
        construct = Construct(SEGMENTS.name, arguments, positional=2)
        return Spelling(module=construct, definitions=(SEGMENTS,))
