"""Which rules are enabled, with which thresholds: the settings of a project and of one call."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archdsl.rules.base import Rule


class Config(NamedTuple):
    """``[tool.archdsl]`` of pyproject.toml, and the options of ``check`` over it.

    ``select`` and ``ignore`` hold codes, prefixes of codes (``P3``) or slugs; ``allow`` what a
    spec's own ``allow`` clauses could say; ``strict`` makes warnings errors; ``rules`` sets
    thresholds by slug. :mod:`archdsl.rules.project` reads and checks them.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    strict: bool = False
    rules: Mapping[str, Mapping[str, float]] = {}
    allow: tuple[str, ...] = ()

    def wants(self, rule: type[Rule]) -> bool:
        """Whether a rule is enabled."""
        if _named(rule, self.ignore) or rule.code in self.allow or rule.slug() in self.allow:
            return False
        return not self.select or _named(rule, self.select)

    def made(self, rule: type[Rule]) -> Rule:
        """A rule with its thresholds set."""
        return rule(self.rules.get(rule.slug(), {}))


def _named(rule: type[Rule], names: tuple[str, ...]) -> bool:
    return any(rule.code.startswith(name) or rule.slug() == name for name in names)
