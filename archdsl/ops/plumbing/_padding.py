"""What emitted files do about the padding of rows of different lengths."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archdsl.ops.base import Definition, Saves, Spelling
from archdsl.types import numel, padding, shape

if TYPE_CHECKING:
    from archdsl.types import Padded, TensorType


def most_copied(mode: str, size: int) -> int | None:
    """How far beyond its ends an axis of a size has something to copy; None: any number."""
    return {"reflect": size - 1, "circular": size}.get(mode)


WITHIN = Definition(
    "within",
    '''\
def within(lengths: torch.Tensor, size: int) -> torch.Tensor:
    """Which of so many positions belong to rows of these lengths: (N, size)."""
    return torch.arange(size, device=lengths.device) < lengths[:, None]
''',
)

FILL_PADDING = Definition(
    "fill_padding",
    '''\
def fill_padding(
    x: torch.Tensor, lengths: torch.Tensor, value: float = 0.0
) -> torch.Tensor:
    """A sequence with one value at all positions behind the ends of its rows."""
    return x.masked_fill(~within(lengths, x.shape[1])[..., None], value)
''',
)

MEAN_WITHIN = Definition(
    "mean_within",
    '''\
def mean_within(x: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    """The mean over the positions of each row of a sequence: (N, C)."""
    return fill_padding(x, lengths).sum(dim=1) / lengths[:, None]
''',
)

LAST_POSITION = Definition(
    "last_position",
    '''\
def last_position(x: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    """The last position of each row of a sequence: (N, C)."""
    return x[torch.arange(len(x), device=x.device), lengths - 1]
''',
)

RUN_PACKED = Definition(
    "run_packed",
    '''\
def run_packed(
    layer: nn.RNNBase, x: torch.Tensor, lengths: torch.Tensor
) -> torch.Tensor:
    """The states of a recurrent layer that reads each row from its ends."""
    packed = nn.utils.rnn.pack_padded_sequence(
        x, lengths.cpu(), batch_first=True, enforce_sorted=False
    )
    states, _ = nn.utils.rnn.pad_packed_sequence(
        layer(packed)[0], batch_first=True, total_length=x.shape[1]
    )
    return states
''',
)

PADDED_BATCH_NORM = Definition(
    "PaddedBatchNorm1d",
    '''\
class PaddedBatchNorm1d(nn.BatchNorm1d):
    """Normalises each feature over the positions within the rows of a sequence."""

    def forward(self, x: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        inside = within(lengths, x.shape[1])
        return torch.zeros_like(x).masked_scatter(
            inside[..., None], super().forward(x[inside])
        )
''',
)

_LEAST = 'float("-inf")'


def mean(rows: Padded) -> Spelling:
    """The mean over the positions within each row."""
    return Spelling(
        function=f"mean_within({{x}}, {rows.text})",
        context=(rows.lengths,),
        definitions=(WITHIN, FILL_PADDING, MEAN_WITHIN),
    )


def filled(spelling: Spelling, x: TensorType, least: bool = False) -> Spelling:
    """A spelling of what would read padding, given zeros in its place, or where ``least`` what is
    less than everything."""
    rows = padding(x)
    if rows is None:
        return spelling
    value = f", {_LEAST}" if least else ""
    given = f"fill_padding({{x}}, {rows.text}{value})"
    function = spelling.function
    return replace(
        spelling,
        apply=spelling.apply.replace("{x}", given),
        function=function if function is None else function.replace("{x}", given),
        context=(*spelling.context, rows.lengths),
        definitions=(WITHIN, FILL_PADDING, *spelling.definitions),
    )


def emptied(spelling: Spelling, rows: Padded) -> Spelling:
    """The spelling of what gives no numbers at padding, given zeros there."""
    assert spelling.function is not None
    return replace(
        spelling,
        module=None,
        apply="{m}({x})",
        function=f"fill_padding({spelling.function}, {rows.text})",
        precedence="atom",
    )


def kept(x: TensorType) -> Saves:
    """Bytes kept of which positions are within the rows, and of their lengths."""
    rows = padding(x)
    return Saves() if rows is None else Saves(per_sample=shape(x)[0] + 8)


def kept_when_filled(saves: Saves, x: TensorType) -> Saves:
    """What is kept by what is given zeros in the place of padding: in the place of its input a
    copy, and which positions are within the rows."""
    if padding(x) is None:
        return saves
    copied = 4 * numel(x) * (0 in saves.inputs)
    inputs = tuple(place for place in saves.inputs if place != 0)
    more = copied + shape(x)[0]
    return saves._replace(inputs=inputs, per_sample=saves.per_sample + more)


def kept_of_largest(x: TensorType) -> Saves:
    """What the largest over positions keeps where some are filled first: all numbers, the result
    and which positions are within the rows."""
    return Saves(output=True, per_sample=4 * numel(x) + shape(x)[0])
