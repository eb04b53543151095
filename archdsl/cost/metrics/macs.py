"""``macs``, ``macs(training)``"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from archdsl.cost.counts import MacCount
from archdsl.cost.metric import Linear
from archdsl.diagnostics import SpecError

if TYPE_CHECKING:
    from archdsl.cost.compose import Composition
    from archdsl.cost.metric import Setting, Written

MODE = "training"


@dataclass(frozen=True)
class Macs(Linear):
    """Multiply-accumulates of convolution, linear and attention products, for one sample.

    Results of training only (`train_only`), and the layers that only they read, are not in it;
    `macs(training)` is with them.
    """

    is_cost = True
    synonyms = ("gmacs", "mult_adds", "madds", "multiply_adds")

    signature = "macs(training)"
    is_plain = True

    training: bool = False

    @classmethod
    def bind(cls, written: Written, setting: Setting) -> Macs:
        if not written.arguments:
            return cls()
        mode = cls.read(written, subject=True, takes=()).subject
        if mode is None or mode.id != MODE:
            raise SpecError(cls.misused(written))
        return cls(training=True)

    @property
    def compositions(self) -> tuple[Composition, ...]:
        return (MacCount(in_use=not self.training),)

    @property
    def weights(self) -> tuple[Fraction, ...]:
        return (Fraction(1),)
