"""Device profiles by name: those a spec declares, and those that ship."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from archdsl.catalog import files
from archdsl.diagnostics import Diagnostic, SpecError, meant
from archdsl.source import Source
from archdsl.spec.bind import bind_clause
from archdsl.syntax import nodes as ast
from archdsl.syntax.parser import parse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archdsl.spec.device import Device


def shipped() -> tuple[str, ...]:
    """The names of the profiles that ship."""
    return tuple(files("archdsl.cost.devices", ".arch"))


def find(name: str, declared: Mapping[str, Device]) -> Device | None:
    """A device of the spec, else one that ships, else None."""
    if name in declared:
        return declared[name]
    return _shipped(name) if name in shipped() else None


def device_of(name: ast.Name, declared: Mapping[str, Device]) -> Device:
    """The profile a spec names. Raises :class:`SpecError` for an unknown one."""
    device = find(name.id, declared)
    if device is not None:
        return device
    known = (*declared, *shipped())
    raise SpecError(
        Diagnostic(
            "E432",
            f"there is no device called `{name.id}`",
            name.span,
            needed=f"one of {', '.join(known)}, or a `device {name.id}(compute=…, bandwidth=…)`",
            **meant(name.id, known, name.span)._asdict(),
        )
    )


@cache
def _shipped(name: str) -> Device:
    path = files("archdsl.cost.devices", ".arch")[name]
    tree = parse(Source(path.read_text(encoding="utf-8"), f"archdsl/cost/devices/{path.name}"))
    (device,) = (item for item in tree.items if isinstance(item, ast.Device))
    bound: Device = bind_clause("device", device.call)
    return bound
