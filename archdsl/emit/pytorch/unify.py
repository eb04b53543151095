"""From what differs between copies of a block to constructor arguments.

A class takes what its block takes: the arguments that copies differ in, the channels that flow in,
and other sizes where something in it reads them. What it writes follows from those by the
formulas of the spec. Where no formula is known, the class takes the value itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from archdsl.emit.pytorch.labels import outside_name
from archdsl.emit.pytorch.literals import annotation, literal, same
from archdsl.emit.pytorch.modules import UNSET
from archdsl.emit.pytorch.places import steps_of
from archdsl.emit.pytorch.sized import is_channels, sizes_of
from archdsl.emit.pytorch.templates import Parameter
from archdsl.emit.pytorch.written import written
from archdsl.formulas import Origin, made, replaced, source, sources, value_of
from archdsl.graph.nodes import Ref
from archdsl.ops.result import Result
from archdsl.types import Image, Volume

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.emit.pytorch.modules import Hole
    from archdsl.emit.pytorch.names import Names
    from archdsl.emit.pytorch.templates import Unit
    from archdsl.emit.pytorch.traces import Traces
    from archdsl.graph.nodes import Fragment, Node

SIZE = 8  # numbers from here on are taken for sizes: they do not agree by chance
CALLED = {"classes": "num_classes", "targets": "num_targets", "vocab": "vocab_size"}


@dataclass(eq=False)
class Column:
    """An argument of the class: a value for each row."""

    name: str
    values: dict[int, Any]
    source: Origin | None
    default: Any = UNSET
    hidden: frozenset[Origin] = field(default_factory=frozenset)
    hint: str = ""


class Arguments:
    """Resolves the holes of one class; ``open_`` are the sources that a user may change although
    all copies agree in them."""

    def __init__(self, unit: Unit, traces: Traces, names: Names, open_: frozenset[Origin]) -> None:
        self.unit = unit
        self.traces = traces
        self.names = names
        self.given = [_given(traces, fragment) for fragment in unit.fragments]
        self.fixed = self._fixed(open_)
        self.columns: dict[Any, Column] = {}
        self.sides: list[Hole] = []  # the conditions that copies took different sides of

    def _fixed(self, open_: frozenset[Origin]) -> dict[Origin, Any]:
        """What stands for the sources that are no arguments: a value that all copies agree in,
        and for a size an argument that is always as large."""
        shared = frozenset.intersection(*(frozenset(given) for given in self.given)) - open_
        known = [one for one in self.given[0] if one in shared]
        fixed = {one: self.given[0][one] for one in known if self._is_constant(one)}
        varying = [one for one in known if one not in fixed]
        sizes = [one for one in varying if one.kind == "size"]
        given = [one for one in varying if one.kind != "size"]
        for name, formula in self.traces.computed(self.unit.fragments[0]).items():
            value = replaced(formula, fixed)
            fixed.update({one: value for one in given if one.name == name})
        self._fix_sizes(sizes, [one for one in given if one not in fixed], fixed)
        return fixed

    def _fix_sizes(
        self, sizes: list[Origin], given: list[Origin], fixed: dict[Origin, Any]
    ) -> None:
        """Sizes that are always as large as an argument."""
        for size in sizes:
            alike = next((one for one in given if self._agree(size, one)), None)
            if alike is not None:
                fixed[size] = source(*alike)

    def _is_constant(self, one: Origin) -> bool:
        first, *others = (given[one] for given in self.given)
        return all(same(first, value) for value in others)

    def _agree(self, size: Origin, other: Origin) -> bool:
        pairs = [(given[size], given[other]) for given in self.given]
        return all(a >= SIZE and same(a, b) for a, b in pairs)

    def varies(self, formula: Any) -> bool:
        """Whether a value is not the same whatever the class is given."""
        return bool(sources(replaced(formula, self.fixed)))

    def resolve(self, hole: Hole) -> None:
        """Give a hole its text."""
        told = self._told(hole)
        formula = next((f for f in self._agreed(hole, told) if self._holds(f, hole)), UNSET)
        if formula is UNSET and self.sides:
            formula = self._by_side(hole)
        if formula is not UNSET:
            whole = all(type(value) is int for value in hole.values.values())
            hole.text = written(formula, self._name, whole)
            return
        known = frozenset().union(*self.given)
        hidden = frozenset().union(*map(sources, told)) & known
        if hole.constant and not hidden:
            hole.text = literal(next(iter(hole.values.values())))
        else:
            hole.text = self._new(hole, hidden)

    def refused(self, need: Hole) -> tuple[str, str] | None:
        """When something that the class needs does not hold, and when it does, if arguments alone
        decide it."""
        known = [f for f in self._told(need) if self._holds(f, need) and f is not True]
        if len(known) != 1 or any(one not in self.columns for one in sources(known[0])):
            return None
        return written(made("not", known[0]), self._name), written(known[0], self._name)

    def _told(self, hole: Hole) -> list[Any]:
        """The formulas of a hole, over what copies differ in."""
        return _unlike(
            replaced(formula, self.fixed)
            for formulas in hole.formulas.values()
            for formula in formulas
        )

    def _holds(self, formula: Any, hole: Hole) -> bool:
        try:
            found = {row: value_of(formula, self.given[row]) for row in hole.values}
        except (ArithmeticError, ValueError, TypeError, KeyError):
            return False
        return all(found[row] == value for row, value in hole.values.items())

    def _by_side(self, hole: Hole) -> Any:
        """The formula of what follows from the side of a condition: of the one condition whose
        sides have a formula each."""
        found = [made("if", *parts) for side in self.sides if (parts := self._split(hole, side))]
        found = [formula for formula in _unlike(found) if self._holds(formula, hole)]
        return found[0] if len(found) == 1 else UNSET

    def _split(self, hole: Hole, side: Hole) -> tuple[Any, ...] | None:
        """A condition, and the formulas on its two sides, where there is one each."""
        parts: list[Any] = [f for f in self._told(side) if self._holds(f, side)]
        for taken in (True, False):
            rows = [row for row in hole.values if side.values.get(row) is taken]
            told = [replaced(f, self.fixed) for row in rows for f in hole.formulas.get(row, ())]
            parts += _unlike(told)
        whole = len(side.values) == len(self.given) and hole.formulas.keys() == hole.values.keys()
        return tuple(parts) if whole and len(parts) == 3 else None

    def _agreed(self, hole: Hole, told: list[Any]) -> list[Any]:
        """Of the formulas of a hole those that may be it. Something that stands in several places
        of a copy has a formula for each; that of this place is told in all copies."""
        each = [_unlike(replaced(f, self.fixed) for f in own) for own in hole.formulas.values()]
        if all(len(own) == 1 for own in each):
            return told
        common = [one for one in told if all(len(_unlike([one, *own])) == len(own) for own in each)]
        return common if len(common) == 1 else []

    def _name(self, one: Origin) -> str:
        column = self.columns.get(one)
        if column is None:
            values = {row: given[one] for row, given in enumerate(self.given)}
            default = values[0] if one.kind == "constant" else self._left_out(one)
            name = self.names.claim(self._called(one))
            column = self.columns[one] = Column(name, values, one, default)
        return column.name

    def _called(self, one: Origin) -> str:
        if one.kind == "constant":
            return CALLED.get(one.name, one.name.replace(".", "_"))
        if one.kind == "outer":
            return self._outer(*one.name.split(".", 1))
        if one.kind != "size":
            return one.name
        place, _, size = one.name.rpartition(".")
        if place:  # of one of several
            return f"{self._result(int(place))}_{size}"
        if one.name in ("channels", "features"):
            maps = isinstance(self.unit.takes, (Image, Volume))
            return "in_channels" if maps else "in_features"
        return f"in_{one.name}"

    def _outer(self, place: str, size: str) -> str:
        """What a size of a tensor of a body outside is called."""
        ref = self.traces.of(self.unit.fragments[0]).outer[int(place)]
        names = (outside_name(step) for step in self.unit.outside if step.rows.get(0) == ref)
        return f"{next(names, 'outer')}_{size.replace('.', '_')}"

    def _result(self, place: int) -> str:
        """What one of several results that flow in is called: as its let is."""
        bindings = self.unit.fragments[0].bindings
        inputs = {"x", *(one.name for one in bindings if _is_x(one.node))}
        for binding in bindings:
            whole, *rest = steps_of(binding.node)
            op = getattr(rest[0], "op", None) if len(rest) == 1 else None
            if isinstance(op, Result) and op.place == place and _name_of(whole) in inputs:
                return binding.name
        return f"in{place + 1}"

    def _left_out(self, one: Origin) -> Any:
        """What the block takes when an argument is left out."""
        if one.kind in ("size", "outer"):
            return UNSET
        default = self.traces.defaults(self.unit.fragments[0]).get(one.name, UNSET)
        return str(default) if isinstance(default, str) else default

    def _new(self, hole: Hole, hidden: frozenset[Origin]) -> str:
        """An argument for a value that is not known to follow from others. Where something decides
        it that the class does not know, it has no default: none would be right."""
        for column in self.columns.values():
            alike = column.source is None and column.values == hole.values
            chance = bool(hidden) and hole.constant and column.hint != hole.hint
            if alike and hidden == column.hidden and not chance:
                return column.name
        usual = any(same(hole.default, value) for value in hole.values.values())
        default = hole.default if usual and not hidden else UNSET
        column = Column(self.names.claim(hole.hint), hole.values, None, default, hidden, hole.hint)
        self.columns[id(hole)] = column
        return column.name

    def parameters(self) -> list[Parameter]:
        """The constructor's arguments: what flows in first, then those of the block, then others;
        those with defaults last."""
        order: dict[Origin | None, int] = {one: place for place, one in enumerate(self.given[0])}
        columns = sorted(self.columns.values(), key=lambda c: order.get(c.source, len(order)))
        return sorted(map(_parameter, columns), key=lambda p: p.default is not UNSET)


def _given(traces: Traces, fragment: Fragment) -> dict[Origin, Any]:
    """The values of everything that the formulas of a body read, the channels first."""
    sizes = sizes_of(fragment.takes)
    given: dict[Origin, Any] = {
        Origin("size", name): sizes[name] for name in sorted(sizes, key=_place)
    }
    if fragment is traces.graph.model:
        return {**traces.constants(), **given}
    for place, ref in enumerate(traces.of(fragment).outer):
        for name, size in sizes_of(ref.out).items():
            given[Origin("outer", f"{place}.{name}")] = size
    for name, value in fragment.arguments:
        kept = str(value) if isinstance(value, str) else value
        given[traces.argument(fragment, name, value).parts[0]] = kept
    return given


def _is_x(node: Node) -> bool:
    return _name_of(node) == "x"


def _name_of(node: Node) -> str | None:
    """The name of this body that a node is, if it is one."""
    return node.name if isinstance(node, Ref) and not node.up else None


def _place(size: str) -> bool:
    return not is_channels(size)


def _unlike(formulas: Iterable[Any]) -> list[Any]:
    found: list[Any] = []
    for formula in formulas:
        if not any(type(formula) is type(other) and formula == other for other in found):
            found.append(formula)
    return found


def _parameter(column: Column) -> Parameter:
    values = list(column.values.values())
    kinds = values if column.default is UNSET else [*values, column.default]
    return Parameter(
        column.name, column.values, column.default, annotation(kinds), column.source, column.hidden
    )
