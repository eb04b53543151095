"""All rules, found by listing ``archdsl/rules/<group>/<slug>.py``."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from archdsl.catalog import module_names

if TYPE_CHECKING:
    from archdsl.rules.base import Rule


@cache
def all_rules() -> tuple[type[Rule], ...]:
    """Every rule, by code."""
    found = [_load(slug, module) for slug, module in module_names("archdsl.rules").items()]
    return tuple(sorted(found, key=lambda rule: rule.code))


def _load(slug: str, module: str) -> type[Rule]:
    rule: type[Rule] = getattr(
        import_module(module), "".join(part.capitalize() for part in slug.split("_"))
    )
    return rule


def find(name: str) -> type[Rule] | None:
    """The rule of a code (``P301``) or a slug (``deep_plain_network``)."""
    for rule in all_rules():
        if name in (rule.code, rule.slug()):
            return rule
    return None
