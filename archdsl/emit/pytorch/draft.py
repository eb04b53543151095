"""One class drafted: its submodules, and what its ``forward`` computes.

Which names submodules get decides the keys of the state dict:

1. A ``let`` with one step that needs a submodule gives its name to that step.
2. A ``let`` with several is an ``nn.Sequential`` of all its steps under its name.
3. A body without lets that is a row of modules is an ``nn.Sequential`` itself.
4. Other steps are called after their op or block, numbered when there are several.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.cost.counts import params
from archdsl.emit.pytorch.channels_last import Runs, permuted
from archdsl.emit.pytorch.containers import Containers
from archdsl.emit.pytorch.facts import placed
from archdsl.emit.pytorch.labels import call_name, flow_name, outside_name
from archdsl.emit.pytorch.modules import Either, Expression, Hole, Item, Row
from archdsl.emit.pytorch.templates import (
    AltStep,
    CallStep,
    ChannelsLastStep,
    DifferentStructure,
    Flow,
    MadeStep,
    ModuleStep,
    OpStep,
    RefStep,
    RepeatStep,
    SlotStep,
    Step,
    Unit,
)
from archdsl.emit.pytorch.values import LOOSE, Attribute, Value
from archdsl.ops.base import Trait
from archdsl.ops.result import Result
from archdsl.types import Auxiliary, Inputs, inputs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.emit.pytorch.facts import Facts
    from archdsl.emit.pytorch.traces import Traces
    from archdsl.emit.pytorch.unify import Arguments
    from archdsl.graph.nodes import OpNode, Ref
    from archdsl.types import TensorType

LIGHT = frozenset((Trait.NORM, Trait.ACTIVATION, Trait.REGULARIZER))


class Draft:
    """The submodules (``attributes``), values and holes of one class."""

    def __init__(self, unit: Unit, facts: Facts, traces: Traces, arguments: Arguments) -> None:
        self.unit = unit
        self.facts = facts
        self.containers = Containers(facts, unit, traces, arguments)
        self.runs = Runs(facts, self.containers)
        self.attributes: list[Attribute] = []
        self.values: list[Value] = []
        self.sequential: Row | None = None
        self.entering = {n: Value(fixed=n, out=part) for n, part in entering(unit).items()}
        self.x = next(iter(self.entering.values()), Value(fixed="x"))
        self.outside = {step.key: _from_outside(step) for step in unit.outside}
        self.modules: dict[str, Attribute] = {}
        self.context = {name: Value(fixed=name) for name in unit.context}
        self.lets: dict[str, Value] = {**self.entering}
        self.apart: dict[Value, Value] = {}  # where several results are taken apart
        self.result = self._body()

    @property
    def inputs(self) -> list[Value]:
        """The arguments of ``forward``."""
        return [*self.entering.values(), *self.outside.values(), *self.context.values()]

    @property
    def holes(self) -> list[Hole]:
        return self.containers.holes

    def _body(self) -> Value:
        unit = self.unit
        steps = _without_x(unit.result)
        containers = self.containers
        single = not unit.bindings and not unit.context
        if single and containers.stack(steps) and containers.owned(steps) > 1:
            self.sequential = containers.row(steps)
            return self.x
        for name, flow in unit.bindings:
            before = len(self.attributes)
            self._bind(name, flow)
            for attribute in self.attributes[before:]:
                attribute.let = attribute.let or name
        return self.flow(steps, self.x, Naming(""))

    def _bind(self, name: str, flow: Flow) -> None:
        label = name.replace(", ", "_")  # of a let that takes several results apart
        value, steps = self.x, _without_x(flow)
        if steps and isinstance(steps[0], RefStep):
            value, steps = self._reference(steps[0]), steps[1:]
        before, steps = self._split(steps)
        value = self.flow(before, value, Naming(""))
        if self.containers.owned(steps) > 1 and self.containers.stack(steps):
            made = self.containers.named(steps, label)
            result = self._apply(Attribute(label, made, label), value, _out(steps))
        else:
            several = sum(1 for s in steps if self.containers.owned([s])) > 1
            result = self.flow(steps, value, Naming(label, several))
        if result.fixed or result.let:
            self.lets[name] = result
            return
        result.let = label
        self.lets[name] = result

    def _split(self, steps: Flow) -> tuple[Flow, Flow]:
        """Leading steps without submodules that could not stand in a container, and the rest."""
        at = 0
        for place, step in enumerate(steps):
            if self.containers.owned([step]):
                break
            if not self.containers.stack([step]):
                at = place + 1
        return steps[:at], steps[at:]

    def flow(self, steps: Flow, value: Value, naming: Naming) -> Value:
        """Steps one after another."""
        for step in self.runs.together(steps):
            value = self._step(step, value, naming)
        return value

    def _step(self, step: Step, value: Value, naming: Naming) -> Value:
        if isinstance(step, RefStep):
            return self._reference(step)
        if isinstance(step, OpStep):
            return self._op(step, value, naming)
        if isinstance(step, CallStep):
            return self._call(step, value, naming)
        if isinstance(step, SlotStep):
            given = self.containers.given(step)
            return self._apply(Attribute(step.parameter, given, step.parameter), value, None)
        if isinstance(step, MadeStep):
            attribute = naming.attribute(step.parameter, self.containers.given(step))
            return self._apply(attribute, value, None)
        if isinstance(step, ModuleStep):
            return self._module(step, value)
        if isinstance(step, RepeatStep):
            return self._repeat(step, value, naming)
        if isinstance(step, ChannelsLastStep):
            return self._channels_last(step, value, naming)
        return self._alternative(step, value, naming)

    def _channels_last(self, step: ChannelsLastStep, value: Value, naming: Naming) -> Value:
        """Steps between two permutations, which stand in the lines of the first and the last."""
        values, attributes = len(self.values), len(self.attributes)
        for inner in step.flow:
            value = self._step(inner, value, naming)
        for made in self.values[values:]:
            made.channels_last = True
        for attribute in self.attributes[attributes:]:
            attribute.channels_last = True
        last, second = permuted(step.axes)
        norm = self.values[values]
        norm.template = norm.template.replace("{0}", f"{{0}}{last}")
        value.template, value.channels_last = f"{value.template}{second}", False
        return value

    def _reference(self, step: RefStep) -> Value:
        if step.from_outside:
            return self.outside[step.key]
        if step.is_module:
            held = Value("{m}", [], self._held(step), inline=True)
            self.values.append(held)
            return held
        return self.lets[_ref(step).name]

    def _held(self, step: RefStep) -> Attribute:
        """The submodule that a module of this body is, wherever it is applied."""
        name = next(iter(step.rows.values())).name
        held = self.modules.get(name)
        if held is None:
            if len(step.rows) < len(self.unit.fragments):
                raise DifferentStructure
            held = self.modules[name] = Attribute(name, self.containers.module(step.made), name)
            held.let = name
            self.attributes.append(held)
        return held

    def _module(self, step: ModuleStep, value: Value) -> Value:
        inner = step.flow[0]
        inputs, template = [value], "{m}({0})"
        if isinstance(inner, CallStep):
            inputs += self._further(inner)
            template = f"{{m}}({', '.join(f'{{{place}}}' for place in range(len(inputs)))})"
        elif isinstance(inner, OpStep):
            spelling = self.facts.spelling(next(iter(inner.rows.values())))
            inputs += self._further_inputs(spelling.context, next(iter(inner.rows)))
            template = _numbered(spelling.apply, spelling.context, 1)
        made = Value(template, inputs, out=_out(step.flow))
        if step.ref.from_outside:
            made.template = template.replace("{m}", f"{{{len(inputs)}}}")
            made.inputs = [*inputs, self.outside[step.ref.key]]
        else:
            made.attribute = self._held(step.ref)
        self.values.append(made)
        return made

    def _op(self, step: OpStep, value: Value, naming: Naming) -> Value:
        node = next(iter(step.rows.values()))
        if isinstance(node.op, Result):
            return self._result(value, node.op.place, node.out)
        spelling = next(iter(self.facts.spellings(step).values()))
        inputs = [value] if node.op.branches.with_flow or not step.branches else []
        inputs += [self.flow(branch, value, Naming("")) for branch in step.branches]
        if node.op.auxiliary:
            return inputs[0]
        context = self._further_inputs(spelling.context, next(iter(step.rows)))
        light = bool(node.op.traits & LIGHT) and len(inputs) == 1
        out = _out([step])
        if self.containers.is_module(step):
            attribute = naming.attribute(
                node.op.attribute or node.op.word(), self.containers.op(step)
            )
            self.attributes.append(attribute)
            template = _numbered(spelling.apply, spelling.context, len(inputs))
            made = Value(template, inputs + context, attribute, light=light, out=out)
        else:
            template, numbers = self.containers.function(step, len(inputs))
            made = Value(template, inputs + context, precedence=spelling.precedence, out=out)
            made.numbers = numbers
            made.light = light
            made.in_training = _in_training(node) if node.op.takes_several else frozenset()
        self.values.append(made)
        return made

    def _result(self, several: Value, place: int, out: TensorType) -> Value:
        """One of several results, which one statement gives names to."""
        apart = self.apart.get(several)
        if apart is None:
            apart = self.apart[several] = Value("{0}", [several], out=several.out, taken_apart=True)
            self.values.append(apart)
        if place not in apart.results:
            apart.results[place] = Value("{0}", [apart], out=out)
            self.values.append(apart.results[place])
        return apart.results[place]

    def _call(self, step: CallStep, value: Value, naming: Naming) -> Value:
        attribute = naming.attribute(call_name(step), self.containers.call(step))
        further = self._further(step)
        if not entering(step.unit):
            value, *further = further
        return self._apply(attribute, value, _out([step]), further)

    def _further(self, step: CallStep) -> list[Value]:
        tensors = [self._reference(tensor) for tensor in step.tensors]
        row, node = next(iter(step.rows.items()))
        return tensors + self._further_inputs(step.unit.given(node.fragment), row)

    def _further_inputs(self, names: Iterable[str], row: int) -> list[Value]:
        """Of what the model is given beside its inputs, by their names there."""
        called = self.unit.names[row]
        return [self.context[called.get(name, name)] for name in names]

    def _apply(
        self,
        attribute: Attribute,
        value: Value,
        out: TensorType | None,
        further: list[Value] | None = None,
    ) -> Value:
        inputs = [value, *(further or [])]
        places = ", ".join(f"{{{place}}}" for place in range(len(inputs)))
        made = Value(f"{{m}}({places})", inputs, attribute, out=out)
        self.attributes.append(attribute)
        self.values.append(made)
        return made

    def _repeat(self, step: RepeatStep, value: Value, naming: Naming) -> Value:
        if len(step.flow) == 1 and isinstance(step.flow[0], ModuleStep):
            made = self._module(step.flow[0], value)
            made.loop, made.numbers = True, {"count": self.containers.count(step)}
            return made
        if not self.containers.owned([step]):
            return self._unrolled(step, value)
        if self.containers.stack([step]):
            row = self.containers.row([step])
            return self._apply(naming.attribute(flow_name(step.flow), row), value, _out([step]))
        call = step.flow[0]
        if not isinstance(call, CallStep) or len(step.flow) > 1:
            return self._copied(step, value, naming)
        item = Item([self.containers.call(call)], self.containers.count(step))
        attribute = naming.attribute(flow_name(step.flow), Row([item], "nn.ModuleList"))
        made = self._apply(attribute, value, _out([step]), self._further(call))
        made.loop = True
        return made

    def _unrolled(self, step: RepeatStep, value: Value) -> Value:
        return self._copied(step, value, Naming(""))

    def _copied(self, step: RepeatStep, value: Value, naming: Naming) -> Value:
        """The steps written out as often as they are repeated."""
        counts = set(step.counts.values())
        if len(counts) > 1:
            raise DifferentStructure
        naming = Naming(naming.let, several=True)
        for _ in range(counts.pop()):
            given, value = value, self.flow(step.flow, value, naming)
            if value is given:  # nothing is done
                break
        return value

    def _module_or_not(self, step: AltStep, value: Value, naming: Naming) -> Value:
        """A module on one side of a condition, on the other what needs none: then it is None."""
        containers = self.containers
        is_yes = containers.owned(step.yes) > 0
        held, free = (step.yes, step.no) if is_yes else (step.no, step.yes)
        if containers.owned(free) or not containers.stack(held):
            raise DifferentStructure
        start = len(self.values)
        other = self.flow(free, value, Naming(""))
        for made in self.values[start:]:
            made.inline = True
        name = naming.let or flow_name(held)
        flag = containers.flag(step, name, is_yes)
        attribute = naming.attribute(name, Either(flag, containers.module(held), "None"))
        self.attributes.append(attribute)
        template = "{m}({0}) if {m} is not None else {1}"
        result = Value(template, [value, other], attribute, precedence=LOOSE)
        self.values.append(result)
        return result

    def _alternative(self, step: AltStep, value: Value, naming: Naming) -> Value:
        containers = self.containers
        if containers.owned([step]):
            if not containers.stack([step]):
                return self._module_or_not(step, value, naming)
            name = naming.let or flow_name(step.yes or step.no)
            flag, yes, no = containers.sides(step, name)
            return self._apply(naming.attribute(name, Either(flag, yes, no)), value, None)
        if _weighs(step.yes) or _weighs(step.no):
            raise DifferentStructure
        start = len(self.values)
        yes_value = self.flow(step.yes, value, Naming(""))
        no_value = self.flow(step.no, value, Naming(""))
        for made in self.values[start:]:
            made.inline = True
        flag = containers.flag(step, "residual" if _adds(step) else naming.let or "variant")
        made = Value("{0} if {flag} else {1}", [yes_value, no_value], flag=flag, precedence=LOOSE)
        self.values.append(made)
        return made


class Naming:
    """How the steps of one flow name their submodules: after a let, or after themselves."""

    def __init__(self, let: str, several: bool = False) -> None:
        self.let = let
        self.several = several
        self.number = 0

    def attribute(self, base: str, expression: Expression) -> Attribute:
        """The attribute of the next submodule."""
        self.number += 1
        if not self.let:
            return Attribute(base, expression)
        name = f"{self.let}_{self.number}" if self.several else self.let
        return Attribute(base, expression, name)


def _from_outside(step: RefStep) -> Value:
    """An argument of ``forward`` for what belongs to a body outside."""
    if step.is_module:
        return Value(fixed=outside_name(step), annotation="nn.Module")
    return Value(fixed=outside_name(step), out=_ref(step).out)


def _ref(step: RefStep) -> Ref:
    return next(iter(step.rows.values()))


def entering(unit: Unit) -> dict[str, TensorType]:
    """What flows into a body by its names there. Several inputs are known apart in the model; a
    block that they flow into reads none of them but those that it is handed."""
    if unit.is_model:
        return inputs(unit.takes)
    return {} if isinstance(unit.takes, Inputs) else {"x": unit.takes}


def _without_x(flow: Flow) -> Flow:
    first = flow[0] if flow else None
    if isinstance(first, RefStep) and first.key[0][1:] == ("x", 0):
        return flow[1:]
    return flow


def _numbered(apply: str, context: tuple[str, ...], count: int) -> str:
    places = placed(context, count)
    return apply.format(*(f"{{{n}}}" for n in range(count)), x="{0}", m="{m}", **places)


def _weighs(flow: Flow) -> bool:
    """Whether steps hold weights, which may not be made for rows that lack them."""
    return any(params(n) for s in flow if isinstance(s, OpStep) for n in s.rows.values())


def _adds(step: AltStep) -> bool:
    ops = [n.op for s in step.yes + step.no if isinstance(s, OpStep) for n in s.rows.values()]
    return any(Trait.ADDITIVE in op.traits for op in ops)


def _in_training(node: OpNode) -> frozenset[int]:
    """The places of the results that are there in training only."""
    return frozenset(n for n, x in enumerate(node.inputs) if isinstance(x, Auxiliary))


def _out(steps: Flow) -> TensorType | None:
    """What a flow gives when it is the same in all rows."""
    outs: set[Any] = set()
    last = steps[-1] if steps else None
    if isinstance(last, (OpStep, CallStep)):
        outs = {node.out for node in last.rows.values()}
    elif isinstance(last, RepeatStep):
        return _out(last.flow)
    return outs.pop() if len(outs) == 1 else None
