"""What recurrent layers have in common: gates, directions, layers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from archdsl.ops.base import (
    Branches,
    Construct,
    Op,
    OpError,
    Saves,
    Spelling,
    Synonyms,
    Trait,
)
from archdsl.ops.parameters import flag, real, whole
from archdsl.ops.plumbing._kinds import wrong_kind
from archdsl.ops.reads import MIXED, After, Before, Only, Reads, each
from archdsl.ops.sequence._recurrent_text import applied
from archdsl.ops.sequence._states import (
    FinalState,
    States,
    check_given,
    check_rows_of,
    reads_given,
)
from archdsl.types import Outputs, Sequence, TensorType

_DEFAULTS = {"num_layers": 1, "bias": True, "dropout": 0.0, "bidirectional": False}


def called(torch: str, keras: str, **more: str) -> Synonyms:
    """What a recurrent layer is called elsewhere, with the arguments that all have there, and
    ``more``."""
    return Synonyms(
        torch=(torch,),
        keras=(keras,),
        arguments={
            "input_size": "",
            "hidden_size": "features",
            "units": "features",
            "num_layers": "layers",
            "batch_first": "",
            "initial_state": "state",
            "h_0": "state",
            "hx": "state",
            **more,
        },
        takes=("", "features", "layers", "bias"),
    )


@dataclass(frozen=True)
class Recurrent(Op):
    """A stack of recurrent layers that gives the state at every position, and with ``return_state``
    those that it ends with, too. ``holds`` is what a layer hands from step to step, by the names of
    the arguments that it begins with."""

    features: int = whole()
    layers: int = whole(1)
    bidirectional: bool = flag(False)
    dropout: float = real(0.0, minimum=0, maximum=1)
    bias: bool = flag(True)
    return_state: bool = flag(False)

    branches = Branches(optional=("state",))
    holds: ClassVar[tuple[str, ...]] = ("state",)
    several_by = "return_state"
    heeds_padding = True  # what goes forward meets it last
    gates: ClassVar[int] = 1
    torch_class: ClassVar[str] = "nn.RNN"
    traits = frozenset({Trait.WEIGHTED, Trait.RECURRENT, Trait.MIXES_POSITIONS})
    gives = (-1, 1)
    example_data: ClassVar[str] = "series(100, 8)"

    def infer(self, *inputs: TensorType) -> TensorType:
        x, *given = inputs
        if not isinstance(x, Sequence):
            help = "to_sequence makes an image a sequence of its positions"
            raise wrong_kind(self.word(), x, (Sequence,), help=help)
        if self.dropout and self.layers == 1:
            raise _nothing_to_drop()
        check_given(self.states, *given)
        states = Sequence(x.length, self.features * self.directions)
        if not self.return_state:
            return states
        return Outputs((states, *[self.states.type] * len(self.holds)))

    def check_rows(self, *inputs: TensorType) -> None:
        check_rows_of(self.states, *inputs[1:])

    def apart(self, *inputs: TensorType) -> tuple[Op, ...]:
        within = (self.bounds(*inputs), *[Op.gives] * (len(self.holds) - 1))
        last = (FinalState(self.states, place, bounds) for place, bounds in enumerate(within))
        return (replace(self, return_state=False), *last)

    def params(self, *inputs: TensorType) -> int:
        gates = self.gates * self.features
        biases = 2 * gates * self.bias * self.directions * self.layers
        return self._weights(inputs[0]) + biases

    def macs(self, *inputs: TensorType) -> int:
        x = inputs[0]
        assert isinstance(x, Sequence)
        return self._weights(x) * x.length

    def saves(self, *inputs: TensorType) -> Saves:
        """Of rows that are read to their ends also how many are left at each position, and their
        order by length."""
        x = inputs[0]
        assert isinstance(x, Sequence)
        width = self.features * self.directions
        between = x.length * width * (2 if self.dropout else 1)  # the next layer's input, the mask
        kept = x.length * x.features * self.directions + between * (self.layers - 1)
        numbers = kept + self.layers * width * self._steps(x.length)
        to_ends = self.return_state and x.padded is not None
        return Saves(fixed=8 * x.length * to_ends, per_sample=4 * numbers + 16 * to_ends)

    def saves_in_use(self, *inputs: TensorType) -> Saves:
        return replace(self, dropout=0.0).saves(*inputs)

    def _steps(self, length: int) -> int:
        """Numbers kept for each feature of a layer, its initial state included."""
        return length + 1

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        """Of a layer that reads both ways each direction gives its half of the features; a second
        layer reads both halves."""
        x, begun = inputs[0], reads_given(self.states, *inputs)
        if not self.bidirectional:
            return (each(x, Before(), MIXED), *begun)
        if self.layers > 1:
            return (each(x, MIXED, MIXED), *begun)
        width = self.features
        forward = each(x, Before(), Only(0, width))
        return (forward, each(x, After(), Only(width, 2 * width)), *begun)

    def spelling(self, *inputs: TensorType) -> Spelling:
        x = inputs[0]
        assert isinstance(x, Sequence)
        arguments = {
            "input_size": x.features,
            "hidden_size": self.features,
            "num_layers": self.layers,
            "bias": self.bias,
            "batch_first": True,
            "dropout": self.dropout,
            "bidirectional": self.bidirectional,
        }
        construct = Construct(self.torch_class, arguments, positional=2, defaults=_DEFAULTS)
        to_ends = self.bidirectional or self.return_state
        returned = ("states" if self.states.number > 1 else "state") if self.return_state else ""
        return applied(
            construct,
            given=len(inputs) - 1,
            returned=returned,
            pair=len(self.holds) == 2,
            rows=x.padded if to_ends else None,
        )

    @property
    def directions(self) -> int:
        """2 when it also reads from the end."""
        return 2 if self.bidirectional else 1

    @property
    def states(self) -> States:
        """Those that it begins and ends with."""
        return States(self.word(), self.holds, self.features, self.layers, self.directions)

    def _weights(self, x: TensorType) -> int:
        assert isinstance(x, Sequence)
        hidden = self.features
        first = x.features + hidden
        later = (hidden * self.directions + hidden) * (self.layers - 1)
        return self.gates * hidden * self.directions * (first + later)


def _nothing_to_drop() -> OpError:
    return OpError(
        "dropout acts between layers, and there is one",
        needed="layers=2 or more, or dropout=0",
        help="for dropout on the result, write `-> dropout(…)` after it",
        argument="dropout",
        replacement="0",
    )
