"""From arguments as a spec gives them to an op: what is accepted, and the words when it is not."""

from __future__ import annotations

from dataclasses import MISSING, Field, fields
from typing import Any, NamedTuple

from archdsl.ops.base import Op, OpError
from archdsl.ops.parameters import AUTO, Accepts, Bound
from archdsl.spec.constants import Quantity


class Parameter(NamedTuple):
    """One value parameter of an op."""

    name: str
    accepts: Accepts
    default: Any

    @property
    def required(self) -> bool:
        return self.default is MISSING


def parameters(op: type[Op]) -> tuple[Parameter, ...]:
    """The value parameters of an op, in order."""
    found = _PARAMETERS.get(op)
    if found is None:
        found = _PARAMETERS[op] = tuple(_parameter(field) for field in fields(op))  # type: ignore[arg-type]
    return found


_PARAMETERS: dict[type[Op], tuple[Parameter, ...]] = {}


def _parameter(field: Field[Any]) -> Parameter:
    return Parameter(field.name, field.metadata["accepts"], field.default)


def signature(op: type[Op]) -> str:
    """``conv(channels, kernel, stride=1, …)`` as ``archdsl ops`` shows it."""
    if op not in _SIGNATURES:
        _SIGNATURES[op] = f"{op.word()}({', '.join(signature_parts(op))})"
    return _SIGNATURES[op]


_SIGNATURES: dict[type[Op], str] = {}


def signature_parts(op: type[Op]) -> list[str]:
    """What an op takes, part by part: its layers, then its value parameters with their defaults."""
    shown = [*op.branches.names, *(["…"] if op.branches.variadic else [])]
    for parameter in parameters(op):
        default = "" if parameter.required else f"={spell(parameter.default)}"
        shown.append(parameter.name + default)
    shown += [f"{name}=" for name in op.branches.optional]
    return shown


def spell(value: Any) -> str:
    """A value as the language writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Quantity):
        return f"{spell(value.value)} {value.dimension}"
    if isinstance(value, tuple):
        items = ", ".join(map(spell, value))
        return f"size({items})" if type(value) is tuple else f"[{items}]"
    if value is None:
        return AUTO
    return f"{value:g}" if isinstance(value, float) else str(value)


def accept(name: str, accepts: Accepts, value: Any) -> Any:
    """The value an op's field gets. Raises :class:`OpError` when it is not acceptable.

    What may be left to itself may say so: ``auto``, as signatures write it.
    """
    if accepts.optional and (value is None or (value == AUTO and AUTO in accepts.names)):
        return None
    converted = _CONVERTERS[accepts.kind](accepts, value)
    if converted is _REFUSED:
        shown = _shown(value)
        raise OpError(
            f"{name}={shown} is not {accepts.what}" if shown else f"{name} is a layer here",
            code="E231",
            needed=accepts.what,
            argument=name,
        )
    return converted


_REFUSED = object()


def _shown(value: Any) -> str:
    told = isinstance(value, (int, float, str)) or type(value) is tuple
    return spell(value) if told else ""


def _whole(accepts: Accepts, value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return _REFUSED
    return _within(accepts, value)


def _real(accepts: Accepts, value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return _REFUSED
    return _within(accepts, float(value))


def _within(accepts: Accepts, value: Any) -> Any:
    if accepts.minimum is not None and value < accepts.minimum:
        return _REFUSED
    if accepts.maximum is not None and value > accepts.maximum:
        return _REFUSED
    return value


def _flag(accepts: Accepts, value: Any) -> Any:
    return value if isinstance(value, bool) else _REFUSED


def _word(accepts: Accepts, value: Any) -> Any:
    return str(value) if isinstance(value, str) and value in accepts.words else _REFUSED


def _extent(accepts: Accepts, value: Any) -> Any:
    if isinstance(value, str) and value in accepts.words:
        return str(value)
    if not isinstance(value, tuple):
        return _whole(accepts, value)
    sizes = tuple(_whole(accepts, size) for size in value)
    if _REFUSED in sizes or not 1 <= len(sizes) <= 3:
        return _REFUSED
    return sizes


def _tensor(accepts: Accepts, value: Any) -> Any:
    return value if isinstance(value, Bound) else _REFUSED


_CONVERTERS = {
    "whole": _whole,
    "real": _real,
    "flag": _flag,
    "word": _word,
    "extent": _extent,
    "tensor": _tensor,
}
