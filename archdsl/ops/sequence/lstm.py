"""Long short-term memory."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.base import Branches, Saves
from archdsl.ops.sequence._recurrent import Recurrent, called
from archdsl.types import Sequence, TensorType

_PAGE = 4096


@dataclass(frozen=True)
class Lstm(Recurrent):
    """L×C → L×features (twice the features when bidirectional): the hidden states of the last of
    ``layers`` LSTM layers (Hochreiter & Schmidhuber, 1997).

    ``dropout`` acts between layers. It begins with zeros, or with ``state=`` and ``cell=``, each a
    vector of ``features``, of several layers or directions a sequence of these, in PyTorch's order.
    With ``return_state`` it gives what it ends with, too, in the same form:
    ``let (read, state, cell) = lstm(128, return_state=true)``. MACs: 4·H·(I + H) for each position,
    layer and direction. PyTorch: nn.LSTM(batch_first=True), its first result.

    Errors: anything but a sequence; dropout with a single layer; a state of another size;
    a state without a cell.
    """

    branches = Branches(optional=("state", "cell"))
    holds = ("state", "cell")
    gates = 4
    torch_class = "nn.LSTM"
    example = "lstm(128, layers=2)"
    synonyms = called("LSTM", "LSTM", c_0="cell")
    attribute = "lstm"

    def saves(self, *inputs: TensorType) -> Saves:
        """In, out, states, and oneDNN's workspace, whose 7 arrays each end with a page:
        at most all of it is left empty."""
        x = inputs[0]
        assert isinstance(x, Sequence)
        width = self.features * self.directions
        outputs = (self.layers - 1 + self.bidirectional) * x.length * width  # beside the result
        copies = 2 if self.dropout else int(self.bidirectional)  # mask and dropped, or joined
        between = copies * x.length * width
        states = 4 * self.layers * width
        kept = outputs + between * (self.layers - 1) + states + self._workspaces(x)
        copied = 0 if self.bias else 4 * self._weights(x)
        pages = 7 * _PAGE * self.layers * self.directions
        result = not self.bidirectional  # else the directions' results are joined to a new tensor
        return Saves((0,), output=result, fixed=pages + copied, per_sample=4 * kept)

    def _workspaces(self, x: Sequence) -> int:
        later = self._workspace(x.length, self.features * self.directions) * (self.layers - 1)
        return (self._workspace(x.length, x.features) + later) * self.directions

    def _workspace(self, length: int, features: int) -> int:
        hidden, steps = self.features, length + 1
        states = 4 * steps * hidden + 6 * steps * _padded(max(features, hidden))
        return length * (_padded(4 * hidden) + _padded(hidden)) + states


def _padded(size: int) -> int:
    """How far apart oneDNN lays rows, so that they do not meet in the cache."""
    rounded = -(-size // 16) * 16
    return rounded if rounded % 256 else rounded + 16
