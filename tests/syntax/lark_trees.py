"""Lark's tree of a text in the shape of ours, read by rules of its own: nothing here is shared with
`archdsl.syntax.build`, so that a mistake of either is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.record import Record
from archdsl.source import Source, Span

if TYPE_CHECKING:
    from lark import Token, Tree

    from archdsl.syntax.nodes import File

_OPERATORS = {
    "add": "+", "sub": "-", "mul": "*", "div": "/", "floordiv": "//", "mod": "%", "pow": "^"
}  # fmt: skip
_TOLD_TWICE = {"LetParts": ("name", "is_module"), "Results": ("function",)}  # fields of ours
_CLAUSES = ("train", "search", "weights")


def shape_of_ours(file: File) -> tuple[Any, ...]:
    """The tree of the compiler's parser as nested tuples, each leaf with the place it stands at."""
    return tuple(_ours(item) for item in file.items)


def _ours(node: Any) -> Any:
    if isinstance(node, tuple) and not isinstance(node, Span):
        return tuple(_ours(part) for part in node)
    if not isinstance(node, Record):
        return node
    name = type(node).__name__
    names = [field for field in node.field_names if field not in _TOLD_TWICE.get(name, ())]
    fields = [getattr(node, field) for field in names]
    kept = tuple(_ours(field) for field in fields if not isinstance(field, Span | Source))
    return (name, node.span.start, *kept) if name in ("Name", "Text") else (name, *kept)


def shape_of_larks(tree: Tree[Token]) -> tuple[Any, ...]:
    """Lark's tree as the same nested tuples."""
    return tuple(_read(item) for item in tree.children if item is not None)


def _read(node: Any) -> Any:
    if node is None:
        return None
    rule, parts = str(node.data), node.children
    if rule in _OPERATORS:
        return ("Binary", _OPERATORS[rule], *map(_read, parts))
    if rule in _CLAUSES:
        return ("Clause", rule, None, _read(parts[0]))
    if rule in ("maximize", "minimize"):
        return ("Objective", rule, _read(parts[0]))
    return globals()[f"_{rule}"](*parts)


def _named(token: Token) -> tuple[Any, ...]:
    return ("Name", token.start_pos, str(token))


def _quoted(token: Token | None) -> tuple[Any, ...] | None:
    return token and ("Text", token.start_pos, str(token)[1:-1])


def _listed(tree: Tree[Token] | None) -> tuple[Any, ...]:
    return tuple(_read(part) for part in tree.children if part is not None) if tree else ()


def _use(path: Token) -> Any:
    return ("Use", _quoted(path))


def _language(version: Token) -> Any:
    return ("Language", _quantity(version, None))


def _function(name: Token, parameters: Any, body: Any) -> Any:
    return ("Function", _named(name), _listed(parameters), _read(body))


def _list(items: Any) -> Any:
    return ("List", _listed(items))


def _index(owner: Any, place: Any) -> Any:
    return ("Index", _read(owner), _read(place))


def _unpacked_argument(*parts: Any) -> Any:
    *names, value = parts
    written = f"({', '.join(map(str, names))})"
    return ("Unpacked", written, _read(value), tuple(map(_named, names)))


def _device(call: Any) -> Any:
    return ("Device", _read(call))


def _data(name: Token | None, call: Any) -> Any:
    return ("Clause", "data", name and _named(name), _read(call))


def _task(name: Token | None, call: Any) -> Any:
    return ("Clause", "task", name and _named(name), _read(call))


def _block(name: Token, parameters: Any, body: Any, shared: bool = False) -> Any:
    return ("Block", _named(name), _listed(parameters), _read(body), shared)


def _shared_block(name: Token, parameters: Any, body: Any) -> Any:
    return _block(name, parameters, body, True)


def _parameter(name: Token, default: Any) -> Any:
    return ("Parameter", _named(name), _read(default))


def _arch(name: Token, *items: Any) -> Any:
    return ("Arch", _named(name), tuple(_read(item) for item in items))


def _require(condition: Any, message: Token | None) -> Any:
    return ("Require", _read(condition), _quoted(message))


def _allow(rule: Token, reason: Token) -> Any:
    return ("Allow", _named(rule), _quoted(reason))


def _let(name: Token, value: Any) -> Any:
    return ("Let", _named(name), _read(value), False)


def _module(name: Token, value: Any) -> Any:
    return ("Let", _named(name), _read(value), True)


def _let_parts(*parts: Any) -> Any:
    *names, value = parts
    return ("LetParts", _read(value), tuple(map(_named, names)))


def _results(*values: Any) -> Any:
    return ("Results", tuple(map(_argument, values)))


def _model(body: Any) -> Any:
    return ("Model", _read(body))


def _plain_body(result: Any) -> Any:
    return ("Body", (), _read(result), False)


def _braced_body(*parts: Any) -> Any:
    *statements, result = map(_read, parts)
    return ("Body", tuple(statements), result, True)


def _compare(left: Any, mark: Token, right: Any) -> Any:
    return ("Comparison", str(mark), _read(left), _read(right))


def _flow(*steps: Any) -> Any:
    return ("Flow", tuple(map(_read, steps)))


def _choice(*options: Any) -> Any:
    names = tuple(name and _named(name) for name, _ in (option.children for option in options))
    return ("Choice", tuple(_read(option.children[1]) for option in options), names)


def _range(first: Any, last: Any, step: Any) -> Any:
    return ("Range", _read(first), _read(last), _read(step), False)


def _log_range(first: Any, last: Any, factor: Any) -> Any:
    return ("Range", _read(first), _read(last), _read(factor), True)


def _factor(number: Token) -> Any:
    return _quantity(number, None)


def _neg(operand: Any) -> Any:
    return ("Negation", _read(operand))


def _quantity(number: Token, unit: Token | None) -> Any:
    text = str(number)
    value = float(text) if any(mark in text for mark in ".eE") else int(text)
    return ("Number", value, unit and str(unit), text)


def _string(text: Token) -> Any:
    return _quoted(text)


def _name(name: Token) -> Any:
    return _named(name)


def _attribute(owner: Token, name: Token) -> Any:
    return ("Attribute", _named(owner), str(name))


def _call(name: Token, arguments: Any) -> Any:
    return ("Call", _named(name), _listed(arguments))


def _argument(value: Any) -> Any:
    return ("Argument", None, _read(value))


def _named_argument(name: Token, value: Any) -> Any:
    return ("Argument", str(name), _read(value))
