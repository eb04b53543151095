"""The whole syntax tree on one page. Every node carries its span."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from archdsl.source import Source, Span

# Expressions ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Number:
    """``24 GiB`` is ``Number(24, "GiB")``; ``text`` is the digits as written, without the unit."""

    value: int | float
    unit: str | None
    text: str
    span: Span


@dataclass(frozen=True)
class Text:
    value: str
    span: Span


@dataclass(frozen=True)
class Name:
    id: str
    span: Span


@dataclass(frozen=True)
class Attribute:
    """``x.channels``"""

    owner: Name
    name: str
    span: Span


@dataclass(frozen=True)
class Argument:
    name: str | None
    value: Expression
    span: Span


@dataclass(frozen=True)
class Call:
    function: Name
    arguments: tuple[Argument, ...]
    span: Span


@dataclass(frozen=True)
class Negation:
    operand: Expression
    span: Span


@dataclass(frozen=True)
class Binary:
    """``+ - * / // % ^``"""

    operator: str
    left: Expression
    right: Expression
    span: Span


@dataclass(frozen=True)
class Comparison:
    """``<= >= == != < >``"""

    operator: str
    left: Expression
    right: Expression
    span: Span


@dataclass(frozen=True)
class Flow:
    """``a -> b -> c``; never a step that is itself an unparenthesised flow."""

    steps: tuple[Expression, ...]
    span: Span


@dataclass(frozen=True)
class Choice:
    """``a | b | c``"""

    options: tuple[Expression, ...]
    span: Span


@dataclass(frozen=True)
class Range:
    """``2 to 8 by 2``"""

    first: Expression
    last: Expression
    step: Expression | None
    span: Span


Expression: TypeAlias = (
    Number | Text | Name | Attribute | Call | Negation | Binary | Comparison | Flow | Choice | Range
)

# Statements ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Let:
    name: Name
    value: Expression
    span: Span


@dataclass(frozen=True)
class Body:
    """``= expr`` (no lets, not ``braced``) or ``{ let … return expr }``."""

    lets: tuple[Let, ...]
    result: Expression
    braced: bool
    span: Span


@dataclass(frozen=True)
class Parameter:
    name: Name
    default: Expression | None
    span: Span


@dataclass(frozen=True)
class Block:
    name: Name
    parameters: tuple[Parameter, ...]
    body: Body
    shared: bool
    span: Span


@dataclass(frozen=True)
class Use:
    path: Text
    span: Span


@dataclass(frozen=True)
class Device:
    call: Call
    span: Span


@dataclass(frozen=True)
class Clause:
    """``data``, ``task``, ``train`` or ``search``, each followed by a call."""

    keyword: str
    call: Call
    span: Span


@dataclass(frozen=True)
class Require:
    condition: Expression
    message: Text | None
    span: Span


@dataclass(frozen=True)
class Allow:
    rule: Name
    reason: Text
    span: Span


@dataclass(frozen=True)
class Objective:
    """``maximize`` or ``minimize`` a metric."""

    direction: str
    metric: Expression
    span: Span


@dataclass(frozen=True)
class Model:
    body: Body
    span: Span


ArchItem: TypeAlias = Clause | Require | Allow | Objective | Let | Model


@dataclass(frozen=True)
class Arch:
    name: Name
    items: tuple[ArchItem, ...]
    span: Span


Item: TypeAlias = Use | Device | Block | Arch


@dataclass(frozen=True)
class Comment:
    """``text`` with its ``#``."""

    text: str
    span: Span


@dataclass(frozen=True)
class File:
    items: tuple[Item, ...]
    comments: tuple[Comment, ...]
    source: Source
