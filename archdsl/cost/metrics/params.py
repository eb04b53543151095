"""``params``, ``params(trainable)``"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from archdsl.cost.counts import PARAMETERS, TrainableCount
from archdsl.cost.metric import Linear
from archdsl.diagnostics import Diagnostic, SpecError, meant
from archdsl.spec.train import rank_of

if TYPE_CHECKING:
    from archdsl.cost.compose import Composition
    from archdsl.cost.metric import Setting, Written

PARTS = ("trainable",)


@dataclass(frozen=True)
class Params(Linear):
    """Learned numbers; `params(trainable)`: those that training changes.

    The others are in the parts that `freeze` of the `train` clause names. With `adapter_rank` the
    adapters of these are trained, and counted there; they are no part of the design, as they are
    merged into its weights once they are trained.
    """

    is_cost = True
    synonyms = ("parameters", "num_params", "num_parameters", "param_count")
    signature = "params(trainable)"
    is_plain = True

    trainable: bool = False
    rank: int = 0  # of adapters

    @classmethod
    def bind(cls, written: Written, setting: Setting) -> Params:
        if not written.arguments:
            return cls()
        part, batch, _ = cls.read(written, subject=True)
        if batch is not None:
            raise SpecError(cls.misused(written))
        assert part is not None
        if part.id not in PARTS:
            raise SpecError(
                Diagnostic(
                    "E431",
                    f"params has no part `{part.id}`",
                    part.span,
                    needed="`params`, or `params(trainable)`",
                    **meant(part.id, PARTS, part.span)._asdict(),
                )
            )
        return cls(True, rank_of(setting.train))

    @property
    def compositions(self) -> tuple[Composition, ...]:
        return (TrainableCount(self.rank) if self.trainable else PARAMETERS,)

    @property
    def weights(self) -> tuple[Fraction, ...]:
        return (Fraction(1),)
