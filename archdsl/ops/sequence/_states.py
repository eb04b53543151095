"""The states that recurrent layers begin and end with: one for each layer and direction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from archdsl.ops.base import Op, OpError, Spelling, Trait, declare
from archdsl.ops.reads import MIXED, Along, Axis, Only, Reads
from archdsl.types import Sequence, TensorType, Vector, padding, said


class States(NamedTuple):
    """The states of a layer called ``word``: of each of its ``holds``, which are what it hands from
    step to step, one for each layer and direction."""

    word: str
    holds: tuple[str, ...]
    features: int
    layers: int
    directions: int

    @property
    def number(self) -> int:
        """How many there are of each."""
        return self.layers * self.directions

    @property
    def type(self) -> Vector | Sequence:
        """All of one kind: a vector, of several layers or directions a sequence of these."""
        return Vector(self.features) if self.number == 1 else Sequence(self.number, self.features)


@dataclass(frozen=True)
class FinalState(Op):
    """The last of ``states`` of the kind at this ``place``, all ``within`` two bounds. No word of
    the language: it is what a layer gives beside its states at every position, and the op that
    gives these has the weights of both."""

    states: States
    place: int
    within: tuple[float, float]

    heeds_padding = True
    traits = frozenset({Trait.WEIGHTED, Trait.RECURRENT, Trait.MIXES_POSITIONS})

    def __post_init__(self) -> None:
        declare(self, word=lambda: self.states.word, layers=self.states.layers, gives=self.within)

    def infer(self, *inputs: TensorType) -> TensorType:
        return self.states.type

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        """All of what flows in; of the states given, those of the layers below and its own. What a
        cell reads of the one given is no more than that."""
        if self.states.number == 1:
            begun = [Reads((Axis(0, MIXED),), n) for n in range(1, len(inputs))]
            return (Reads((Axis(None, MIXED), Axis(0, MIXED))), *begun)
        below = Below(self.states.directions)
        begun = [Reads((Axis(0, below), Axis(1, MIXED)), n) for n in range(1, len(inputs))]
        return (Reads((Axis(None, MIXED), Axis(1, MIXED))), *begun)

    def spelling(self, *inputs: TensorType) -> Spelling:
        """It is spelled together with its states."""
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


def reads_given(states: States, *inputs: TensorType) -> list[Reads]:
    """What the states at all positions read of those that the layer begins with."""
    found: list[Reads] = []
    for source in range(1, len(inputs)):
        if states.number == 1:
            found.append(Reads((Axis(1, MIXED),), source))
        elif states.directions == 1:
            found.append(Reads((Axis(None, MIXED), Axis(1, MIXED)), source))
        else:
            found += _of_directions(states, source)
    return found


def _of_directions(states: States, source: int) -> list[Reads]:
    """Each direction of the last layer gives its half of the features: it reads its own state, and
    those of the layers below."""
    below, width = 2 * (states.layers - 1), states.features
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


def check_given(states: States, *given: TensorType) -> None:
    """Raises :class:`OpError` where a layer cannot begin with these states."""
    if given and len(given) < len(states.holds):
        raise _one_of_two(states)
    for name, one in zip(states.holds, given, strict=False):
        if one != states.type:
            raise _other_state(states, name, one)


def check_rows_of(states: States, *given: TensorType) -> None:
    """Raises :class:`OpError` where a state is a sequence of rows of different lengths."""
    for name, one in zip(states.holds, given, strict=False):
        if padding(one) is not None:
            raise OpError(
                f"`{name}=` has rows of different lengths: `{padding(one)}`",
                code="E302",
                needed="a state for each layer and direction, as many in all rows",
                help=f"give it what a recurrent layer ends with: {_taken_apart(states)}",
            )


def _one_of_two(states: States) -> OpError:
    state, cell = states.holds
    return OpError(
        f"{states.word} begins with a {state} and a {cell}, and is given one of them",
        needed=f"`{state}=` and `{cell}=`, or neither",
        help=f"{_taken_apart(states)} gives both; `{cell}={state} -> zero` is a {cell} of zeros",
    )


def _taken_apart(states: States) -> str:
    return f"`let (_, {', '.join(states.holds)}) = {states.word}(…, return_state=true)`"


def _other_state(states: States, name: str, given: TensorType) -> OpError:
    wanted = states.type
    argument, replacement = _that_fits(states, given)
    return OpError(
        f"`{name}=` is {said(given)}, and {_whose(states)} begin{'s' * _is_one(states)} with"
        f" {said(wanted)}",
        needed=said(wanted),
        help=_help(states, name, given),
        argument=argument,
        replacement=replacement,
    )


def _is_one(states: States) -> bool:
    return states.number == 1


def _whose(states: States) -> str:
    width = f"of {states.features} features"
    if states.number == 1:
        return f"one layer {width}"
    if states.layers == 1:
        return f"both directions of a layer {width}"
    both = " in both directions" if states.directions == 2 else ""
    return f"{states.layers} layers {width}{both}"


def _that_fits(states: States, given: TensorType) -> tuple[str | None, str | None]:
    """The argument of the layer, and the value of it, with which it begins with what is given."""
    wanted = states.type
    if isinstance(given, Vector) and isinstance(wanted, Vector):
        return "features", str(given.features)
    if not isinstance(given, Sequence):
        return None, None
    if given.length == states.number:
        return "features", str(given.features)
    if given.features == states.features and given.length % states.directions == 0:
        return "layers", str(given.length // states.directions)
    return None, None


def _help(states: States, name: str, given: TensorType) -> str:
    width, count = states.features, states.number
    if count == 1 and isinstance(given, Vector):
        return f"`-> linear({width})` gives a {name} of that width"
    if count == 1 and isinstance(given, Sequence):
        if given.features == width:
            return f"`-> last` is that of the last layer; `layers={given.length}` begins with all"
        return f"`-> last -> linear({width})` takes that of the last layer alone"
    if isinstance(given, Sequence) and given.length == count:
        return f"`-> linear({width})` gives each a {name} of that width"
    made = f"`-> linear({count * width}) -> reshape({width}, length={count})`"
    if isinstance(given, Sequence):
        made = made.replace("-> linear", "-> flatten -> linear")
    return f"{made} makes a {name} of each layer and direction"
