"""The whole syntax tree on one page. Every node carries its span."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from archdsl.record import Record

if TYPE_CHECKING:
    from archdsl.source import Source, Span

# Expressions ---------------------------------------------------------------------------------


class Number(Record):
    """``24 GiB`` is ``Number(24, "GiB")``; ``text`` is the digits as written, without the unit."""

    value: int | float
    unit: str | None
    text: str
    span: Span


class Text(Record):
    value: str
    span: Span


class Name(Record):
    id: str
    span: Span


class Attribute(Record):
    """``x.channels``"""

    owner: Name
    name: str
    span: Span


class Argument(Record):
    name: str | None
    value: Expression
    span: Span


class Unpacked(Argument):
    """``(c, n) = rows``: an argument of ``each`` whose values are rows, with a name for each item
    of one; ``name`` is all of them as they are written."""

    name: str
    value: Expression
    span: Span
    names: tuple[Name, ...]


class Call(Record):
    function: Name
    arguments: tuple[Argument, ...]
    span: Span


class List(Record):
    """``[24, 32, 64]``"""

    items: tuple[Expression, ...]
    span: Span


class Index(Record):
    """``widths[2]``: an item of a list, counted from 0, or from -1 at its end."""

    owner: Expression
    place: Expression
    span: Span


class Results(Call):
    """``return a, b``: what `outputs(a, b)` is within an expression; ``function`` has its name and
    the span of the whole."""

    function: Name
    arguments: tuple[Argument, ...]
    span: Span


class Negation(Record):
    operand: Expression
    span: Span


class Binary(Record):
    """``+ - * / // % ^``"""

    operator: str
    left: Expression
    right: Expression
    span: Span


class Comparison(Record):
    """``<= >= == != < >``"""

    operator: str
    left: Expression
    right: Expression
    span: Span


class Flow(Record):
    """``a -> b -> c``; never a step that is itself an unparenthesised flow."""

    steps: tuple[Expression, ...]
    span: Span


class Choice(Record):
    """``a | b | c``, or ``small: a | large: b`` where options have ``names`` of their own."""

    options: tuple[Expression, ...]
    names: tuple[Name | None, ...]
    span: Span


class Range(Record):
    """``2 to 8 by 2``, or with ``log`` ``16 to 256 log 2``, whose ``step`` is a factor."""

    first: Expression
    last: Expression
    step: Expression | None
    log: bool
    span: Span


Expression: TypeAlias = (
    Number
    | Text
    | Name
    | Attribute
    | Call
    | List
    | Index
    | Negation
    | Binary
    | Comparison
    | Flow
    | Choice
    | Range
)

# Statements ----------------------------------------------------------------------------------


class Let(Record):
    """``let name = value``; where it ``is_module``, ``module name = layer``."""

    name: Name
    value: Expression
    is_module: bool
    span: Span

    @property
    def keyword(self) -> str:
        return "module" if self.is_module else "let"

    @property
    def names(self) -> tuple[Name, ...]:
        """The names that may be read behind it."""
        return (self.name,)


class LetParts(Let):
    """``let (a, b) = expr``: each of its ``results`` is one of what gives several. Its own ``name``
    is that of all together, ``a, b``, which nothing can read."""

    name: Name
    value: Expression
    is_module: bool
    span: Span
    results: tuple[Name, ...]

    @property
    def names(self) -> tuple[Name, ...]:
        return self.results


class Require(Record):
    condition: Expression
    message: Text | None
    span: Span


class Body(Record):
    """``= expr`` (no statements, not ``braced``), or ``{ let … require … return expr }`` with any
    number of each and of ``module``."""

    statements: tuple[Let | Require, ...]
    result: Expression
    braced: bool
    span: Span

    @property
    def lets(self) -> tuple[Let, ...]:
        """Its lets, in order."""
        return tuple(part for part in self.statements if isinstance(part, Let))

    @property
    def requires(self) -> tuple[Require, ...]:
        """Its requirements, in order."""
        return tuple(part for part in self.statements if isinstance(part, Require))


class Parameter(Record):
    name: Name
    default: Expression | None
    span: Span


class Block(Record):
    name: Name
    parameters: tuple[Parameter, ...]
    body: Body
    shared: bool
    span: Span


class Function(Record):
    """A ``block`` of values: from its parameters to a value."""

    name: Name
    parameters: tuple[Parameter, ...]
    body: Body
    span: Span


class Language(Record):
    """``language 0.2``: the version of the language that the file was written for."""

    version: Number
    span: Span


class Use(Record):
    path: Text
    span: Span


class Device(Record):
    call: Call
    span: Span


class Clause(Record):
    """``data``, ``task``, ``train``, ``search`` or ``weights``, each followed by a call; ``train``
    also by a choice of calls. ``name`` is that of an input, or of one of several
    tasks: ``data picture = image(3, 32, 32)``, ``task kind = classify(10)``."""

    keyword: str
    name: Name | None
    settings: Call | Choice
    span: Span

    @property
    def call(self) -> Call:
        """The call; of a choice of calls the first."""
        node: Expression = self.settings
        while isinstance(node, Choice):
            node = node.options[0]
        assert isinstance(node, Call)
        return node


class Allow(Record):
    rule: Name
    reason: Text
    span: Span


class Objective(Record):
    """``maximize`` or ``minimize`` a metric."""

    direction: str
    metric: Expression
    span: Span


class Model(Record):
    body: Body
    span: Span


ArchItem: TypeAlias = Clause | Require | Allow | Objective | Let | Model


class Arch(Record):
    name: Name
    items: tuple[ArchItem, ...]
    span: Span


Item: TypeAlias = Language | Use | Device | Block | Function | Arch


class Comment(Record):
    """``text`` with its ``#``."""

    text: str
    span: Span


class File(Record):
    items: tuple[Item, ...]
    comments: tuple[Comment, ...]
    source: Source
