"""Making units: parts of a program, each with the values that it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.evaluate.frames import Frame, Tensor
from archdsl.evaluate.layers import Variable
from archdsl.evaluate.op_calls import OpCall
from archdsl.space.explore.units import Unit, Value, directly_read, reads, scopes_of

if TYPE_CHECKING:
    from collections.abc import Set

    from archdsl.evaluate.requirements import Decided, Requirement
    from archdsl.evaluate.run import Run
    from archdsl.graph.nodes import Node
    from archdsl.space.explore.run import SpaceRun
    from archdsl.space.explore.units import Scope, Units
    from archdsl.types import TensorType


class Names(NamedTuple):
    """Several names, read at once."""

    free: Any


def value_unit(units: Units, scalar: Any, frame: Frame, need: Requirement | None) -> Unit:
    """A value, which may be part of the condition of a requirement."""
    key = ("value", scalar, need, reads(scalar, frame.env, frame.depth))
    here = Frame(frame.env, "", frame.depth, frame.home)

    def code(takes: None, run: Run) -> Value:
        return Value(scalar.value(here, run))

    unit = units.unit(
        key,
        code,
        lambda: scopes_of(scalar.free, frame.env),
        direct=lambda: directly_read(scalar.free, frame.env),
    )
    unit.need = need
    return unit


def let_unit(units: Units, scalar: Any, frame: Frame, decided: Decided) -> Unit:
    """A let that is a value, without those values that miss what it decides: they are met nowhere,
    so that nothing has to remember what the requirements are about."""
    name, needs = decided
    names = scalar.free.union(*(need.condition.free for need in needs)) - {name}
    key = ("let", scalar, needs, reads(Names(names), frame.env, frame.depth))

    def code(takes: None, run: SpaceRun) -> Value:
        value = scalar.value(Frame(frame.env, "", frame.depth, frame.home), run)
        here = Frame({**frame.env, name: value}, "", frame.depth, frame.home)
        for need in needs:
            run.hold(need, here)
        return Value(value)

    return units.unit(
        key,
        code,
        lambda: scopes_of(names, frame.env),
        direct=lambda: directly_read(names, frame.env),
    )


def layer_unit(
    units: Units,
    layer: Any,
    frame: Frame,
    lends: bool = False,
    live: Set[str] = frozenset(),
) -> Unit:
    """A layer with the values that it reads. Which of the lets that are ``live`` it reads makes no
    difference."""
    key = ("layer", layer, units.level(frame), reads(layer, frame.env, frame.depth), live)
    here = frame.at("")

    def code(takes: TensorType, run: Run) -> Node:
        node: Node = layer.apply(here.at(""), takes, run)
        return node

    def scopes() -> frozenset[Scope]:
        return scopes_of(layer.free, frame.env)

    unit = units.unit(key, code, scopes, lends=lends, in_module=frame.in_module)
    unit.live = live
    if type(layer) is not OpCall or layer.is_open or unit.op or unit.merge:
        return unit
    if layer.branches:
        unit.merge = (layer, _arguments_unit(units, layer, here), here)
    else:
        unit.op = (layer, _arguments_unit(units, layer, here), here.learning)
    return unit


def _arguments_unit(units: Units, layer: OpCall, here: Frame) -> Unit:
    """The values of an op's arguments."""
    key = ("arguments", layer, reads(layer, here.env, here.depth))

    def code(takes: None, run: Run) -> Value:
        return Value(layer.values(here, run))

    return units.unit(key, code, lambda: scopes_of(layer.free, here.env))


def is_plain(layer: Any, frame: Frame) -> bool:
    """Whether a layer is applied at once: an op as it is written, or a tensor's name."""
    if type(layer) is OpCall:
        return not layer.branches and layer.written is not None
    return type(layer) is Variable and type(frame.env.get(layer.name)) is Tensor
