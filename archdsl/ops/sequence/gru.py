"""Gated recurrent units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archdsl.ops.base import Op
from archdsl.ops.sequence._recurrent import Recurrent, called

if TYPE_CHECKING:
    from archdsl.types import TensorType


@dataclass(frozen=True)
class Gru(Recurrent):
    """L×C → L×features (twice the features when bidirectional): the hidden states of the last of
    ``layers`` GRU layers (Cho et al., 2014).

    ``dropout`` acts between layers. It begins with zeros, or with ``state=``: a vector of
    ``features``, of several layers or directions a sequence of these, in PyTorch's order. With
    ``return_state`` it gives what it ends with, too, in the same form:
    ``let (read, state) = gru(128, return_state=true)``. MACs: 3·H·(I + H) for each position,
    layer and direction. PyTorch: nn.GRU(batch_first=True), its first result.

    Errors: anything but a sequence; dropout with a single layer; a state of another size.
    """

    gates = 3
    torch_class = "nn.GRU"
    example = "gru(128, layers=2)"
    synonyms = called("GRU", "GRU")
    attribute = "gru"

    def bounds(self, *inputs: TensorType) -> tuple[float, float]:
        """A state is between what was and what is new: where it begins with one that is given, it
        may be as large as that."""
        return self.gives if len(inputs) == 1 else Op.gives

    def _steps(self, length: int) -> int:
        return 7 * length
