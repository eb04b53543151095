"""From what differs between copies of a block to constructor arguments.

A column of values is written, in this order of preference, as: a literal; an argument of the block
itself; an argument made before; a multiple, part or product of those; a new argument. Small numbers
agree by chance, so they count as equal only where the source gives evidence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from archdsl.emit.pytorch.literals import annotation, literal, same
from archdsl.emit.pytorch.modules import UNSET, Hole
from archdsl.emit.pytorch.templates import Parameter
from archdsl.types import Image, Volume, channels

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.emit.pytorch.names import Names
    from archdsl.emit.pytorch.templates import Unit

SIZE = 8  # numbers from here on are taken for sizes: they do not agree by chance
LARGEST_DEFAULT = 16
NEUTRAL = ("!= 0", "!= 0.0", "!= 1")  # conditions that need no evidence: `if expand != 1`


@dataclass(eq=False)
class Column:
    """A candidate: an argument of the block (``own``) or one made for the class."""

    hint: str
    values: dict[int, Any]
    own: bool
    name: str = ""
    default: Any = UNSET
    sizes: bool = False  # never has a default

    def agrees(self, hole: Hole) -> bool:
        return all(same(self.values.get(row), value) for row, value in hole.values.items())

    def covers(self, hole: Hole) -> bool:
        return all(type(self.values.get(row)) is int for row in hole.values)


class Arguments:
    """Resolves the holes of one class; ``columns`` with a name are its constructor's arguments."""

    def __init__(self, unit: Unit, names: Names) -> None:
        self.rows = len(unit.fragments)
        self.names = names
        own = [Column(n, v, own=True) for n, v in _own(unit)]
        self.taken = _taken(unit)
        self.columns = [column for column in (*own, self.taken) if _varies(column.values)]
        self.used: list[Column] = []

    def resolve(self, hole: Hole) -> None:
        """Give a hole its text."""
        whole = len(hole.values) == self.rows
        first = next(iter(hole.values.values()))
        text = None
        if not (hole.constant and (whole or not _is_size(hole))):
            text = self._flag(hole) if isinstance(first, bool) else self._matched(hole)
        if text is None:
            text = literal(first) if hole.constant else self._new(hole)
        hole.text = text

    def parameters(self) -> list[Parameter]:
        """The constructor's arguments, those with defaults last."""
        order = {id(column): place for place, column in enumerate(self.columns)}
        order[id(self.taken)] = -1
        used = sorted(self.used, key=lambda column: order[id(column)])
        return sorted(map(_parameter, used), key=lambda p: p.default is not UNSET)

    def _matched(self, hole: Hole) -> str | None:
        if hole.beside is not None and _is_half(hole, hole.beside):
            return f"{hole.beside.text} // 2"
        if all(type(value) is tuple for value in hole.values.values()):
            return self._tuple(hole)
        for find in (self._equal, self._product, self._multiple, self._part):
            for text in find(hole):
                return text
        return None

    def _tuple(self, hole: Hole) -> str | None:
        """A tuple whose items can all be said by themselves."""
        lengths = {len(value) for value in hole.values.values()}
        texts: list[str | None] = []
        for place in range(lengths.pop()) if len(lengths) == 1 else ():
            items = Hole({row: value[place] for row, value in hole.values.items()}, hole.hint)
            first = next(iter(items.values.values()))
            texts.append(literal(first) if items.constant else self._matched(items))
        if not texts or None in texts:
            return next(self._equal(hole), None)
        return f"({', '.join(map(str, texts))}{',' if len(texts) == 1 else ''})"

    def _equal(self, hole: Hole) -> Iterator[str]:
        for column in self.columns:
            known = _is_size(hole) or column.hint == hole.hint or _mentioned(column, hole)
            if (known or _is_diverse(hole)) and column.agrees(hole):
                yield self._use(column, hole)

    def _multiple(self, hole: Hole) -> Iterator[str]:
        for column, first, value in self._sizes(hole):
            factor = value // first if first > 0 else 0
            if factor > 1 and all(v == factor * column.values[r] for r, v in hole.values.items()):
                yield f"{factor} * {self._use(column)}"

    def _part(self, hole: Hole) -> Iterator[str]:
        for column, first, value in self._sizes(hole):
            divisor = first // value if value > 0 else 0
            if divisor > 1 and all(v * divisor == column.values[r] for r, v in hole.values.items()):
                yield f"{self._use(column)} // {divisor}"

    def _product(self, hole: Hole) -> Iterator[str]:
        if len(set(hole.values.values())) < 3:
            return
        for size, _, _ in self._sizes(hole):
            for factor in self.columns:
                if not factor.own or factor is size or not factor.covers(hole):
                    continue
                if min(factor.values[r] for r in hole.values) >= SIZE:
                    continue
                products = {r: size.values[r] * factor.values[r] for r in hole.values}
                if products == hole.values:
                    yield f"{self._use(size)} * {self._use(factor)}"

    def _sizes(self, hole: Hole) -> Iterator[tuple[Column, int, int]]:
        row, value = next(iter(hole.values.items()))
        if type(value) is not int or not _is_size(hole):
            return
        for column in self.columns:
            if column.covers(hole):
                smallest = min(column.values[r] for r in hole.values)
                if smallest >= SIZE or _mentioned(column, hole):
                    yield column, column.values[row], value

    def _flag(self, hole: Hole) -> str | None:
        for column in self.columns:
            known = not column.own or _mentioned(column, hole) or column.hint == hole.hint
            if known and column.agrees(hole):
                return self._use(column)
        for column in self.columns:
            condition = _condition(column, hole) if column.own else None
            if condition in NEUTRAL or (condition and _mentioned(column, hole)):
                return f"{self._use(column)} {condition}"
        return None

    def _use(self, column: Column, hole: Hole | None = None) -> str:
        if hole is not None and column.default is UNSET:
            column.default = hole.default
        if not column.name:
            column.name = self.names.claim(column.hint)
            self.used.append(column)
        return column.name

    def _new(self, hole: Hole) -> str:
        column = Column(hole.hint, hole.values, own=False)
        self.columns.append(column)
        return self._use(column, hole)


def _taken(unit: Unit) -> Column:
    """The channels or features that flow in, under torch's name for them."""
    hint = "in_channels" if isinstance(unit.takes, (Image, Volume)) else "in_features"
    takes = {row: channels(fragment.takes) for row, fragment in enumerate(unit.fragments)}
    return Column(hint, takes, own=False, sizes=True)


def _own(unit: Unit) -> Iterator[tuple[str, dict[int, Any]]]:
    columns: dict[str, dict[int, Any]] = {}
    for row, fragment in enumerate(unit.fragments):
        for name, value in fragment.arguments:
            if isinstance(value, (int, float, str, tuple)):
                columns.setdefault(name, {})[row] = str(value) if isinstance(value, str) else value
    return ((n, v) for n, v in columns.items() if len(v) == len(unit.fragments))


def _varies(values: dict[int, Any]) -> bool:
    first = next(iter(values.values()))
    return not all(same(first, value) for value in values.values())


def _is_size(hole: Hole) -> bool:
    return all(type(value) is int and value >= SIZE for value in hole.values.values())


def _is_diverse(hole: Hole) -> bool:
    """So many different values that two columns of them do not agree by chance."""
    return len({literal(value) for value in hole.values.values()}) > 2


def _mentioned(column: Column, hole: Hole) -> bool:
    return (
        column.own
        and re.search(rf"(?<![\w.]){re.escape(column.hint)}\b", hole.evidence) is not None
    )


def _is_half(hole: Hole, kernel: Hole) -> bool:
    if not kernel.text.isidentifier():
        return False
    pairs = [(value, kernel.values[row]) for row, value in hole.values.items()]
    return all(type(k) is int and type(v) is int and v == k // 2 for v, k in pairs)


def _condition(column: Column, hole: Hole) -> str | None:
    on = {column.values[row] for row, value in hole.values.items() if value}
    off = {column.values[row] for row, value in hole.values.items() if not value}
    if on & off:
        return None
    if len(off) == 1:
        return f"!= {literal(off.pop())}"
    return f"== {literal(on.pop())}" if len(on) == 1 else None


def _parameter(column: Column) -> Parameter:
    values = list(column.values.values())
    default = UNSET if column.sizes else _default(column, values)
    return Parameter(column.name, column.values, default, annotation(values), column.own)


def _default(column: Column, found: list[Any]) -> Any:
    """What torch leaves out too, or what most copies have, when it is worth leaving out."""
    if column.default is not UNSET and any(same(column.default, value) for value in found):
        return column.default
    kinds = sorted(
        {(type(v).__name__, literal(v)): v for v in found}.items(), key=lambda item: item[0]
    )
    _, value = max(kinds, key=lambda item: sum(same(item[1], v) for v in found))
    share = sum(same(value, v) for v in found) * 2 - len(found)
    if isinstance(value, int) and value > LARGEST_DEFAULT:
        return UNSET
    modest = not isinstance(value, int) or value <= 1
    return value if share > 0 or (share == 0 and modest) else UNSET
