"""A comparison of two specs as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.rendering.formats.json import as_object
from archdsl.space.metrics import sort_key, unit_of

if TYPE_CHECKING:
    from archdsl.comparing.changes import (
        ArchChanges,
        Change,
        Comparison,
        DesignChanges,
        LayerChange,
        SpaceChanges,
        WeightChanges,
    )


def document(found: Comparison) -> dict[str, Any]:
    """The whole comparison, nothing left out."""
    return {
        "old": found.old,
        "new": found.new,
        "lost": list(found.lost),
        "gained": list(found.gained),
        "unread": list(found.unread),
        "arches": [_arch(one) for one in found.arches],
        "findings": {
            "gone": [as_object(one) for one in found.gone],
            "found": [as_object(one) for one in found.found],
        },
    }


def _arch(arch: ArchChanges) -> dict[str, Any]:
    return {
        "old": arch.old,
        "new": arch.new,
        "clauses": [one._asdict() for one in arch.clauses],
        "design": _design(arch.design) if arch.design else None,
        "space": _space(arch.space) if arch.space else None,
    }


def _design(design: DesignChanges) -> dict[str, Any]:
    return {
        "interface": [one._asdict() for one in design.interface],
        "layers": [_layer(one) for one in design.layers],
        "costs": [_amounts(one) for one in design.costs],
        "weights": _weights(design.weights) if design.weights else None,
    }


def _layer(change: LayerChange) -> dict[str, Any]:
    return {name: row and row._asdict() for name, row in change._asdict().items()}


def _amounts(change: Change) -> dict[str, Any]:
    """A cost, or its least and largest value: plain numbers, with their unit."""
    there = change.new if change.old is None else change.old
    unit = unit_of(there[0] if type(there) is tuple else there)
    return {**change._asdict(), "old": _plain(change.old), "new": _plain(change.new), "unit": unit}


def _plain(value: Any) -> Any:
    if value is None:
        return None
    return [sort_key(one) for one in value] if type(value) is tuple else sort_key(value)


def _weights(found: WeightChanges) -> dict[str, Any]:
    return {
        "loads": found.loads,
        "kept": list(found.kept),
        "renamed": [list(pair) for pair in found.renamed],
        "resized": [one._asdict() for one in found.resized],
        "lost": list(found.lost),
        "gained": list(found.gained),
        "rows": [row.text for row in found.rows],
        "origin": found.origin or None,
    }


def _space(space: SpaceChanges) -> dict[str, Any]:
    shared = {"old_designs": space.old_designs, "new_designs": space.new_designs}
    return {
        "counts": [one._asdict() for one in space.counts],
        "choices": [one._asdict() for one in space.choices],
        "metrics": [_amounts(one) for one in space.metrics],
        **{name: one and one._asdict() for name, one in shared.items()},
    }
