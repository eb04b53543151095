"""The clauses of two versions of an architecture, as they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.comparing.changes import Change
from archdsl.syntax import nodes
from archdsl.syntax.spelling import expression_text

if TYPE_CHECKING:
    from archdsl.syntax.nodes import Arch, ArchItem


def clause_changes(old: Arch, new: Arch) -> tuple[Change, ...]:
    """The clauses, requirements, objectives and lets that differ, in the order of the old version,
    new ones behind. The model is compared by what it comes to, not by its text."""
    before, after = _clauses(old), _clauses(new)
    names = dict.fromkeys((*before, *after))
    changes = (Change(name, before.get(name), after.get(name)) for name in names)
    return tuple(change for change in changes if change.old != change.new)


def _clauses(arch: Arch) -> dict[str, str]:
    items = [item for item in arch.items if not isinstance(item, nodes.Model)]
    return {_name(item): _written(item) for item in items}


def _name(item: ArchItem) -> str:
    """What a clause is told apart from others by."""
    if isinstance(item, nodes.Clause):
        named = item.name.id if item.name else ""
        origin = item.call.function.id if item.keyword == "weights" else ""
        return " ".join(filter(None, (item.keyword, named, origin)))
    if isinstance(item, nodes.Let):
        return f"{item.keyword} {item.name.id}"
    if isinstance(item, nodes.Allow):
        return f"allow {item.rule.id}"
    return _written(item)


def _written(item: ArchItem) -> str:
    """A clause on one line, without its comments."""
    if isinstance(item, nodes.Clause):
        named = f" {item.name.id} =" if item.name else ""
        return f"{item.keyword}{named} {expression_text(item.settings)}"
    if isinstance(item, nodes.Let):
        return f"{item.keyword} {item.name.id} = {expression_text(item.value)}"
    if isinstance(item, nodes.Allow):
        return f"allow {item.rule.id} because {item.reason.span.text}"
    if isinstance(item, nodes.Objective):
        return f"{item.direction} {expression_text(item.metric)}"
    assert isinstance(item, nodes.Require)
    return f"require {expression_text(item.condition)}"
