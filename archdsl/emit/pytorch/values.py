"""What ``forward`` computes: values, each of other values, before they become statements."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archdsl.emit.pytorch.modules import Expression, Hole
    from archdsl.types import TensorType

ATOM, PRODUCT, SUM, LOOSE = "atom", "product", "sum", "loose"


@dataclass(eq=False)
class Attribute:
    """``self.name = …``. Without a ``name`` of its own it is called after ``base``."""

    base: str
    expression: Expression
    name: str = ""
    final: str = ""  # the identifier, once all are known
    let: str = ""  # the let that it is a part of
    channels_last: bool = False  # whether it works with the channels as the last axis


@dataclass(eq=False)
class Value:
    """A tensor: ``template`` with ``{0}``, ``{1}`` … for ``inputs``, ``{m}`` for its submodule and
    the names of ``numbers`` for those.

    A value may be several results: one that is ``taken_apart`` is a statement that gives each of
    those a name, and has them as ``results``; ``in_training`` are the places of those that are
    there in training only.

    ``light`` ones belong to the line of what they are applied to; a ``loop`` is a statement over a
    module list, or over a ``count`` among its numbers; ``inline`` ones stand where they are used.
    ``channels_last`` ones have the channels of ``out`` as their last axis.
    ``fixed`` is the name of an input; ``annotation`` is its type where it is no tensor.
    """

    template: str = ""
    inputs: list[Value] = field(default_factory=list)
    attribute: Attribute | None = None
    flag: Hole | None = None
    numbers: dict[str, Hole] = field(default_factory=dict)
    precedence: str = ATOM
    light: bool = False
    loop: bool = False
    inline: bool = False
    fixed: str = ""
    annotation: str = ""
    out: TensorType | None = None
    channels_last: bool = False
    let: str = ""
    taken_apart: bool = False
    results: dict[int, Value] = field(default_factory=dict)
    in_training: frozenset[int] = frozenset()

    @property
    def is_result(self) -> bool:
        """Whether it is one of several that are taken apart."""
        return len(self.inputs) == 1 and self.inputs[0].taken_apart

    @property
    def is_statement(self) -> bool:
        """Whether it can stand in no line of another."""
        return self.loop or self.taken_apart

    @property
    def may_be_none(self) -> bool:
        """Whether it calls a submodule that some copies lack."""
        return self.attribute is not None and self.precedence == LOOSE

    @property
    def is_merge(self) -> bool:
        return len(self.inputs) > 1 and self.attribute is None


_PLACE = re.compile(r"\{(\d+)\}")


def fill(template: str, precedence: str, inputs: list[tuple[str, str]]) -> str:
    """A template with the texts of its inputs (each with its precedence), in brackets if needed."""

    def put(match: re.Match[str]) -> str:
        text, inner = inputs[int(match.group(1))]
        if inner == ATOM or _enclosed(template, match.start(), match.end()):
            return text
        if template[match.end() : match.end() + 1] in (".", "["):
            return f"({text})"
        leads = match.start() == 0
        if precedence == LOOSE and inner != LOOSE:
            return text
        if precedence == SUM and (inner == PRODUCT or (inner == SUM and leads)):
            return text
        if precedence == PRODUCT and inner == PRODUCT and leads:
            return text
        return f"({text})"

    return _PLACE.sub(put, template)


def _enclosed(template: str, start: int, end: int) -> bool:
    before, after = template[:start].rstrip()[-1:], template[end:].lstrip()[:1]
    return before in ("(", "[", ",", "=") and after in (")", "]", ",")
