"""Steps as constructor expressions: what a class writes to the right of ``self.name =``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.emit.pytorch.defaults import default_of, followed, order_of
from archdsl.emit.pytorch.facts import placed
from archdsl.emit.pytorch.labels import flow_name
from archdsl.emit.pytorch.modules import (
    UNSET,
    Argument,
    Either,
    Expression,
    Given,
    Hole,
    Item,
    Making,
    New,
    Row,
)
from archdsl.emit.pytorch.shapes import note
from archdsl.emit.pytorch.templates import (
    AltStep,
    CallStep,
    DifferentStructure,
    Flow,
    MadeStep,
    OpStep,
    Parameter,
    RepeatStep,
    SlotStep,
    Step,
    Unit,
)
from archdsl.formulas import lost, made, sources

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archdsl.emit.pytorch.facts import Facts
    from archdsl.emit.pytorch.traces import Traces
    from archdsl.emit.pytorch.unify import Arguments
    from archdsl.graph.nodes import OpNode
    from archdsl.ops.base import Construct, Spelling
    from archdsl.types import TensorType

IDENTITY = "nn.Identity()"


class Containers:
    """Constructor expressions of the steps of one class, and the holes they have."""

    def __init__(self, facts: Facts, unit: Unit, traces: Traces, arguments: Arguments) -> None:
        self.arguments = arguments
        self.facts = facts
        self.unit = unit
        self.traces = [traces.of(fragment) for fragment in unit.fragments]
        self.holes: list[Hole] = []
        self.layers: list[Given] = []
        self.least: list[Hole] = []  # that there are as many copies as the class writes out
        self.alone = len(unit.fragments) == 1
        self._shape: TensorType | None = None  # after the last item with a comment

    def hole(
        self,
        values: dict[int, Any],
        hint: str,
        default: Any = UNSET,
        formulas: dict[int, list[Any]] | None = None,
    ) -> Hole:
        """A value that rows may differ in."""
        hole = Hole(values, hint, default, formulas or {})
        self.holes.append(hole)
        return hole

    def given(self, step: SlotStep | MadeStep) -> Given:
        """A layer handed to the class."""
        layer = Given(step.parameter, isinstance(step, MadeStep) and step.called)
        self.layers.append(layer)
        return layer

    def told(self, rows: Mapping[int, Any], name: str) -> dict[int, list[Any]]:
        """The formulas of something about a node of each row, for those that have some."""
        found = {row: self.traces[row].told.get((id(node), name)) for row, node in rows.items()}
        return {row: formulas for row, formulas in found.items() if formulas}

    def is_module(self, step: OpStep) -> bool:
        """Whether it is a submodule here: also when copies differ in what a function would say."""
        nodes = list(step.rows.values())
        if self.facts.is_module(nodes[0]):
            return True
        spellings = [self.facts.spelling(node) for node in nodes]
        values = {tuple(s.values.items()) for s in spellings}
        differ = len(values) > 1 or self._varies(step)
        return differ and all(s.module is not None for s in spellings)

    def _varies(self, step: OpStep) -> bool:
        """Whether what a function would say follows from arguments of the class."""
        return any(
            self.varies(row, node, name)
            for row, node in step.rows.items()
            for name in self.traces[row].arguments.get(id(node), ())
        )

    def varies(self, row: int, node: OpNode, name: str) -> bool:
        """Whether an argument of an op's submodule follows from arguments of the class."""
        return any(map(self.arguments.varies, self.traces[row].told[id(node), name]))

    def owned(self, flow: Flow) -> int:
        """How many submodules some steps would be."""
        return sum(map(self._owned, flow))

    def _owned(self, step: Step) -> int:
        if isinstance(step, OpStep):
            return int(self.is_module(step))
        if isinstance(step, (CallStep, SlotStep, MadeStep)):
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
        return isinstance(step, (SlotStep, MadeStep))

    def named(self, flow: Flow, name: str) -> Expression:
        """All steps of a let as one module."""
        if len(flow) == 1 and isinstance(flow[0], AltStep):
            return Either(*self.sides(flow[0], name))
        return self.row(flow)

    def row(self, flow: Flow) -> Row:
        """All steps as the items of one ``nn.Sequential``."""
        around, self._shape = self._shape, None
        notes = self.alone and len(flow) > 2
        made = Row([item for step in flow for item in self._items(step, notes)])
        self._shape = around
        return made

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
        if isinstance(step, (SlotStep, MadeStep)):
            return [Item([self.given(step)])]
        module = self.op(step) if isinstance(step, OpStep) else self.call(step)  # type: ignore[arg-type]
        return [Item([module], note=self._note(step) if notes else "")]

    def _optional(self, step: AltStep) -> list[Item]:
        if step.yes and step.no:
            flag, yes, no = self.sides(step, "variant")
            return [Item([Either(flag, yes, no)])]
        flow = step.yes or step.no
        name = flow_name(flow)
        flag = self.flag(step, name, bool(step.yes))
        inner = [m for s in flow for item in self._items(s) for m in _plain(item)]
        return [Item(inner, flag=flag)]

    def sides(self, step: AltStep, name: str) -> tuple[Hole, Expression, Expression]:
        """A conditional module: the flag comes true for the side that is more than nothing."""
        yes, no = (step.yes, step.no) if step.yes else (step.no, step.yes)
        flag = self.flag(step, name, yes is step.yes)
        return flag, self.module(yes), self.module(no)

    def flag(self, step: AltStep, name: str, side: bool = True) -> Hole:
        """Whether a ``when`` came out for a side."""
        taken = {row: taken is side for row, taken in step.taken.items()}
        told = self.told(step.rows, "taken")
        self.arguments.sides.append(Hole(step.taken, "", formulas=told))
        if not side:
            told = {row: [made("not", f) for f in found] for row, found in told.items()}
        return self.hole(taken, name, formulas=told)

    def needs(self) -> list[Hole]:
        """What has to hold for the one side of a condition that the class has, and for the copies
        that it writes out."""
        found = [*self.least]
        for rows, side in self.unit.agreed:
            if len(rows) < len(self.unit.fragments):  # it stands inside another condition
                continue
            told = self.told(rows, "taken")
            if not side:
                told = {row: [made("not", f) for f in formulas] for row, formulas in told.items()}
            found.append(Hole(dict.fromkeys(rows, True), "", formulas=told))
        return found

    def count(self, step: RepeatStep) -> Hole:
        """How many copies."""
        told = self.told(step.rows, "count")
        if step.source is not None:
            counts = {row: self.traces[row].formula(step.source.count) for row in step.counts}
            told = {row: [made("-", count, step.before)] for row, count in counts.items()}
            if step.before and len(counts) == len(self.unit.fragments):
                least = {row: [made(">=", count, step.before)] for row, count in counts.items()}
                self.least.append(Hole(dict.fromkeys(counts, True), "", formulas=least))
        return self.hole(dict(step.counts), f"{flow_name(step.flow)}_count", formulas=told)

    def _note(self, step: Any) -> str:
        out = next(iter(step.rows.values())).out
        before, self._shape = self._shape, out
        return "" if out == before else note(out)

    def op(self, step: OpStep) -> New:
        """The constructor call of an op's submodule."""
        spellings = self.facts.spellings(step)
        constructs = {row: spelling.module for row, spelling in spellings.items()}
        first = next(iter(spellings.values()))
        longest = max(constructs.values(), key=lambda c: len(c.arguments) if c else 0)
        if first.module is None or longest is None:
            raise DifferentStructure
        arguments: list[Argument] = []
        holes: dict[str, Hole] = {}
        for place, name in enumerate(self._names(step, first, longest)):
            holes[name], default = self._valued(step, spellings, name)
            default = holes.get(followed(first, name) or "", default)
            keyword = "" if place < longest.positional else name
            arguments.append(Argument(keyword, holes[name], default))
        return New(first.module.callee, arguments, first.module.within)

    def _valued(self, step: OpStep, spellings: dict[int, Spelling], name: str) -> tuple[Hole, Any]:
        """An argument of a submodule's constructor, and its default if some copy leaves it out."""
        values, default = {}, UNSET
        for row, spelling in spellings.items():
            given = spelling.module.arguments if spelling.module is not None else {}
            if name not in given:
                default = default_of(spelling, name)
            values[row] = given.get(name, default)
            if values[row] is UNSET:
                raise DifferentStructure
        told = self.told(step.rows, self._known_as(step, name))
        return self.hole(
            values, name, UNSET if followed(spelling, name) else default, told
        ), default

    def _known_as(self, step: OpStep, name: str) -> str:
        """The name that the formulas of an argument are told by."""
        node = next(iter(step.rows.values()))
        return self.facts.by_place(node).get(name, name) if step.channels_last else name

    def _names(self, step: OpStep, first: Spelling, longest: Construct) -> list[str]:
        """The arguments that some row says, or would say for other values of its block's: those by
        position first, the others in the order of the constructor as far as it is known."""
        constructs = [spelling.module for spelling in self.facts.spellings(step).values()]
        said = dict.fromkeys(name for c in (longest, *constructs) if c for name in c.arguments)
        for row, node in step.rows.items():
            told = self.traces[row].arguments.get(id(node), ())
            said.update(dict.fromkeys(n for n in told if default_of(first, n) is not UNSET))
        by_place = list(longest.arguments)[: longest.positional]
        rest = [name for name in said if name not in by_place]
        return [*by_place, *sorted(rest, key=lambda name: order_of(first, name))]

    def call(self, step: CallStep) -> New:
        """The constructor call of a class: sizes by position, the rest by name."""
        unit = step.unit
        arguments = [self._passed(step, p, place) for place, p in enumerate(unit.parameters)]
        keyworded = bool(arguments) or len(unit.slots) + len(unit.makers) > 1
        handed = [
            Argument(name if keyworded else "", self.module(step.slots[name]))
            for name in unit.slots
        ]
        made = [Argument(name, self._maker(step.makers[name])) for name in unit.makers]
        return New(unit.name, [*arguments, *made, *handed])

    def _maker(self, flow: Flow) -> Expression:
        """Something that makes a layer, as an argument."""
        made = self.module(flow)
        if isinstance(made, New):
            return Making(made)
        return made if isinstance(made, Given) else "nn.Identity"

    def _passed(self, step: CallStep, parameter: Parameter, place: int) -> Argument:
        unit = step.unit
        filler = next(iter(parameter.values.values()))
        values = {
            row: parameter.values.get(unit.row(node.fragment), filler)
            for row, node in step.rows.items()
        }
        sized = parameter.default is UNSET and parameter.annotation == "int"
        by_place = sized and (place == 0 or (place == 1 and parameter.own))
        hole = self.hole(values, parameter.name, parameter.default, self._told_of(step, parameter))
        return Argument("" if by_place else parameter.name, hole, parameter.default)

    def _told_of(self, step: CallStep, parameter: Parameter) -> dict[int, list[Any]]:
        if parameter.source is not None:
            return self.told(step.rows, f"{parameter.source.kind} {parameter.source.name}")
        found: dict[int, list[Any]] = {}
        for hidden in parameter.hidden:
            for row, told in self.told(step.rows, f"{hidden.kind} {hidden.name}").items():
                found.setdefault(row, []).extend(told)
        return {row: [lost(frozenset().union(*map(sources, told)))] for row, told in found.items()}

    def function(self, step: OpStep, count: int) -> tuple[str, dict[str, Hole]]:
        """The text of a stateless op, its inputs as ``{0}``, ``{1}`` …, and the numbers in it."""
        spellings = self.facts.spellings(step)
        if len({spelling.function for spelling in spellings.values()}) > 1:
            raise DifferentStructure
        spelling = next(iter(spellings.values()))
        places = [f"{{{n}}}" for n in range(count)]
        context = placed(spelling.context, count)
        numbers = {}
        for name in spelling.values:
            values = {row: given.values[name] for row, given in spellings.items()}
            numbers[name] = self.hole(values, name, UNSET, self.told(step.rows, f"value {name}"))
        kept = {name: f"{{{name}}}" for name in numbers}
        return str(spelling.function).format(*places, x="{0}", **context, **kept), numbers


def _plain(item: Item) -> list[Expression]:
    if item.flag is None and item.count is None:
        return item.modules
    return [Row([item])]
