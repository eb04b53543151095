"""Edits of a spec's text."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from archdsl.diagnostics import Edit, SpecError
from archdsl.source import Source, Span
from archdsl.syntax import nodes as ast
from archdsl.syntax.parser import parse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.ops.base import Op

BEFORE = "block b() = "
ARROW = "->"


def written_flag(span: Span, op: type[Op], name: str, value: str) -> Edit | None:
    """The edit that gives the call of an op at a span an argument; None when the call is not
    written out there, or the argument is given as anything but ``true`` or ``false``."""
    call = _call(span.text)
    if call is None:
        return None
    given = _given(call, op).get(name)
    if given is None:
        end = _within(span, call.arguments[-1].span).end
        return Edit(Span(span.source, end, end), f", {name}={value}")
    if not isinstance(given, ast.Name) or given.id not in ("true", "false"):
        return None
    return Edit(_within(span, given.span), value)


def turned(span: Span, name: str, value: str) -> Edit | None:
    """The edit that turns an argument round that the call at a span gives by name, as ``true`` or
    ``false``."""
    call = _call(span.text)
    for argument in call.arguments if call is not None else ():
        flag = argument.value
        if argument.name == name and isinstance(flag, ast.Name) and flag.id in ("true", "false"):
            return Edit(_within(span, flag.span), value)
    return None


def written_width(span: Span, op: type[Op], old: float, new: float) -> Edit | None:
    """The edit that changes the first argument of the call of an op at a span, where it is a
    number written out there."""
    call = _call(span.text)
    if call is None:
        return None
    name = fields(op)[0].name  # type: ignore[arg-type]
    given = _given(call, op).get(name)
    if not isinstance(given, ast.Number) or given.value != old or given.unit is not None:
        return None
    return Edit(_within(span, given.span), str(new))


def _given(call: ast.Call, op: type[Op]) -> dict[str, ast.Expression]:
    """The arguments of a call by the op's names for them."""
    names = iter([*op.branches.names, *(field.name for field in fields(op))])  # type: ignore[arg-type]
    return {argument.name or next(names): argument.value for argument in call.arguments}


def _call(text: str) -> ast.Call | None:
    try:
        tree = parse(Source(BEFORE + text + "\n", "call"))
    except SpecError:
        return None
    (item,) = tree.items
    written = item.body.result if isinstance(item, ast.Block) else None
    return written if isinstance(written, ast.Call) else None


def _within(span: Span, inner: Span) -> Span:
    """A place in a call parsed on its own, as a place in its source."""
    shift = span.start - len(BEFORE)
    return Span(span.source, inner.start + shift, inner.end + shift)


def without_steps(spans: Iterable[Span]) -> tuple[Edit, ...]:
    """The edits that take layers away, each with an arrow where it is a step of a chain; elsewhere
    an identity stands in its place."""
    return tuple(_without_step(span) for span in spans)


def _without_step(span: Span) -> Edit:
    text = span.source.text
    before, after = text[: span.start].rstrip(), text[span.end :].lstrip()
    if before.endswith(ARROW):
        start = len(before.removesuffix(ARROW).rstrip())
        return Edit(Span(span.source, start, span.end), "")
    if after.startswith(ARROW):
        end = len(text) - len(after.removeprefix(ARROW).lstrip())
        return Edit(Span(span.source, span.start, end), "")
    return Edit(span, "identity")


def without(spans: Iterable[Span]) -> tuple[Edit, ...]:
    """The edits that take statements away, each with its lines when it has them to itself."""
    return tuple(Edit(_lines(span), "") for span in spans)


def _lines(span: Span) -> Span:
    """The lines of a statement that has them to itself, with the comment behind it."""
    text = span.source.text
    start = text.rfind("\n", 0, span.start) + 1
    end = text.find("\n", span.end) + 1 or len(text)
    behind = text[span.end : end].strip()
    if text[start : span.start].strip() or (behind and not behind.startswith("#")):
        return span
    return Span(span.source, start, end)
