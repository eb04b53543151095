"""The quotient of two branches."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.base import Synonyms, Trait
from archdsl.ops.merge._pair import Pair


@dataclass(frozen=True)
class Divide(Pair):
    """a / b, of one shape, or one of them of fewer numbers that is stretched as in mul: a C vector
    over all positions, 1×H×W over all channels. Where b is 0 the result is not finite.
    PyTorch: the operator /.

    Errors: branches that do not stretch to one shape.
    """

    traits = Pair.traits | {Trait.GATED}
    example = "divide(identity, abs -> shift(1.0))"
    synonyms = Synonyms(torch=("div", "true_divide"), others=("quotient", "ratio"))
    written = "{a} / {b}"
    precedence = "product"
