"""What to take for a kind of data instead, in words of the language."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archdsl import types

if TYPE_CHECKING:
    from archdsl.rules.case import Case

RECURRENCE = 100  # steps up to which a recurrent layer learns well
ATTENTION = 4_000  # tokens up to which full attention pays
ENOUGH = 100_000  # samples from which attention learns without pretraining


class Reading(NamedTuple):
    """A sequence to be read: how long it is, how many samples there are, whether an answer is
    wanted at each position, and whether that may know the positions after it."""

    length: int
    samples: int | None = None
    each: bool = False
    causal: bool = False


def instead(case: Case) -> str:
    """The usual first design for the data of a case."""
    takes = case.takes
    pooled = "" if case.unit == "pixel" else " -> global_avg_pool"
    if isinstance(takes, types.Image):
        return f"a convolutional network: `3 * resnet_basic(64){pooled}`"
    if isinstance(takes, types.Volume):
        return f"a convolutional network: `3 * (conv(32, 3) -> relu){pooled}`"
    if isinstance(takes, types.Nodes):
        return "two or three layers of `gcn(64)`, `sage(64)` or `gat(8, heads=8)`"
    if isinstance(takes, (types.Sequence, types.Tokens)):
        first = "embedding(64) -> " if isinstance(takes, types.Tokens) else ""
        return for_sequence(reading(case, takes.length), first)
    return for_table(case.samples)


def reading(case: Case, length: int) -> Reading:
    """What a layer over so many positions of a case has to do."""
    looks_back = case.task is not None and case.task.looks_back()
    return Reading(length, case.samples, case.unit == "token", looks_back)


def for_sequence(read: Reading, first: str = "") -> str:
    """Recurrence for short sequences, attention for longer ones where there is enough data; after
    ``first``, by default what takes any number of features."""
    if read.length <= RECURRENCE:
        return f"a recurrent layer: `{first}gru(64){'' if read.each else ' -> last'}`"
    if read.samples is not None and read.samples < ENOUGH:
        return f"convolutions along the sequence: `{first}{convolutions(read)}`"
    start = f"{first or 'linear(64) -> '}position_embedding"
    end = "" if read.each else " -> mean_over"
    if read.length <= ATTENTION:
        layer = "gpt_block(4)" if read.causal else "transformer_encoder(4)"
        return f"a transformer: `{start} -> 4 * {layer}{end}`"
    layer = "longformer_block(4, reach=128)"
    if read.causal:
        near = "local_attention(4, reach=128, causal=true)"
        layer = f"(residual(layer_norm -> {near}) -> residual(layer_norm -> mlp))"
    return f"attention within a window: `{start} -> 4 * {layer}{end}`"


def convolutions(read: Reading) -> str:
    """Dilated convolutions over the past, as many as it takes for the last position to see all."""
    last = 0
    while 4 * (2 ** (last + 1) - 1) + 1 < read.length:
        last += 1
    stack = f"each(i = 0 to {last}, tcn_block(64, dilation=2 ^ i))"
    return stack if read.each else f"{stack} -> last"


def for_table(samples: int | None) -> str:
    """The rungs of the ladder for rows of independent features."""
    if samples is None or samples < 1_000:
        return "a linear model with `weight_decay`"
    if samples <= 100_000:
        return "an MLP of two or three layers, beside gradient boosting"
    return "a larger MLP, beside gradient boosting"
