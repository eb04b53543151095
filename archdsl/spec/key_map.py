"""How weights of others are called: ``weights torchvision("fc.*" -> "head.*", …)``.

A row leads from names in their file to a name in the module here. ``*`` stands for any text, and
``{i}``, or another name in braces, for a number; on either side of the arrow they stand for the
same: the first ``*`` for what the first one does. ``{i+1}`` is the number one higher than ``{i}``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from archdsl.diagnostics import Diagnostic, SpecError, meant
from archdsl.syntax import nodes

if TYPE_CHECKING:
    from archdsl.source import Span

WILDCARD = re.compile(r"\*|\{([A-Za-z]\w*)([+-]\d{1,4})?\}")
MOST_OPEN = 4  # wildcards in a name: each multiplies what it may take to find it
ROW = '`"their.name.*" -> "our.name.*"`'
STEPS = "`transpose` or `part(1, of=3)`"
WORDS = ("concat", "transpose", "part", "drop")  # what a row knows
MOST_PARTS = 64


class Row(NamedTuple):
    """One row of a map. What is called ``theirs`` is put one after another along the first axis,
    ``transposed`` before if it is a matrix; of that the ``parts`` (from 1 on) of so ``many`` equal
    ones are ``ours``, which is None for what is not needed."""

    theirs: tuple[str, ...]
    ours: str | None
    transposed: bool = False
    parts: tuple[int, ...] = (1,)
    many: int = 1


class KeyMap(NamedTuple):
    """What weights from one ``origin`` are called there, and here."""

    origin: str
    rows: tuple[Row, ...]


class Wildcard(NamedTuple):
    """A place in a name that is open: ``*1`` is the first text, ``i`` a number, in the name with
    so much ``more``."""

    name: str
    more: int = 0


def wildcards(name: str) -> list[Wildcard]:
    """What is open in a name, in order."""
    found: list[Wildcard] = []
    for match in WILDCARD.finditer(name):
        texts = sum(one.name.startswith("*") for one in found)
        is_text = match[0] == "*"
        found.append(
            Wildcard(f"*{texts + 1}") if is_text else Wildcard(match[1], int(match[2] or 0))
        )
    return found


def key_map(call: nodes.Call) -> KeyMap:
    """The map of a ``weights`` clause. Raises :class:`SpecError` with everything wrong in it."""
    rows: list[Row] = []
    mistakes: list[Diagnostic] = []
    if not call.arguments:
        mistakes.append(_mistake("`weights` without a row names nothing", call.span, ROW))
    for argument in call.arguments:
        try:
            rows.append(_row(argument))
        except SpecError as error:
            mistakes.extend(error.diagnostics)
    if mistakes:
        raise SpecError(*mistakes)
    return KeyMap(call.function.id, tuple(rows))


def _row(argument: nodes.Argument) -> Row:
    flow = argument.value
    if argument.name is not None or not isinstance(flow, nodes.Flow):
        raise SpecError(_mistake("a row of `weights` leads from a name to a name", flow.span, ROW))
    first, *steps, last = flow.steps
    theirs = _theirs(first)
    ours = _ours(last)
    row = Row(theirs, ours)
    for step in steps:
        row = _changed(row, step)
    _same_wildcards(row, first, last)
    return row


def _theirs(node: nodes.Expression) -> tuple[str, ...]:
    if isinstance(node, nodes.Text):
        return (node.value,)
    if isinstance(node, nodes.Call) and node.function.id == "concat" and node.arguments:
        parts = [argument.value for argument in node.arguments if argument.name is None]
        texts = tuple(part.value for part in parts if isinstance(part, nodes.Text))
        if len(texts) == len(node.arguments):
            return texts
    needed = 'a name in their file, such as `"fc.weight"`, or `concat("q.*", "k.*")` of several'
    raise SpecError(_mistake("a row of `weights` begins with their names", node.span, needed))


def _ours(node: nodes.Expression) -> str | None:
    if isinstance(node, nodes.Text):
        return node.value
    if isinstance(node, nodes.Name) and node.id == "drop":
        return None
    needed = 'a name in this model, such as `"head.weight"`, or `drop`'
    message = "a row of `weights` ends with our name"
    raise SpecError(_mistake(message, node.span, needed, ("drop",)))


def _changed(row: Row, step: nodes.Expression) -> Row:
    """A row with one more change on its way."""
    if isinstance(step, nodes.Name) and step.id == "transpose":
        return row._replace(transposed=True)
    if isinstance(step, nodes.Call) and step.function.id == "part":
        parts, many = _parts(step)
        return row._replace(parts=parts, many=many)
    message = f"`{step.span.text}` is nothing that weights go through"
    raise SpecError(_mistake(message, step.span, STEPS, ("transpose",)))


def _parts(call: nodes.Call) -> tuple[tuple[int, ...], int]:
    *which, of = call.arguments or (None,)
    parts = tuple(_number(one.value) if one.name is None else 0 for one in which)
    many = _number(of.value) if of is not None and of.name == "of" else 0
    if parts and all(1 <= part <= many <= MOST_PARTS for part in parts):
        return parts, many
    needed = f"`part(1, of=3)`, or `part(2, 3, of=3)`: some of three, or of at most {MOST_PARTS}"
    raise SpecError(_mistake(f"`{call.span.text}` is no part of a tensor", call.span, needed))


def _number(node: nodes.Expression) -> int:
    """A whole number as it is written; 0 for what is none."""
    whole = isinstance(node, nodes.Number) and node.unit is None and isinstance(node.value, int)
    return int(node.value) if whole and isinstance(node, nodes.Number) else 0


def _same_wildcards(row: Row, first: nodes.Expression, last: nodes.Expression) -> None:
    """Raises where a name says `*` or `{i}` that another does not: what would it be there?"""
    names = row.theirs if row.ours is None else (*row.theirs, row.ours)
    open_ = [sorted(wild.name for wild in wildcards(name)) for name in names]
    if all(found == open_[0] for found in open_) and _once(open_[0]):
        return
    shown = " and ".join(f"`{name}`" for name in dict.fromkeys(names))
    message = f"{shown} do not leave the same open"
    needed = f"the same `*` and `{{…}}` on either side of the arrow, each once, at most {MOST_OPEN}"
    raise SpecError(_mistake(message, first.span._replace(end=last.span.end), needed))


def _once(names: list[str]) -> bool:
    return len(set(names)) == len(names) <= MOST_OPEN


def _mistake(message: str, span: Span, needed: str, words: tuple[str, ...] = ()) -> Diagnostic:
    help, fix = meant(span.text, words, span)
    help = help or "`archdsl explain E446`"
    return Diagnostic("E446", message, span, needed=needed, help=help, fix=fix)
