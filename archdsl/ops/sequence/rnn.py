"""The plain recurrent layer."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.base import Synonyms
from archdsl.ops.sequence._recurrent import Recurrent


@dataclass(frozen=True)
class Rnn(Recurrent):
    """L×C → L×features (twice the features when bidirectional): the hidden states of the last of
    ``layers`` Elman layers, h' = tanh(W·x + U·h) (Elman, 1990).

    ``dropout`` acts between layers. MACs: H·(I + H) for each position, layer and direction.
    PyTorch: nn.RNN(batch_first=True), its first result.

    Errors: anything but a sequence; dropout with a single layer.
    """

    gates = 1
    torch_class = "nn.RNN"
    example = "rnn(128)"
    synonyms = Synonyms(
        torch=("RNN",),
        keras=("SimpleRNN",),
        arguments={
            "input_size": "",
            "hidden_size": "features",
            "units": "features",
            "num_layers": "layers",
            "batch_first": "",
        },
        takes=("", "features", "layers", "bias"),
    )
    attribute = "rnn"
