"""Positions become part of what stands at them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from archdsl.ops.base import Construct, Definition, Op, OpError, Spelling, Synonyms, Trait
from archdsl.ops.parameters import whole, word
from archdsl.ops.plumbing._kinds import wrong_kind
from archdsl.ops.reads import WEIGHED, Reads, each
from archdsl.types import Sequence, TensorType

LEARNED = Definition(
    "PositionEmbedding",
    '''\
class PositionEmbedding(nn.Module):
    """Adds a learned vector for each position."""

    def __init__(self, positions: int, features: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(positions, features))
        nn.init.normal_(self.weight, std=0.02)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.weight[: x.shape[1]]
''',
)

LEARNED_FROM = Definition(
    "OffsetPositionEmbedding",
    '''\
class OffsetPositionEmbedding(nn.Module):
    """Adds a learned vector for each position, the first of which has the number ``offset``."""

    def __init__(self, positions: int, features: int, offset: int) -> None:
        super().__init__()
        self.offset = offset
        self.weight = nn.Parameter(torch.empty(offset + positions, features))
        nn.init.normal_(self.weight, std=0.02)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.weight[self.offset : self.offset + x.shape[1]]
''',
)

SINUSOIDAL = Definition(
    "SinusoidalPositions",
    '''\
class SinusoidalPositions(nn.Module):
    """Adds sines and cosines of the position, from short waves to long."""

    waves: torch.Tensor

    def __init__(self, positions: int, features: int) -> None:
        super().__init__()
        rates = 10000 ** (-torch.arange(0, features, 2) / features)
        angles = torch.outer(torch.arange(positions), rates)
        waves = torch.stack((angles.sin(), angles.cos()), dim=-1).flatten(1)
        self.register_buffer("waves", waves, persistent=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.waves[: x.shape[1]]
''',
)


@dataclass(frozen=True)
class PositionEmbedding(Op):
    """L×C → L×C: adds to each position a vector that tells which one it is.

    ``learned``: a table of ``positions`` × C numbers (as in BERT, GPT-2 and ViT); ``sinusoidal``:
    fixed waves (Vaswani et al., 2017). ``positions`` is the longest sequence the table serves, by
    default the one that flows in; ``offset`` is the number of the first, where the table has rows
    before it that serve no position (2 in RoBERTa and OPT). Rotary positions turn queries and keys,
    so they are asked for there: ``attention(8, rotary=true)``.

    Errors: ``kind=rotary``; an offset of waves, which have no table; fewer positions than the
    sequence has; waves for an odd number of features; anything but a sequence.
    """

    kind: str = word("learned", "sinusoidal", "rotary", default="learned")
    positions: int | None = whole(None)
    offset: int = whole(0, minimum=0)

    traits = frozenset({Trait.EMBEDDING, Trait.ELEMENTWISE, Trait.AFFINE})
    example = "embedding(64) -> position_embedding(positions=512)"
    synonyms = Synonyms(others=("positional_encoding", "PositionalEncoding", "pos_embed"))
    example_data: ClassVar[str] = "tokens(128, vocab=1000)"
    attribute = "position"

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, Sequence):
            help = "to_sequence makes an image a sequence of its positions"
            raise wrong_kind("position_embedding", x, (Sequence,), help=help)
        if self.kind == "rotary":
            raise _rotary()
        if self.kind == "sinusoidal" and x.features % 2:
            raise _odd(x.features)
        if self.kind == "sinusoidal" and self.offset:
            raise _no_table(self.offset)
        if self.positions is not None and self.positions < x.length:
            raise _too_few(self.positions, x.length)
        return x

    def params(self, *inputs: TensorType) -> int:
        (x,) = inputs
        assert isinstance(x, Sequence)
        rows = self.offset + self._positions(x)
        return rows * x.features if self.kind == "learned" else 0

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        return (each(inputs[0], WEIGHED, WEIGHED),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        (x,) = inputs
        assert isinstance(x, Sequence)
        arguments = {"positions": self._positions(x), "features": x.features}
        definition = LEARNED if self.kind == "learned" else SINUSOIDAL
        if self.offset:
            definition, arguments["offset"] = LEARNED_FROM, self.offset
        construct = Construct(definition.name, arguments, positional=2)
        return Spelling(module=construct, definitions=(definition,))

    def _positions(self, x: Sequence) -> int:
        return x.length if self.positions is None else self.positions


def _rotary() -> OpError:
    return OpError(
        "rotary positions are not added to a sequence: they turn queries and keys",
        needed="learned or sinusoidal",
        help="leave position_embedding out and write attention(…, rotary=true)",
        argument="kind",
    )


def _no_table(offset: int) -> OpError:
    return OpError(
        f"offset={offset} leaves out rows of a learned table, and waves have none",
        needed="offset left out, or kind=learned",
        argument="offset",
        replacement="0",
    )


def _too_few(positions: int, length: int) -> OpError:
    return OpError(
        f"positions={positions} are too few for a sequence of length {length}",
        needed=f"at least {length}",
        argument="positions",
        replacement=str(length),
    )


def _odd(features: int) -> OpError:
    return OpError(
        f"waves come in pairs of a sine and a cosine, so they do not fit {features} features",
        needed="an even number of features, or kind=learned",
        argument="kind",
        replacement="learned",
    )
