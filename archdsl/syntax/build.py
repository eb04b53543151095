"""From a rule's parts to a node: one small function for each rule, found by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.source import Span
from archdsl.syntax import nodes

if TYPE_CHECKING:
    from collections.abc import Callable

    from archdsl.source import Source
    from archdsl.syntax.scanner import Token


def build(name: str, span: Span, parts: list[Any]) -> Any:
    """The node (or list of nodes) of the rule with this name."""
    return _BUILDERS[name](span, parts)


def unreadable(span: Span) -> nodes.Name:
    """What stands for an expression with an error in it: a name that no source can spell."""
    return nodes.Name("", span)


def _span(source: Source, token: Token) -> Span:
    return Span(source, token.start, token.end)


def _name(span: Span, token: Token) -> nodes.Name:
    return nodes.Name(token.text, _span(span.source, token))


def _text(span: Span, token: Token) -> nodes.Text:
    return nodes.Text(token.text[1:-1], _span(span.source, token))


def _quantity(span: Span, parts: list[Any]) -> nodes.Number:
    number, unit = parts
    digits = number.text.replace("_", "")
    value = int(digits) if digits.isdecimal() else float(digits)
    return nodes.Number(value, unit and unit.text, number.text, span)


def _attribute(span: Span, parts: list[Any]) -> nodes.Attribute:
    return nodes.Attribute(_name(span, parts[0]), parts[1].text, span)


def _call(span: Span, parts: list[Any]) -> nodes.Call:
    return nodes.Call(_name(span, parts[0]), tuple(parts[1] or ()), span)


def _named_argument(span: Span, parts: list[Any]) -> nodes.Argument:
    return nodes.Argument(parts[0].text, parts[1], span)


def _unpacked_argument(span: Span, parts: list[Any]) -> nodes.Unpacked:
    first, others, value = parts
    names = tuple(_name(span, token) for token in (first, *others))
    written = f"({', '.join(name.id for name in names)})"
    return nodes.Unpacked(written, value, span, names)


def _function(span: Span, parts: list[Any]) -> nodes.Function:
    name, parameters, body = parts
    return nodes.Function(_name(span, name), tuple(parameters or ()), body, span)


def _start(_: Span, parts: list[Any]) -> list[nodes.Item]:
    language, items = (*parts, [])[:2]
    return [*([language] if language else []), *items]


def _binary(operator: str) -> Callable[[Span, list[Any]], nodes.Binary]:
    return lambda span, parts: nodes.Binary(operator, parts[0], parts[1], span)


def _compare(span: Span, parts: list[Any]) -> nodes.Comparison:
    return nodes.Comparison(parts[1].text, parts[0], parts[2], span)


def _block(*, shared: bool) -> Callable[[Span, list[Any]], nodes.Block]:
    def make(span: Span, parts: list[Any]) -> nodes.Block:
        name, parameters, body = parts
        return nodes.Block(_name(span, name), tuple(parameters or ()), body, shared, span)

    return make


def _parameter(span: Span, parts: list[Any]) -> nodes.Parameter:
    return nodes.Parameter(_name(span, parts[0]), parts[1], span)


def _plain_body(span: Span, parts: list[Any]) -> nodes.Body:
    return nodes.Body((), parts[0], False, span)


def _braced_body(span: Span, parts: list[Any]) -> nodes.Body:
    statements = parts[0] if len(parts) == 2 else ()
    return nodes.Body(tuple(statements), parts[-1], True, span)


def _arch(span: Span, parts: list[Any]) -> nodes.Arch:
    items = parts[1] if len(parts) == 2 else ()
    return nodes.Arch(_name(span, parts[0]), tuple(items), span)


def _clause(keyword: str) -> Callable[[Span, list[Any]], nodes.Clause]:
    return lambda span, parts: nodes.Clause(keyword, None, parts[0], span)


def _named_clause(keyword: str) -> Callable[[Span, list[Any]], nodes.Clause]:
    def built(span: Span, parts: list[Any]) -> nodes.Clause:
        name, call = parts
        return nodes.Clause(keyword, name and _name(span, name), call, span)

    return built


def _require(span: Span, parts: list[Any]) -> nodes.Require:
    condition, message = parts
    return nodes.Require(condition, message and _text(span, message), span)


def _allow(span: Span, parts: list[Any]) -> nodes.Allow:
    return nodes.Allow(_name(span, parts[0]), _text(span, parts[1]), span)


def _objective(direction: str) -> Callable[[Span, list[Any]], nodes.Objective]:
    return lambda span, parts: nodes.Objective(direction, parts[0], span)


def _let(*, is_module: bool) -> Callable[[Span, list[Any]], nodes.Let]:
    return lambda span, parts: nodes.Let(_name(span, parts[0]), parts[1], is_module, span)


def _let_parts(span: Span, parts: list[Any]) -> nodes.LetParts:
    first, others, value = parts
    results = tuple(_name(span, token) for token in (first, *others))
    whole = Span(span.source, results[0].span.start, results[-1].span.end)
    name = nodes.Name(", ".join(result.id for result in results), whole)
    return nodes.LetParts(name, value, False, span, results)


def _results(span: Span, parts: list[Any]) -> nodes.Results:
    values = (parts[0], *parts[1])
    arguments = tuple(nodes.Argument(None, value, value.span) for value in values)
    return nodes.Results(nodes.Name("outputs", span), arguments, span)


def _choice(span: Span, parts: list[Any]) -> nodes.Choice:
    names, options = zip(parts[0], *parts[1], strict=True)
    return nodes.Choice(options, names, span)


def _range(*, log: bool) -> Callable[[Span, list[Any]], nodes.Range]:
    return lambda span, parts: nodes.Range(parts[0], parts[1], parts[2], log, span)


def _append(_: Span, parts: list[Any]) -> list[Any]:
    sofar: list[Any] = parts[0]
    sofar.append(parts[1])
    return sofar


def _one_and_more(_: Span, parts: list[Any]) -> list[Any]:
    return [parts[0], *parts[1]] if len(parts) == 2 else [parts[0]]


OPERATORS = {
    "add": "+",
    "sub": "-",
    "mul": "*",
    "div": "/",
    "floordiv": "//",
    "mod": "%",
    "pow": "^",
}

_BUILDERS: dict[str, Callable[[Span, list[Any]], Any]] = {
    **{name: _binary(operator) for name, operator in OPERATORS.items()},
    **{keyword: _clause(keyword) for keyword in ("train", "search", "weights")},
    **{keyword: _named_clause(keyword) for keyword in ("data", "task")},
    **{direction: _objective(direction) for direction in ("maximize", "minimize")},
    "start": _start,
    "language": lambda span, parts: nodes.Language(_quantity(span, [parts[0], None]), span),
    "first": lambda _, parts: [parts[0]],
    "append": _append,
    "use": lambda span, parts: nodes.Use(_text(span, parts[0]), span),
    "device": lambda span, parts: nodes.Device(parts[0], span),
    "block": _block(shared=False),
    "shared_block": _block(shared=True),
    "function": _function,
    "arch": _arch,
    "require": _require,
    "allow": _allow,
    "let": _let(is_module=False),
    "module": _let(is_module=True),
    "let_parts": _let_parts,
    "results": _results,
    "model": lambda span, parts: nodes.Model(parts[0], span),
    "parameters": _one_and_more,
    "parameter": _parameter,
    "plain_body": _plain_body,
    "braced_body": _braced_body,
    "compare": _compare,
    "flow": lambda span, parts: nodes.Flow((parts[0], *parts[1]), span),
    "choice": _choice,
    "option": lambda span, parts: (parts[0] and _name(span, parts[0]), parts[1]),
    "range": _range(log=False),
    "log_range": _range(log=True),
    "factor": lambda span, parts: _quantity(span, [parts[0], None]),
    "neg": lambda span, parts: nodes.Negation(parts[0], span),
    "quantity": _quantity,
    "string": lambda span, parts: _text(span, parts[0]),
    "name": lambda span, parts: _name(span, parts[0]),
    "attribute": _attribute,
    "list": lambda span, parts: nodes.List(tuple(parts[0] or ()), span),
    "listed": _one_and_more,
    "index": lambda span, parts: nodes.Index(parts[0], parts[1], span),
    "call": _call,
    "arguments": _one_and_more,
    "argument": lambda span, parts: nodes.Argument(None, parts[0], span),
    "named_argument": _named_argument,
    "unpacked_argument": _unpacked_argument,
}
