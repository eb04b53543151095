"""Vectors brought to length 1."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.base import Op, Saves, Spelling, Synonyms, Trait
from archdsl.ops.norm._single import gives_signs
from archdsl.ops.plumbing._kinds import FEATURES, channel_axis, wrong_kind
from archdsl.ops.reads import ALL, Reads, each
from archdsl.types import TensorType, channels, numel


@dataclass(frozen=True)
class L2Norm(Op):
    """Divides the channels or features of each position by the length of their vector, keeping the
    shape: what comes out has length 1, so that matmul of two such vectors is the cosine of their
    angle (CLIP, Radford et al. 2021). It learns nothing. PyTorch: F.normalize.

    Errors: a single channel, of which only the sign would be left.
    """

    traits = frozenset({Trait.NORM})
    gives = (-1, 1)
    example = "l2_norm"
    synonyms = Synonyms(
        torch=("normalize",),
        keras=("UnitNormalization", "l2_normalize"),
        others=("unit_norm", "cosine_similarity"),
    )

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, FEATURES):
            raise wrong_kind("l2_norm", x)
        if channels(x) == 1:
            raise gives_signs("one channel", x, "more than one channel")
        return x

    def saves(self, *inputs: TensorType) -> Saves:
        """Its input, and for each position the length and the same kept from 0."""
        (x,) = inputs
        return Saves(inputs=(0,), per_sample=4 * 2 * (numel(x) // channels(x)))

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        return (each(inputs[0], channels=ALL),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        axis = channel_axis(inputs[0])
        return Spelling(function=f"F.normalize({{x}}{'' if axis == 1 else f', dim={axis}'})")
