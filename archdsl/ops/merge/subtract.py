"""The difference of two branches."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.base import Saves, Synonyms, Trait
from archdsl.ops.merge._pair import Pair


@dataclass(frozen=True)
class Subtract(Pair):
    """a - b, of one shape, or one of them of fewer numbers that is stretched as in mul: a C vector
    over all positions, 1×H×W over all channels. PyTorch: the operator -.

    Errors: branches that do not stretch to one shape.
    """

    traits = Pair.traits | {Trait.ADDITIVE, Trait.AFFINE}
    example = "subtract(identity, avg_pool(3, stride=1))"
    synonyms = Synonyms(torch=("sub", "rsub"), keras=("Subtract",), others=("minus", "difference"))
    written = "{a} - {b}"
    precedence = "sum"
    keeps = Saves()
