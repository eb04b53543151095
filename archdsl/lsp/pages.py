"""What there is to read of a word, as Markdown: the pages of ``archdsl explain``, ``ops`` and
``blocks``, and the figures of a clause's arguments."""

from __future__ import annotations

from inspect import cleandoc
from typing import TYPE_CHECKING, Any, get_args

from archdsl.catalog import files
from archdsl.cost import catalog as metrics
from archdsl.cost.profiles import shipped
from archdsl.explain import metrics as metric_pages
from archdsl.explain import rules as rule_pages
from archdsl.explain.blocks import block_page
from archdsl.explain.functions import functions
from archdsl.explain.ops import op_page
from archdsl.ops import catalog as ops
from archdsl.ops.binding import Parameter, parameters, spell
from archdsl.resolve.blocks import library
from archdsl.rules.catalog import find as find_rule
from archdsl.rules.config import Config
from archdsl.spec import catalog as clauses
from archdsl.spec.bind import signature
from archdsl.spec.device import Device
from archdsl.spec.fields import ClauseModel, What

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.syntax import nodes as ast

CLAUSE_WORDS = (*clauses.CLAUSES, "device")


def page(word: str, role: str) -> str:
    """The page of a word of the language; empty where there is none. ``role`` tells words of
    clauses and principles from others."""
    if role == "rule":
        return _rule(word)
    if role in CLAUSE_WORDS:
        return clause_page(role, word)
    if ops.find(word) is not None:
        return _code_and(op_page(word))
    if word in library():
        return _code_and(block_page(word))
    if word in functions():
        return _code_and(functions()[word])
    if metrics.find(word) is not None:
        return _metric(word)
    return device_page(word) if word in shipped() else ""


def _code_and(told: Any) -> str:
    """A signature, what it means, and an example."""
    parts = [code(told.signature), prose(told.doc)]
    parts += [f"Example: {told.example}" if "\n" not in told.example else code(told.example)]
    return "\n\n".join(part for part in parts if part.removeprefix("Example: "))


def code(text: str) -> str:
    """Text of the language."""
    return f"```arch\n{text}\n```"


def prose(text: str) -> str:
    """A docstring as Markdown."""
    return text.replace("``", "`")


def _metric(word: str) -> str:
    metric = metrics.find(word)
    assert metric is not None
    unit = f"Unit: {metric_pages.unit(metric)}."
    parts = [code(metric_pages.written(metric)), metric.meaning(), metric.notes(), unit]
    return "\n\n".join(prose(part) for part in parts if part)


def _rule(slug: str) -> str:
    rule = find_rule(slug)
    return "" if rule is None else prose(rule_page_text(slug))


def rule_page_text(slug: str) -> str:
    """The page of a principle."""
    rule = find_rule(slug)
    assert rule is not None
    head = f"**{rule.code} {rule.slug()}**: {rule_pages.title(rule)}"
    told = [f"`{rule_pages.shown(one)}`" for one in rule_pages.thresholds(rule, Config())]
    numbers = f"Thresholds: {', '.join(told)}" if told else ""
    return "\n\n".join(part for part in (head, rule_pages.body(rule), numbers) if part)


def device_page(name: str) -> str:
    """A device that ships, as a spec would declare it."""
    text = files("archdsl.cost.devices", ".arch")[name].read_text(encoding="utf-8").strip()
    return code(text)


def clause_page(keyword: str, word: str) -> str:
    """A word of a clause: its arguments and what it means."""
    model = model_of(keyword, word)
    if model is None:
        return ""
    told = [cleandoc(one.__doc__ or "") for one in _documented(model)]
    return "\n\n".join([code(f"{keyword} {signature(word, model)}"), *map(prose, told)])


def _documented(model: type[ClauseModel]) -> Iterable[type]:
    return [one for one in model.__mro__ if one.__doc__ and "archdsl" in one.__module__][:2]


def model_of(keyword: str, word: str) -> type[ClauseModel] | None:
    """What a word of a clause takes."""
    if keyword == "device":
        return Device
    return clauses.find(keyword, word) if keyword in clauses.CLAUSES else None


def field_words(model: type[ClauseModel], name: str) -> tuple[str, ...]:
    """The words that an argument of a clause may be."""
    annotation = model.model_fields[name].annotation
    if annotation is bool:
        return ("true", "false")
    found = [*get_args(annotation), *(w for one in get_args(annotation) for w in get_args(one))]
    words = tuple(word for word in found if isinstance(word, str))
    return words or (("true", "false") if bool in found else ())


def field_told(model: type[ClauseModel], name: str) -> str:
    """What an argument of a clause accepts, and what it is without being told."""
    field = model.model_fields[name]
    metadata = [*field.metadata, *_inner_metadata(field.annotation)]
    what = next((one.text for one in metadata if isinstance(one, What)), "")
    words = field_words(model, name)
    what = what or (f"one of {', '.join(words)}" if words else "")
    is_told = not field.is_required() and field.default not in (None, ())
    return f"{what} (default: {spell(field.default)})" if is_told else what


def _inner_metadata(annotation: Any) -> list[Any]:
    return [one for part in get_args(annotation) for one in getattr(part, "__metadata__", ())]


def argument_page(call: ast.Call, name: str, keyword: str = "") -> str:
    """An argument of an op's call, or of a clause."""
    word = call.function.id
    model = model_of(keyword, word)
    if model is not None:
        return f"`{name}`: {field_told(model, name)}" if name in model.model_fields else ""
    op = ops.find(word)
    known = {parameter.name: parameter for parameter in parameters(op)} if op is not None else {}
    if name not in known:
        return ""
    return f"`{name}`: {argument_told(known[name])}"


def argument_told(one: Parameter) -> str:
    """What an argument of an op accepts, and what it is without being told."""
    default = "" if one.required else f" (default: {spell(one.default)})"
    return f"{one.accepts.what}{default}"
