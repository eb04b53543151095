"""Batch normalisation."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.base import Construct, Op, Saves, Spelling, Synonyms, Trait
from archdsl.ops.parameters import flag, real
from archdsl.ops.plumbing._axes import SWAPPED
from archdsl.ops.plumbing._kinds import FEATURES, wrong_kind
from archdsl.ops.plumbing._padding import PADDED_BATCH_NORM, WITHIN, kept_when_filled
from archdsl.ops.reads import WEIGHED, OwnOrBatch, Reads, each
from archdsl.types import Image, Sequence, TensorType, Volume, channels, padding


@dataclass(frozen=True)
class BatchNorm(Op):
    """Normalises each channel over the batch and all positions, keeping the shape (Ioffe & Szegedy
    2015); affine=true learns a scale and a shift for each channel.

    Running means and variances are buffers. On images, volumes, sequences, vectors and graph
    nodes. PyTorch: nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d.
    """

    eps: float = real(1e-5, minimum=0)
    momentum: float = real(0.1, minimum=0, maximum=1)
    affine: bool = flag(True)

    traits = frozenset({Trait.NORM, Trait.CENTERING, Trait.OVER_BATCH, Trait.AFFINE})
    example = "batch_norm"
    synonyms = Synonyms(
        torch=("BatchNorm1d", "BatchNorm2d", "BatchNorm3d", "SyncBatchNorm"),
        keras=("BatchNormalization",),
        others=("bn",),
        arguments={"num_features": "", "epsilon": "eps", "track_running_stats": ""},
        takes=("", "eps", "momentum", "affine"),
    )
    attribute = "norm"
    heeds_padding = True

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, FEATURES):
            raise wrong_kind("batch_norm", x)
        return x

    def params(self, *inputs: TensorType) -> int:
        return 2 * channels(inputs[0]) if self.affine else 0

    def saves(self, *inputs: TensorType) -> Saves:
        """Its input, and the mean and deviation of each channel."""
        plain = Saves(inputs=(0,), fixed=8 * channels(inputs[0]))
        return kept_when_filled(plain, inputs[0])

    def saves_in_use(self, *inputs: TensorType) -> Saves:
        return kept_when_filled(Saves(inputs=(0,)), inputs[0])

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        (x,) = inputs
        return (each(x, OwnOrBatch(), WEIGHED),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        (x,) = inputs
        axes = 2 if isinstance(x, Image) else 3 if isinstance(x, Volume) else 1
        defaults = {"eps": 1e-5, "momentum": 0.1, "affine": True}
        arguments = {"num_features": channels(x), **{n: getattr(self, n) for n in defaults}}
        rows = padding(x)
        if rows is not None:
            return Spelling(
                module=Construct(
                    PADDED_BATCH_NORM.name, arguments, positional=1, defaults=defaults
                ),
                apply=f"{{m}}({{x}}, {rows.text})",
                context=(rows.lengths,),
                definitions=(WITHIN, PADDED_BATCH_NORM),
            )
        return Spelling(
            module=Construct(f"nn.BatchNorm{axes}d", arguments, positional=1, defaults=defaults),
            apply=SWAPPED if isinstance(x, Sequence) else "{m}({x})",
        )
