"""The plain recurrent layer."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.sequence._recurrent import Recurrent, called


@dataclass(frozen=True)
class Rnn(Recurrent):
    """L×C → L×features (twice the features when bidirectional): the hidden states of the last of
    ``layers`` Elman layers, h' = tanh(W·x + U·h) (Elman, 1990).

    ``dropout`` acts between layers. It begins with zeros, or with ``state=``: a vector of
    ``features``, of several layers or directions a sequence of these, in PyTorch's order. With
    ``return_state`` it gives what it ends with, too, in the same form:
    ``let (read, state) = rnn(128, return_state=true)``. MACs: H·(I + H) for each position,
    layer and direction. PyTorch: nn.RNN(batch_first=True), its first result.

    Errors: anything but a sequence; dropout with a single layer; a state of another size.
    """

    gates = 1
    torch_class = "nn.RNN"
    example = "rnn(128)"
    synonyms = called("RNN", "SimpleRNN")
    attribute = "rnn"
