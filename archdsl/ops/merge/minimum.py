"""The smaller of two branches."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.base import Synonyms
from archdsl.ops.merge._pair import Pair


@dataclass(frozen=True)
class Minimum(Pair):
    """The smaller of a and b at each place, of one shape, or one of them of fewer numbers that is
    stretched as in mul: a C vector over all positions, 1×H×W over all channels.
    PyTorch: torch.minimum.

    Errors: branches that do not stretch to one shape.
    """

    example = "minimum(conv(8, 3), conv(8, 3))"
    synonyms = Synonyms(torch=("fmin",), keras=("Minimum",))
    written = "torch.minimum({a}, {b})"
