"""Branches side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from archdsl.ops.base import Branches, Op, OpError, Spelling, Synonyms, Trait
from archdsl.ops.merge._alike import check_features, pooled_first
from archdsl.ops.parameters import word
from archdsl.ops.plumbing._kinds import channel_axis, wrong_kind
from archdsl.ops.reads import Reads, Shifted, each
from archdsl.types import (
    IDS,
    Inputs,
    Outputs,
    Sequence,
    TensorType,
    channels,
    describe,
    spatial,
    with_channels,
)


@dataclass(frozen=True)
class Concat(Op):
    """What its branches give, side by side on the channel axis: C₁×H×W, C₂×H×W → (C₁+C₂)×H×W.

    axis=length puts sequences one after another instead. PyTorch: torch.cat.

    Errors: branches that differ on another axis or in kind; axis=length without sequences.
    """

    axis: str = word("channels", "length", default="channels")

    traits = frozenset({Trait.MERGE, Trait.CONCATENATIVE, Trait.AFFINE})
    branches = Branches(variadic=True, minimum=2, with_flow=False)
    example = "concat(conv(8, 1), conv(16, 3))"
    synonyms = Synonyms(torch=("cat", "stack"), keras=("Concatenate", "concatenate"))

    def infer(self, *inputs: TensorType) -> TensorType:
        check_features("concat", inputs)
        if self.axis == "length":
            return self._end_to_end(inputs)
        first = inputs[0]
        width = channels(first)
        if any(with_channels(x, width) != first for x in inputs):
            raise _unlike(inputs, "all but their channels equal")
        return with_channels(first, sum(map(channels, inputs)))

    def _end_to_end(self, inputs: tuple[TensorType, ...]) -> TensorType:
        sequences = [x for x in inputs if isinstance(x, Sequence)]
        if len(sequences) < len(inputs):
            odd = next(x for x in inputs if not isinstance(x, Sequence))
            raise wrong_kind("concat(axis=length)", odd, (Sequence,))
        if any(x.features != sequences[0].features for x in sequences):
            raise _unlike(inputs, "equal features")
        return Sequence(sum(x.length for x in sequences), sequences[0].features)

    def agreement(self, tensor: TensorType) -> Any:
        if isinstance(tensor, (*IDS, Outputs, Inputs)):
            return None
        if self.axis == "length":
            return channels(tensor)
        return with_channels(tensor, 0)

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        """Each stands behind those before it."""
        found, before = list[Reads](), 0
        for source, x in enumerate(inputs):
            shifted = Shifted(before)
            if self.axis == "length":
                found.append(each(x, shifted, source=source))
                before += spatial(x)[0]
            else:
                found.append(each(x, channels=shifted, source=source))
                before += channels(x)
        return tuple(found)

    def spelling(self, *inputs: TensorType) -> Spelling:
        if len(inputs) == 1:
            return Spelling(function="{0}")
        parts = ", ".join(f"{{{index}}}" for index in range(len(inputs)))
        axis = 1 if self.axis == "length" else channel_axis(inputs[0])
        return Spelling(function=f"torch.cat(({parts}), dim={axis})")


def _unlike(inputs: tuple[TensorType, ...], needed: str) -> OpError:
    *rest, final = map(describe, inputs)
    return OpError(
        f"concat cannot bring {', '.join(rest)} and {final} together",
        needed=f"inputs with {needed}",
        help=pooled_first(inputs),
    )
