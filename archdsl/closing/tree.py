"""Small questions about syntax trees, and small pieces of them made anew."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, TypeVar

from archdsl.evaluate.frames import Values
from archdsl.record import Record
from archdsl.source import Source
from archdsl.syntax import nodes
from archdsl.syntax.parser import parse
from archdsl.syntax.text import expression_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from archdsl.source import Span

R = TypeVar("R", bound=Record)

MANY_DIGITS = 18  # behind a number's point: more cannot be written
SELECTING = ("pick", "permute")


def rebuilt(node: R, **changes: Any) -> R:
    """A node with some fields changed; the node itself where nothing is."""
    fields = {name: getattr(node, name) for name in node.field_names}
    if all(fields[name] is value for name, value in changes.items()):
        return node
    return type(node)(**{**fields, **changes})


def mapped(node: R, change: Callable[[Any], Any]) -> R:
    """A node with each of its parts changed."""
    changes: dict[str, Any] = {}
    for name in node.field_names:
        value = getattr(node, name)
        if type(value) is tuple:
            parts = tuple([change(p) if isinstance(p, Record) else p for p in value])
            same = all(new is old for new, old in zip(parts, value, strict=True))
            changes[name] = value if same else parts
        elif isinstance(value, Record):
            changes[name] = change(value)
    return rebuilt(node, **changes)


def same(one: nodes.Expression, other: nodes.Expression) -> bool:
    """Whether two expressions read the same."""
    return one is other or expression_text(one) == expression_text(other)


def distinct(expressions: Iterable[nodes.Expression]) -> list[nodes.Expression]:
    """Expressions that read differently, each once, in order."""
    return list({expression_text(one): one for one in reversed(list(expressions))}.values())[::-1]


def name_of(word: str, span: Span) -> nodes.Name:
    return nodes.Name(word, span)


def names_in(node: Record) -> Iterator[str]:
    """The names that a tree reads: those it calls and those of its attributes' owners among them,
    those that it gives to options, parameters and lets left out."""
    if isinstance(node, nodes.Name):
        yield node.id
    elif isinstance(node, nodes.Choice):
        for option in node.options:
            yield from names_in(option)
    elif isinstance(node, nodes.Let):
        yield from names_in(node.value)
    elif isinstance(node, nodes.Parameter):
        yield from names_in(node.default) if node.default is not None else ()
    elif isinstance(node, nodes.Unpacked):
        yield from names_in(node.value)
    elif isinstance(node, (nodes.Block, nodes.Function)):
        for part in (*node.parameters, node.body):
            yield from names_in(part)
    else:
        for part in node.parts():
            yield from names_in(part)


def flow_of(steps: Iterable[nodes.Expression], span: Span) -> nodes.Expression:
    """Layers one after another, rows among them taken apart."""
    row: list[nodes.Expression] = []
    for step in steps:
        row += step.steps if isinstance(step, nodes.Flow) else (step,)
    if not row:
        return name_of("identity", span)
    return row[0] if len(row) == 1 else nodes.Flow(tuple(row), span)


def expression_of(text: str) -> nodes.Expression:
    """The expression that a text is."""
    (block,) = parse(Source(f"block layer() = {text}\n", "layer")).items
    assert isinstance(block, nodes.Block)
    return block.body.result


def is_literal(node: nodes.Expression) -> bool:
    """Whether an expression is a number, a text or a truth value as it stands."""
    if isinstance(node, nodes.Negation):
        return isinstance(node.operand, nodes.Number)
    if isinstance(node, nodes.Name):
        return node.id in ("true", "false")
    if isinstance(node, nodes.List):
        return all(map(is_literal, node.items))
    return isinstance(node, (nodes.Number, nodes.Text))


def literal(value: Any, span: Span) -> nodes.Expression | None:
    """A number, a truth value or a list of such written out; None for what cannot be."""
    if isinstance(value, bool):
        return name_of("true" if value else "false", span)
    if isinstance(value, int):
        return _signed(value, str(abs(value)), span)
    if isinstance(value, float) and math.isfinite(value):
        return _signed(value, _decimal(abs(value)), span)
    if isinstance(value, Values):
        items = [literal(item, span) for item in value]
        return nodes.List(tuple(one for one in items if one), span) if all(items) else None
    return None


def _signed(value: float, text: str, span: Span) -> nodes.Expression | None:
    if len(text.partition("e")[0].partition(".")[0]) > MANY_DIGITS:
        return None
    number = nodes.Number(abs(value), None, text, span)
    return nodes.Negation(number, span) if value < 0 else number


def _decimal(value: float) -> str:
    """The shortest digits that are this number, as the language writes them."""
    text = repr(value)
    mantissa, _, exponent = text.partition("e")
    if len(mantissa.partition(".")[2]) > MANY_DIGITS:
        digits, _, power = f"{value:.16e}".partition("e")
        shorter = (f"{value:.{n}e}" for n in range(17))
        text = next((one for one in shorter if float(one) == value), f"{digits}e{power}")
        mantissa, _, exponent = text.partition("e")
    return f"{mantissa}e{int(exponent)}" if exponent else text


def counters_in(node: Record) -> frozenset[str]:
    """The names that an ``each`` inside counts by."""
    calls = (one for one in node.within() if isinstance(one, nodes.Call))
    eaches = (call for call in calls if call.function.id == "each" and call.arguments)
    return frozenset(name for each in eaches for name in counters(each))


def counters(each: nodes.Call) -> tuple[str, ...]:
    """The names that an ``each`` binds in each copy."""
    first = each.arguments[0]
    if isinstance(first, nodes.Unpacked):
        return tuple(name.id for name in first.names)
    return (str(first.name),)
