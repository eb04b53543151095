"""What to take for a kind of data instead, in words of the language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl import types

if TYPE_CHECKING:
    from archdsl.rules.case import Case

RECURRENCE = 100  # steps up to which a recurrent layer learns well
ATTENTION = 4_000  # tokens up to which full attention pays
ENOUGH = 100_000  # samples from which attention learns without pretraining


def instead(case: Case) -> str:
    """The usual first design for the data of a case."""
    takes = case.takes
    if isinstance(takes, types.Image):
        return "a convolutional network: `3 * resnet_basic(64) -> global_avg_pool`"
    if isinstance(takes, types.Volume):
        return "a convolutional network: `3 * (conv(32, 3) -> relu) -> global_avg_pool`"
    if isinstance(takes, types.Nodes):
        return "two or three layers of `gcn(64)`, `sage(64)` or `gat(8, heads=8)`"
    if isinstance(takes, (types.Sequence, types.Tokens)):
        return for_sequence(takes.length, case.samples)
    return for_table(case.samples)


def for_sequence(length: int, samples: int | None) -> str:
    """Recurrence for short sequences, attention for longer ones where there is enough data."""
    if length <= RECURRENCE:
        return "a recurrent layer: `gru(64) -> last`"
    if samples is not None and samples < ENOUGH:
        return "convolutions along the sequence: `tcn_block(64, 3)`"
    if length <= ATTENTION:
        return "a transformer: `position_embedding -> 4 * transformer_encoder(4)`"
    return "attention within a window: `local_attention(4, reach=128)`"


def for_table(samples: int | None) -> str:
    """The rungs of the ladder for rows of independent features."""
    if samples is None or samples < 1_000:
        return "a linear model with `weight_decay`"
    if samples <= 100_000:
        return "an MLP of two or three layers, beside gradient boosting"
    return "a larger MLP, beside gradient boosting"
