"""Which rules speak, and with which numbers: the settings of a project and of one call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from archdsl.rules.base import Rule


class Config(BaseModel):
    """``[tool.archdsl]`` of pyproject.toml, and the options of ``check`` over it.

    ``select`` and ``ignore`` hold codes, prefixes of codes (``P3``) or slugs; ``strict`` makes
    warnings errors; ``rules`` sets thresholds by slug.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    strict: bool = False
    rules: dict[str, dict[str, float]] = Field(default_factory=dict)

    def wants(self, rule: type[Rule]) -> bool:
        """Whether a rule speaks."""
        if _named(rule, self.ignore):
            return False
        return not self.select or _named(rule, self.select)

    def made(self, rule: type[Rule]) -> Rule:
        """A rule with its thresholds set."""
        settings: dict[str, Any] = self.rules.get(rule.slug(), {})
        return rule(settings)


def _named(rule: type[Rule], names: tuple[str, ...]) -> bool:
    return any(rule.code.startswith(name) or rule.slug() == name for name in names)
