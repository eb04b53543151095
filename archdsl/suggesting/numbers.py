"""The numbers of a spec that a design is made smaller or larger by: widths, repeats, heads, the
batch, the rank of adapters."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archdsl.diagnostics import Edit
from archdsl.suggesting.parameters import HEADS, WIDTHS, given
from archdsl.syntax import nodes as ast

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archdsl.record import Record
    from archdsl.source import Span

NARROWEST = 16  # whole numbers from here on are widths: kernels, strides and heads are smaller
STEP = 8  # widths are multiples of it
NARROW_STEP = 4  # those that begin below 16
TRAINING = ("batch", "adapter_rank")


class Literal(NamedTuple):
    """A whole number written in a spec. ``step`` is what it grows by, and the least it can be;
    ``times`` is the number with the sign behind it, where it says how often something comes."""

    value: int
    span: Span
    step: int = 1
    times: Span | None = None

    def edit(self, value: int) -> Edit:
        """The number replaced; what comes once is not counted."""
        once = value == 1 and self.times is not None
        return Edit(self.times, "") if once and self.times else Edit(self.span, str(value))

    def scaled(self, share: float) -> int:
        """The number times a share, in steps."""
        return max(round(self.value * share / self.step), 1) * self.step


class Numbers(NamedTuple):
    """All of an architecture's file: ``named`` are values of lets and defaults, of any kind;
    ``training`` are those of its `train` clause that cost memory, by their names; ``heads`` those
    of attention, ``narrow`` the widths that are too small to be told from kernels and strides but
    by the parameter they are given to."""

    widths: list[Literal]
    repeats: list[Literal]
    named: list[Literal]
    training: dict[str, Literal]
    heads: list[Literal]
    narrow: list[Literal]


def numbers(file: ast.File, arch: str, fixed: Iterable[int]) -> Numbers:
    """The numbers of one architecture and of the file's blocks; ``fixed`` are those that its task
    and data set."""
    kept = frozenset(fixed)
    found = Numbers([], [], [], _training(file, arch), [], [])
    for part in _parts(file, arch):
        for node in part.within():
            _sort(node, found, kept)
    return found


def _parts(file: ast.File, arch: str) -> Iterator[Record]:
    for item in file.items:
        if isinstance(item, ast.Block):
            yield item
        elif isinstance(item, ast.Arch) and item.name.id == arch:
            yield from (part for part in item.items if isinstance(part, (ast.Let, ast.Model)))


def _sort(node: Record, found: Numbers, fixed: frozenset[int]) -> None:
    if isinstance(node, ast.Binary):
        found.repeats.extend(_times(node))
    elif isinstance(node, ast.Call):
        found.heads.extend(n for value in given(node, HEADS) for n in _literal(value, 1))
        found.narrow.extend(_narrow(node, fixed))
    elif isinstance(node, ast.Argument):
        found.widths.extend(_widths([node.value], fixed))
    elif isinstance(node, ast.List):
        found.widths.extend(_widths(node.items, fixed))
    elif isinstance(node, ast.Let):
        found.named.extend(_named(node.value, fixed))
    elif isinstance(node, ast.Parameter):
        found.named.extend(_named(node.default, fixed))


def _times(node: ast.Binary) -> list[Literal]:
    """How often a layer is repeated: none where numbers are multiplied."""
    if node.operator != "*" or isinstance(node.right, ast.Number):
        return []
    times = node.left.span._replace(end=node.right.span.start)
    return [n._replace(times=times) for n in _literal(node.left, 1)]


def _narrow(call: ast.Call, fixed: frozenset[int]) -> Iterator[Literal]:
    for value in given(call, WIDTHS):
        for n in _literal(value, NARROW_STEP):
            if 1 < n.value < NARROWEST and n.value not in fixed:
                yield n


def _widths(values: Iterable[object], fixed: frozenset[int]) -> list[Literal]:
    literals = (one for value in values for one in _literal(value, STEP))
    return [one for one in literals if _is_width(one, fixed)]


def _named(value: object, fixed: frozenset[int]) -> list[Literal]:
    found = _literal(value, 1)
    return [n._replace(step=STEP) if _is_width(n, fixed) else n for n in found if n.value > 1]


def _is_width(literal: Literal, fixed: frozenset[int]) -> bool:
    return literal.value >= NARROWEST and literal.value not in fixed


def _whole(node: object) -> bool:
    return isinstance(node, ast.Number) and node.unit is None and isinstance(node.value, int)


def _literal(node: object, step: int) -> list[Literal]:
    if isinstance(node, ast.Number) and node.unit is None and isinstance(node.value, int):
        return [Literal(node.value, node.span, step)]
    return []


def _training(file: ast.File, arch: str) -> dict[str, Literal]:
    arches = (item for item in file.items if isinstance(item, ast.Arch) and item.name.id == arch)
    clauses = (part for item in arches for part in item.items if isinstance(part, ast.Clause))
    settings = (clause.settings for clause in clauses if clause.keyword == "train")
    calls = (one for one in settings if isinstance(one, ast.Call))
    given = [argument for call in calls for argument in call.arguments]
    return {a.name: n for a in given if a.name in TRAINING for n in _literal(a.value, 1)}


def calls(file: ast.File, arch: str) -> list[ast.Call]:
    """The calls of an architecture and of the file's blocks."""
    return [n for part in _parts(file, arch) for n in part.within() if isinstance(n, ast.Call)]


def repeated(file: ast.File, arch: str) -> list[ast.Binary]:
    """The layers that are written with a number, or the name of one, before them."""
    return [
        node
        for part in _parts(file, arch)
        for node in part.within()
        if isinstance(node, ast.Binary) and node.operator == "*"
        if _whole(node.left) or isinstance(node.left, ast.Name)
        if not isinstance(node.right, ast.Number)
    ]
