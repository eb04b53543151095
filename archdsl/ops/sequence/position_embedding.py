"""Positions become part of what stands at them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from archdsl.ops.base import Construct, Definition, Op, OpError, Spelling, Synonyms, Trait
from archdsl.ops.parameters import flag, whole, word
from archdsl.ops.plumbing._kinds import wrong_kind
from archdsl.ops.reads import WEIGHED, Reads, each
from archdsl.ops.sequence._waves_text import WAVES, WAVES_ON_MAP
from archdsl.types import Image, Sequence, TensorType, channels

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


@dataclass(frozen=True)
class PositionEmbedding(Op):
    """L×C → L×C, as waves also C×H×W → C×H×W: adds to each position a vector that tells which.

    ``learned``: a table of ``positions`` × C numbers (as in BERT, GPT-2 and ViT); ``sinusoidal``:
    fixed waves (Vaswani et al., 2017). ``positions`` is the longest sequence the table serves, by
    default the one that flows in; ``offset`` is the number of the first: 0, unless a table has rows
    before it that serve no position (2 in RoBERTa and OPT).

    Of an image the first half of the channels has the waves of the row, the other half those of the
    column: counted from ``offset``, or with ``normalize=true`` in equal parts of 2π, the last 2π
    itself (DETR, Carion et al., 2020). By themselves, to be added to queries and keys alone, they
    are ``constant(0) -> position_embedding(sinusoidal, normalize=true)``.
    Rotary positions turn queries and keys, and are asked for there: ``attention(8, rotary=true)``.

    Errors: ``kind=rotary``; a table for an image; fewer positions than the sequence has; waves for
    an odd number of features, or channels that are no multiple of 4; ``normalize`` of anything but
    waves on an image, or together with an offset; anything but a sequence or an image.
    """

    kind: str = word("learned", "sinusoidal", "rotary", default="learned")
    positions: int | None = whole(None)
    offset: int = whole(0, minimum=0)
    normalize: bool = flag(False)

    traits = frozenset({Trait.EMBEDDING, Trait.ELEMENTWISE, Trait.AFFINE})
    example = "embedding(64) -> position_embedding(positions=512)"
    synonyms = Synonyms(
        others=("positional_encoding", "PositionalEncoding", "pos_embed", "PositionEmbeddingSine")
    )
    example_data: ClassVar[str] = "tokens(128, vocab=1000)"
    attribute = "position"

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if self.kind == "rotary":
            raise _rotary()
        waves = self.kind == "sinusoidal"
        if not isinstance(x, (Sequence, Image) if waves else Sequence):
            kinds = (Sequence, Image) if waves else (Sequence,)
            help = _OF_IMAGES if isinstance(x, Image) else ""
            raise wrong_kind("position_embedding", x, kinds, help=help)
        parts = 4 if isinstance(x, Image) else 2
        if waves and channels(x) % parts:
            raise _unpaired(x, parts)
        if self.normalize and (self.offset or not isinstance(x, Image)):
            raise _not_normalized(self.offset)
        if self.positions is not None:
            self._check_count(self.positions, x)
        return x

    def _check_count(self, positions: int, x: TensorType) -> None:
        if not isinstance(x, Sequence):
            raise _of_a_table(positions)
        if positions < x.length:
            raise _too_few(positions, x.length)

    def params(self, *inputs: TensorType) -> int:
        (x,) = inputs
        if self.kind != "learned":
            return 0
        assert isinstance(x, Sequence)
        return (self.offset + self._positions(x)) * x.features

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        return (each(inputs[0], WEIGHED, WEIGHED),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        (x,) = inputs
        if isinstance(x, Image):
            return self._on_map(x)
        assert isinstance(x, Sequence)
        arguments = {"positions": self._positions(x), "features": x.features}
        if self.kind == "sinusoidal":
            arguments["offset"] = self.offset
            construct = Construct(WAVES.name, arguments, positional=2, defaults={"offset": 0})
            return Spelling(module=construct, definitions=(WAVES,))
        definition = LEARNED
        if self.offset:
            definition, arguments["offset"] = LEARNED_FROM, self.offset
        construct = Construct(definition.name, arguments, positional=2)
        return Spelling(module=construct, definitions=(definition,))

    def _on_map(self, x: Image) -> Spelling:
        arguments = {
            "channels": x.channels,
            "height": x.height,
            "width": x.width,
            "offset": self.offset,
            "normalize": self.normalize,
        }
        defaults = {"offset": 0, "normalize": False}
        construct = Construct(WAVES_ON_MAP.name, arguments, positional=3, defaults=defaults)
        return Spelling(module=construct, definitions=(WAVES_ON_MAP,))

    def _positions(self, x: Sequence) -> int:
        return x.length if self.positions is None else self.positions


_OF_IMAGES = (
    "to_sequence makes an image a sequence of its positions; kind=sinusoidal takes it as it is"
)


def _rotary() -> OpError:
    return OpError(
        "rotary positions are not added to a sequence: they turn queries and keys",
        needed="learned or sinusoidal",
        help="leave position_embedding out and write attention(…, rotary=true)",
        argument="kind",
    )


def _not_normalized(offset: int) -> OpError:
    if offset:
        return OpError(
            f"normalize=true takes rows and columns for parts of 2π, which offset={offset} does not"
            " number",
            needed="one of the two",
            argument="offset",
            replacement="0",
        )
    return OpError(
        "normalize=true takes the rows and columns of an image for parts of 2π",
        needed="kind=sinusoidal on an image, or normalize=false",
        argument="normalize",
        replacement="false",
    )


def _of_a_table(positions: int) -> OpError:
    return OpError(
        f"positions={positions} is the length of a sequence, and the waves of an image are as many"
        " as its rows and columns",
        needed="positions left out",
        argument="positions",
        replacement="auto",
    )


def _too_few(positions: int, length: int) -> OpError:
    return OpError(
        f"positions={positions} are too few for a sequence of length {length}",
        needed=f"at least {length}",
        argument="positions",
        replacement=str(length),
    )


def _unpaired(x: TensorType, parts: int) -> OpError:
    if parts == 4:
        return OpError(
            "waves come in pairs of a sine and a cosine, for rows and for columns, so they do not"
            f" fit {channels(x)} channels",
            needed="a multiple of 4 channels",
            argument="kind",
        )
    return OpError(
        f"waves come in pairs of a sine and a cosine, so they do not fit {channels(x)} features",
        needed="an even number of features, or kind=learned",
        argument="kind",
        replacement="learned",
    )
