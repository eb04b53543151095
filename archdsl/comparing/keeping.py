"""What a new version of a spec has to keep of the old one, and where it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.cost.catalog import find
from archdsl.diagnostics import Diagnostic, Severity
from archdsl.evaluate.points import as_text
from archdsl.limits.telling import apart
from archdsl.space.metrics import sort_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from archdsl.comparing.changes import Comparison

FEW = 3  # names that a message lists


def not_kept(found: Comparison, words: Iterable[str]) -> tuple[Diagnostic, ...]:
    """A finding for each thing of :data:`KEPT` that a new version was to keep and did not."""
    return tuple(finding for word in dict.fromkeys(words) for finding in KEPT[word](found))


def _interface(found: Comparison) -> Iterator[Diagnostic]:
    """What flows in and out, and every architecture."""
    for name in found.lost:
        yield Diagnostic("E951", f"the architecture `{name}` is gone")
    for arch in found.arches:
        for change in arch.design.interface if arch.design else ():
            told = f"was {change.old or 'not there'}, is {change.new or 'not there'}"
            yield Diagnostic("E951", f"`{change.name}` of `{arch.new}` {told}")


def _weights(found: Comparison) -> Iterator[Diagnostic]:
    """Weights of the old version, which load as they are or by a ``weights`` clause of the new."""
    for arch in found.arches:
        changes = arch.design.weights if arch.design else None
        if changes is None or changes.loads:
            continue
        if changes.rows:
            rows = ", ".join(row.text for row in changes.rows)
            help = f"the clause `weights old({rows})` in the new version loads them"
            yield Diagnostic("E952", f"old weights of `{arch.new}` have other names", help=help)
            continue
        amiss = (*(one.name for one in changes.resized), *changes.lost, *changes.gained)
        more = f" and {len(amiss) - FEW:,} more" if len(amiss) > FEW else ""
        names = ", ".join(f"`{name}`" for name in amiss[:FEW])
        yield Diagnostic("E952", f"old weights do not fill `{arch.new}`: {names}{more} changed")


def _designs(found: Comparison) -> Iterator[Diagnostic]:
    """The valid designs of a space, as far as it was looked."""
    for arch in found.arches:
        shared = arch.space.old_designs if arch.space else None
        if shared is None or shared.all:
            continue
        away = shared.looked - shared.there
        message = f"{away:,} of {shared.looked:,} old designs of `{arch.new}` are valid no more"
        design = ", ".join(f"{k}={as_text(v)}" for k, v in (shared.example or {}).items())
        yield Diagnostic("E953", message, notes=(f"one of them: {design}",) if design else ())


def _findings(found: Comparison) -> Iterator[Diagnostic]:
    """No error and no warning that the old version had not."""
    for one in found.found:
        if one.severity is not Severity.NOTE:
            yield one


def _costs(found: Comparison) -> Iterator[Diagnostic]:
    """Each cost is at most what it was; of a space the largest of all designs."""
    for arch in found.arches:
        changes = arch.design.costs if arch.design else arch.space.metrics if arch.space else ()
        for change in changes:
            if change.old is None or change.new is None or not _is_cost(change.name):
                continue
            old, new = _largest(change.old), _largest(change.new)
            if sort_key(new) > sort_key(old):
                before, after = apart(old, new)
                yield Diagnostic("E954", f"{change.name} of `{arch.new}` was {before}, is {after}")


def _is_cost(name: str) -> bool:
    """Whether a metric is something that a model takes, so that less of it is better."""
    metric = find(name.partition("(")[0])
    return metric is not None and metric.is_cost


def _largest(value: Any) -> Any:
    """A value, or the larger end of a space's least and most."""
    return value[1] if type(value) is tuple else value


KEPT: Mapping[str, Callable[[Comparison], Iterator[Diagnostic]]] = {
    "interface": _interface,
    "weights": _weights,
    "designs": _designs,
    "costs": _costs,
    "findings": _findings,
}
