"""The selective state space of Mamba."""

from __future__ import annotations

from dataclasses import dataclass
from math import isqrt
from typing import ClassVar

from archdsl.ops.base import Construct, DenseLayer, Op, Saves, Spelling, Synonyms, Trait
from archdsl.ops.parameters import whole
from archdsl.ops.plumbing._kinds import wrong_kind
from archdsl.ops.reads import MIXED, Before, Reads, each
from archdsl.ops.sequence._scan_text import SCAN, SELECTIVE_SCAN
from archdsl.types import Sequence, TensorType


@dataclass(frozen=True)
class SelectiveScan(Op):
    """L×C → L×C: each feature drives ``state`` numbers, h' = exp(Δ·A)·h + Δ·B·x, and gives
    C·h + D·x; B, C and the step Δ follow from what flows in at that position, Δ through ``rank``
    features (S6, the scan in Mamba, Gu & Dao, 2023). A position reads itself and those before.

    ``rank`` is C / 32 rounded up by default. Chunks of the square root of the length are gone
    through side by side. `mamba_block` has the projections, the convolution and the gate around it.
    MACs: (2·rank + 3·state)·C for each position: the projections, and what is read of the states;
    what the states come to is not counted. transformers: the scan of MambaMixer.

    Errors: anything but a sequence.
    """

    state: int = whole(16)
    rank: int | None = whole(None)

    traits = frozenset({Trait.WEIGHTED, Trait.MIXES_POSITIONS})
    example = "selective_scan(16)"
    synonyms = Synonyms(
        others=("s6", "S6", "ssm", "mamba"),
        arguments={"d_state": "state", "state_size": "state", "dt_rank": "rank"},
    )
    example_data: ClassVar[str] = "series(100, 64)"
    attribute = "scan"

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, Sequence):
            help = "to_sequence makes an image a sequence of its positions"
            raise wrong_kind("selective_scan", x, (Sequence,), help=help)
        return x

    def params(self, *inputs: TensorType) -> int:
        (x,) = inputs
        assert isinstance(x, Sequence)
        dense = sum(layer.takes * layer.gives for layer in self.dense(x))
        return dense + x.features * (1 + self.state + 1)

    def macs(self, *inputs: TensorType) -> int:
        (x,) = inputs
        assert isinstance(x, Sequence)
        dense = sum(layer.takes * layer.gives for layer in self.dense(x))
        return x.length * (dense + x.features * self.state)

    def dense(self, *inputs: TensorType) -> tuple[DenseLayer, ...]:
        (x,) = inputs
        assert isinstance(x, Sequence)
        rank = self._rank(x)
        given = DenseLayer(x.features, rank + 2 * self.state, x.length)
        return (given, DenseLayer(rank, x.features, x.length))

    def saves(self, *inputs: TensorType) -> Saves:
        """What flows in, the projections, the step before and after softplus and times what flows
        in; A twice; what the scan keeps, and all states, of one sample those of whole chunks."""
        (x,) = inputs
        assert isinstance(x, Sequence)
        states = x.features * self.state
        projected = x.length * (3 * x.features + self._rank(x) + 2 * self.state)
        scanned, spare = _kept_by_scan(x.length)
        kept = projected + states * (scanned + x.length)
        return Saves((0,), fixed=8 * states, per_sample=4 * kept, alone=4 * spare * states)

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        return (each(inputs[0], Before(), MIXED),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        (x,) = inputs
        assert isinstance(x, Sequence)
        arguments = {"features": x.features, "state": self.state, "rank": self._rank(x)}
        construct = Construct(SELECTIVE_SCAN.name, arguments, positional=1)
        return Spelling(module=construct, definitions=(SCAN, SELECTIVE_SCAN))

    def _rank(self, x: Sequence) -> int:
        return -(-x.features // 32) if self.rank is None else self.rank


def _kept_by_scan(length: int) -> tuple[int, int]:
    """How many times as many numbers as one position has states the scan keeps, and how many
    positions whole chunks have more than there are.

    Kept are for all positions the decays, those since the chunk began, and what flows in, unless a
    chunk is one position; the states that another one follows; and the ends of chunks.
    """
    chunk = isqrt(length - 1) + 1
    chunks = -(-length // chunk)
    everywhere = 3 if chunk > 1 else 2
    followed = chunks * max(chunk - 2, 0)
    ends = 2 * chunks - 2 if chunks > 1 else 0
    return everywhere * chunk * chunks + followed + ends + chunks, chunk * chunks - length
