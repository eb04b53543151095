"""The larger of two branches."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.base import Synonyms
from archdsl.ops.merge._pair import Pair


@dataclass(frozen=True)
class Maximum(Pair):
    """The larger of a and b at each place, of one shape, or one of them of fewer numbers that is
    stretched as in mul: a C vector over all positions, 1×H×W over all channels.
    PyTorch: torch.maximum.

    Errors: branches that do not stretch to one shape.
    """

    example = "maximum(conv(8, 3), conv(8, 3))"
    synonyms = Synonyms(torch=("fmax",), keras=("Maximum",), others=("maxout",))
    written = "torch.maximum({a}, {b})"
