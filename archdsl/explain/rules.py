"""The pages of rules, from their docstrings, with the thresholds in force."""

from __future__ import annotations

from inspect import cleandoc
from typing import TYPE_CHECKING, NamedTuple

from archdsl.explain.examples import Example, example_in

if TYPE_CHECKING:
    from archdsl.rules.base import Rule
    from archdsl.rules.config import Config


class Threshold(NamedTuple):
    """A number of a rule: as it ships, and as the project sets it."""

    name: str
    ships: float
    set: float


def title(rule: type[Rule]) -> str:
    """The principle in a line."""
    return cleandoc(rule.__doc__ or "").partition("\n")[0]


def body(rule: type[Rule]) -> str:
    """What, why, evidence, example and instead."""
    return cleandoc(rule.__doc__ or "").partition("\n")[2].strip()


def example(rule: type[Rule]) -> Example:
    """A spec that breaks the principle."""
    return example_in(body(rule))


def thresholds(rule: type[Rule], config: Config) -> list[Threshold]:
    """The numbers of a rule under some settings."""
    settings = config.made(rule).settings
    return [Threshold(name, rule.thresholds[name], settings[name]) for name in rule.thresholds]


def shown(threshold: Threshold) -> str:
    """``error = 30 (ships as 20)``"""
    name, ships, now = threshold
    text = f"{name} = {number(now)}"
    return text if now == ships else f"{text} (ships as {number(ships)})"


def number(value: float) -> str:
    """``1,000``, ``0.1``"""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:g}"


def page(rule: type[Rule], config: Config) -> str:
    """The whole page as text."""
    numbers = [shown(threshold) for threshold in thresholds(rule, config)]
    parts = [f"{rule.code} {rule.slug()}: {title(rule)}", body(rule)]
    if numbers:
        table = f"[tool.archdsl.rules.{rule.slug()}]"
        parts.append("\n".join([f"Thresholds ({table} of pyproject.toml sets them):", *numbers]))
    if not config.wants(rule):
        parts.append(
            "The settings of this project leave it out (`[tool.archdsl]` of pyproject.toml)."
        )
    parts.append(f'Accept it in a spec: allow {rule.slug()} because "…"')
    return "\n\n".join(parts)
