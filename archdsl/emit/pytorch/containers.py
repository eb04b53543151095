"""Steps as constructor expressions: what a class writes to the right of ``self.name =``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from archdsl.emit.pytorch.labels import flow_name
from archdsl.emit.pytorch.literals import literal
from archdsl.emit.pytorch.modules import (
    UNSET,
    Argument,
    Either,
    Expression,
    Hole,
    Item,
    New,
    Row,
)
from archdsl.emit.pytorch.shapes import note
from archdsl.emit.pytorch.templates import (
    AltStep,
    CallStep,
    DifferentStructure,
    Flow,
    OpStep,
    Parameter,
    RepeatStep,
    SlotStep,
    Step,
    Unit,
)
from archdsl.emit.pytorch.torch_defaults import default_of

if TYPE_CHECKING:
    from archdsl.emit.pytorch.facts import Facts
    from archdsl.emit.pytorch.values import Attribute
    from archdsl.types import TensorType

IDENTITY = "nn.Identity()"


class Containers:
    """Constructor expressions of the steps of one class, and the holes they have."""

    def __init__(self, facts: Facts, unit: Unit) -> None:
        self.facts = facts
        self.unit = unit
        self.holes: list[Hole] = []
        self.alone = len(unit.fragments) == 1
        self._shape: TensorType | None = None  # after the last item with a comment

    def hole(
        self, values: dict[int, Any], hint: str, evidence: str = "", default: Any = UNSET
    ) -> Hole:
        """A value that rows may differ in."""
        made = Hole(values, hint, evidence, default)
        self.holes.append(made)
        return made

    def is_module(self, step: OpStep) -> bool:
        """Whether it is a submodule here: also when copies differ in what a function would say."""
        nodes = list(step.rows.values())
        if self.facts.is_module(nodes[0]):
            return True
        spellings = [self.facts.spelling(node) for node in nodes]
        values = {tuple(s.values.items()) for s in spellings}
        return len(values) > 1 and all(s.module is not None for s in spellings)

    def owned(self, flow: Flow) -> int:
        """How many submodules some steps would be."""
        return sum(map(self._owned, flow))

    def _owned(self, step: Step) -> int:
        if isinstance(step, OpStep):
            return int(self.is_module(step))
        if isinstance(step, (CallStep, SlotStep)):
            return 1
        if isinstance(step, RepeatStep):
            return 2 * self.owned(step.flow)
        if isinstance(step, AltStep):
            return max(self.owned(step.yes), self.owned(step.no))
        return 0

    def stack(self, flow: Flow) -> bool:
        """Whether some steps can stand in ``nn.Sequential``."""
        return all(map(self._stacks, flow))

    def _stacks(self, step: Step) -> bool:
        if isinstance(step, OpStep):
            return all(self.facts.stacks(node) for node in step.rows.values())
        if isinstance(step, CallStep):
            return not step.unit.outside and not step.unit.context
        if isinstance(step, RepeatStep):
            return self.stack(step.flow)
        if isinstance(step, AltStep):
            return self.stack(step.yes) and self.stack(step.no)
        return isinstance(step, SlotStep)

    def named(self, flow: Flow, name: str) -> Expression:
        """All steps of a let as one module."""
        if len(flow) == 1 and isinstance(flow[0], AltStep):
            return Either(*self.sides(flow[0], name))
        return self.row(flow)

    def row(self, flow: Flow) -> Row:
        """All steps as the items of one ``nn.Sequential``."""
        self._shape = None
        notes = self.alone and len(flow) > 2
        return Row([item for step in flow for item in self._items(step, notes)])

    def module(self, flow: Flow) -> Expression:
        """Steps as one module."""
        items = self.row(flow).items
        if not items:
            return IDENTITY
        plain = items[0].count is None and items[0].flag is None and len(items[0].modules) == 1
        return items[0].modules[0] if len(items) == 1 and plain else Row(items)

    def _items(self, step: Step, notes: bool = False) -> list[Item]:
        if isinstance(step, RepeatStep):
            inner = [m for s in step.flow for item in self._items(s) for m in _plain(item)]
            return [Item(inner, self.count(step))]
        if isinstance(step, AltStep):
            return self._optional(step)
        if isinstance(step, SlotStep):
            return [Item([step.parameter])]
        made = self.op(step) if isinstance(step, OpStep) else self.call(step)  # type: ignore[arg-type]
        return [Item([made], note=self._note(step) if notes else "")]

    def _optional(self, step: AltStep) -> list[Item]:
        if step.yes and step.no:
            flag, yes, no = self.sides(step, "variant")
            return [Item([Either(flag, yes, no)])]
        flow = step.yes or step.no
        name = flow_name(flow)
        taken = {row: taken == bool(step.yes) for row, taken in step.taken.items()}
        flag = self.hole(taken, name, step.span.text)
        inner = [m for s in flow for item in self._items(s) for m in _plain(item)]
        return [Item(inner, flag=flag)]

    def sides(self, step: AltStep, name: str) -> tuple[Hole, Expression, Expression]:
        """A conditional module: the flag comes true for the side that is more than nothing."""
        yes, no = (step.yes, step.no) if step.yes else (step.no, step.yes)
        taken = {row: taken == (yes is step.yes) for row, taken in step.taken.items()}
        flag = self.hole(taken, name, step.span.text)
        return flag, self.module(yes), self.module(no)

    def flag(self, step: AltStep, name: str) -> Hole:
        """Which side of a ``when`` was taken."""
        return self.hole(dict(step.taken), name, step.span.text)

    def count(self, step: RepeatStep) -> Hole:
        """How many copies."""
        return self.hole(dict(step.counts), f"{flow_name(step.flow)}_count")

    def _note(self, step: Any) -> str:
        out = next(iter(step.rows.values())).out
        before, self._shape = self._shape, out
        return "" if out == before else note(out)

    def op(self, step: OpStep) -> New:
        """The constructor call of an op's submodule."""
        constructs = {row: self.facts.spelling(node).module for row, node in step.rows.items()}
        first = next(iter(constructs.values()))
        longest = max(constructs.values(), key=lambda c: len(c.arguments) if c else 0)
        if first is None or longest is None:
            raise DifferentStructure
        evidence = next(iter(step.rows.values())).span.text
        arguments: list[Argument] = []
        for place, name in enumerate(longest.arguments):
            values, default = {}, UNSET
            for row, construct in constructs.items():
                given = construct.arguments if construct else {}
                if name not in given:
                    default = default_of(first.callee, name)
                values[row] = given.get(name, default)
                if values[row] is UNSET:
                    raise DifferentStructure
            hole = self.hole(values, name, _given(name, evidence), default)
            hole.beside = _kernel(arguments) if name == "padding" else None
            keyword = "" if place < longest.positional else name
            arguments.append(Argument(keyword, hole, default))
        if any(set(c.arguments) - set(longest.arguments) for c in constructs.values() if c):
            raise DifferentStructure
        return New(first.callee, arguments)

    def call(self, step: CallStep) -> New:
        """The constructor call of a class: sizes by position, the rest by name."""
        unit = step.unit
        arguments = [self._passed(step, p, place) for place, p in enumerate(unit.parameters)]
        keyworded = bool(arguments) or len(unit.slots) > 1
        handed = [
            Argument(name if keyworded else "", self.module(step.slots[name]))
            for name in unit.slots
        ]
        return New(unit.name, [*arguments, *handed])

    def _passed(self, step: CallStep, parameter: Parameter, place: int) -> Argument:
        unit = step.unit
        filler = next(iter(parameter.values.values()))
        values = {
            row: parameter.values.get(unit.row(node.fragment), filler)
            for row, node in step.rows.items()
        }
        sized = parameter.default is UNSET and parameter.annotation == "int"
        by_place = sized and (place == 0 or (place == 1 and parameter.own))
        evidence = _given(parameter.name, next(iter(step.rows.values())).span.text)
        hole = self.hole(values, parameter.name, evidence, parameter.default)
        return Argument("" if by_place else parameter.name, hole, parameter.default)

    def function(self, node: Any, count: int, named: dict[str, Attribute]) -> str:
        """The text of a stateless op, its inputs as ``{0}``, ``{1}`` …"""
        spelling = self.facts.spelling(node)
        places = [f"{{{n}}}" for n in range(count)]
        context = {name: f"{{{count + at}}}" for at, name in enumerate(spelling.context)}
        values = {name: literal(value) for name, value in spelling.values.items()}
        return str(spelling.function).format(*places, x="{0}", **context, **values)


def _given(name: str, call: str) -> str:
    """What a call's text says of one argument: its value, or all when it is not named."""
    found = re.search(rf"\b{re.escape(name)}\s*=(?!=)([^,()]*)", call)
    return found.group(1) if found else re.sub(r"\w+\s*=(?!=)[^,()]*", "", call)


def _kernel(arguments: list[Argument]) -> Hole | None:
    for argument in arguments:
        if isinstance(argument.value, Hole) and argument.value.hint == "kernel_size":
            return argument.value
    return None


def _plain(item: Item) -> list[Expression]:
    if item.flag is None and item.count is None:
        return item.modules
    return [Row([item])]
