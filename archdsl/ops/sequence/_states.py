"""The states that recurrent layers begin and end with: one for each layer and direction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archdsl.ops.base import Op, OpError, Spelling, Trait, declare
from archdsl.ops.reads import MIXED, Along, Axis, Only, Reads
from archdsl.types import Sequence, TensorType, Vector, padding, said

if TYPE_CHECKING:
    from archdsl.ops.sequence._recurrent import Recurrent


@dataclass(frozen=True)
class FinalState(Op):
    """What ``layer`` ends with: its ``holds`` at this place. No word of the language: it is told
    apart from the states at every position, whose op has the weights of both."""

    layer: Recurrent
    place: int

    heeds_padding = True
    traits = frozenset({Trait.WEIGHTED, Trait.RECURRENT, Trait.MIXES_POSITIONS})

    def __post_init__(self) -> None:
        declare(self, word=self.layer.word, layers=self.layer.layers)

    def infer(self, *inputs: TensorType) -> TensorType:
        return type_of(self.layer)

    def bounds(self, *inputs: TensorType) -> tuple[float, float]:
        """The cell of an LSTM goes anywhere."""
        return self.layer.bounds(*inputs) if self.place == 0 else Op.gives

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        """All of what flows in; of the states given, those of the layers below and its own. Of its
        own cell and another layer's state at the first of several positions it is told more."""
        stacked = type_of(self.layer).kind == "sequence"
        if not stacked:
            begun = [Reads((Axis(0, MIXED),), n) for n in range(1, len(inputs))]
            return (Reads((Axis(None, MIXED), Axis(0, MIXED))), *begun)
        below = Below(self.layer.directions)
        begun = [Reads((Axis(0, below), Axis(1, MIXED)), n) for n in range(1, len(inputs))]
        return (Reads((Axis(None, MIXED), Axis(1, MIXED))), *begun)

    def spelling(self, *inputs: TensorType) -> Spelling:
        """It is spelled together with its layer."""
        return Spelling()


@dataclass(frozen=True)
class Below(Along):
    """The states of all layers below, each of so many ``directions``, and its own."""

    directions: int

    def at(self, place: int, size: int) -> tuple[int, ...]:
        return (*range(place // self.directions * self.directions), place)


@dataclass(frozen=True)
class Rows(Along):
    """Some of the states, whichever place of the result reads them."""

    rows: tuple[int, ...]

    def at(self, place: int, size: int) -> tuple[int, ...]:
        return self.rows


def type_of(layer: Recurrent) -> Vector | Sequence:
    """A state of a layer: a vector, of several layers or directions a sequence of these."""
    count = layer.layers * layer.directions
    return Vector(layer.features) if count == 1 else Sequence(count, layer.features)


def reads_given(layer: Recurrent, *inputs: TensorType) -> list[Reads]:
    """What the states at all positions read of those that the layer begins with."""
    found: list[Reads] = []
    for source in range(1, len(inputs)):
        if layer.layers * layer.directions == 1:
            found.append(Reads((Axis(1, MIXED),), source))
        elif not layer.bidirectional:
            found.append(Reads((Axis(None, MIXED), Axis(1, MIXED)), source))
        else:
            found += _of_directions(layer, source)
    return found


def _of_directions(layer: Recurrent, source: int) -> list[Reads]:
    """Each direction of the last layer gives its half of the features: it reads its own state, and
    those of the layers below."""
    below, width = 2 * (layer.layers - 1), layer.features
    return [
        Reads(
            (
                Axis(None, Rows((*range(below), below + direction))),
                Axis(1, Only(direction * width, (direction + 1) * width)),
            ),
            source,
        )
        for direction in (0, 1)
    ]


def check_given(layer: Recurrent, *given: TensorType) -> None:
    """Raises :class:`OpError` where a layer cannot begin with these states."""
    if given and len(given) < len(layer.holds):
        raise _one_of_two(layer)
    for name, one in zip(layer.holds, given, strict=False):
        if one != type_of(layer):
            raise _other_state(layer, name, one)


def check_rows_of(layer: Recurrent, *given: TensorType) -> None:
    """Raises :class:`OpError` where a state is a sequence of rows of different lengths."""
    for name, one in zip(layer.holds, given, strict=False):
        if padding(one) is not None:
            raise OpError(
                f"`{name}=` has rows of different lengths: `{padding(one)}`",
                code="E302",
                needed="a state for each layer and direction, of which all rows have as many",
                help=f"give it what a recurrent layer ends with: `let (_, {', '.join(layer.holds)})"
                f" = {layer.word()}(…, return_state=true)`",
            )


def _one_of_two(layer: Recurrent) -> OpError:
    state, cell = layer.holds
    return OpError(
        f"{layer.word()} begins with a {state} and a {cell}, and is given one of them",
        needed=f"`{state}=` and `{cell}=`, or neither",
        help=f"`let (_, {state}, {cell}) = {layer.word()}(…, return_state=true)` gives both; "
        f"`{cell}={state} -> zero` is a {cell} of zeros",
    )


def _other_state(layer: Recurrent, name: str, given: TensorType) -> OpError:
    wanted = type_of(layer)
    argument, replacement = _that_fits(layer, given)
    return OpError(
        f"`{name}=` is {said(given)}, and {_whose(layer)} begin{'s' * _is_one(layer)} with"
        f" {said(wanted)}",
        needed=said(wanted),
        help=_help(layer, name, given),
        argument=argument,
        replacement=replacement,
    )


def _is_one(layer: Recurrent) -> bool:
    return layer.layers * layer.directions == 1


def _whose(layer: Recurrent) -> str:
    width = f"of {layer.features} features"
    if layer.layers * layer.directions == 1:
        return f"one layer {width}"
    if layer.layers == 1:
        return f"both directions of a layer {width}"
    both = " in both directions" if layer.bidirectional else ""
    return f"{layer.layers} layers {width}{both}"


def _that_fits(layer: Recurrent, given: TensorType) -> tuple[str | None, str | None]:
    """The argument of the layer, and the value of it, with which it begins with what is given."""
    wanted = type_of(layer)
    if isinstance(given, Vector) and isinstance(wanted, Vector):
        return "features", str(given.features)
    if not isinstance(given, Sequence):
        return None, None
    if given.length == layer.layers * layer.directions:
        return "features", str(given.features)
    if given.features == layer.features and given.length % layer.directions == 0:
        return "layers", str(given.length // layer.directions)
    return None, None


def _help(layer: Recurrent, name: str, given: TensorType) -> str:
    width, count = layer.features, layer.layers * layer.directions
    if count == 1 and isinstance(given, Vector):
        return f"`-> linear({width})` gives a {name} of that width"
    if count == 1 and isinstance(given, Sequence):
        return f"`-> last` is the {name} of the last layer; `-> flatten -> linear({width})` joins all"
    if isinstance(given, Sequence) and given.length == count:
        return f"`-> linear({width})` gives each a {name} of that width"
    made = f"`-> linear({count * width}) -> reshape({width}, length={count})`"
    if isinstance(given, Sequence):
        made = made.replace("-> linear", "-> flatten -> linear")
    return f"{made} makes a {name} of each layer and direction"

