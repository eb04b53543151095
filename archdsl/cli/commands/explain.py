"""archdsl explain"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from archdsl.cli import exits
from archdsl.cli.arguments import Word, explained
from archdsl.cli.options import reporting
from archdsl.cli.refused import Refused
from archdsl.cli.word_hints import command_about
from archdsl.diagnostics import did_you_mean
from archdsl.rendering.escape import visible
from archdsl.rendering.fitting import beside, page

if TYPE_CHECKING:
    from archdsl.cli.console import Console
    from archdsl.cost.metric import Metric
    from archdsl.explain.errors import Page
    from archdsl.rules.base import Rule


@click.command("explain")
@click.argument("name", required=False, metavar="[CODE|SLUG|METRIC]", type=Word("name", explained))
@reporting
def command(console: Console, name: str | None) -> int:
    """Tell a rule, an error code or a metric: what it means, why, an example, a way out.

    Without a name, list all rules and codes; for the beginning of codes (P3), those. Thresholds are
    those of the current folder's project.
    """
    from archdsl.explain.errors import Page
    from archdsl.explain.lookup import looked_up
    from archdsl.rules.base import Rule

    if name is None:
        _list(console, _entries())
        return exits.CLEAN
    found = looked_up(name)
    if isinstance(found, Page):
        _tell(console, found)
    elif found is not None and issubclass(found, Rule):
        _tell_rule(console, found)
    elif found is not None:
        _tell_metric(console, found)
    elif begun := [entry for entry in _entries() if entry[0].startswith(name.upper())]:
        _list(console, begun)
    else:
        raise Refused(_unknown(name))
    return exits.CLEAN


def _unknown(name: str) -> str:
    from archdsl.explain.lookup import explained_names

    guess = command_about(name) or did_you_mean(name, explained_names())
    return f"there is no rule, code or metric `{visible(name)}`" + (f"; {guess}" if guess else "")


Entry = tuple[str, str, str]  # code, slug (of rules only), title


def _entries() -> list[Entry]:
    from archdsl.explain import rules
    from archdsl.explain.errors import pages
    from archdsl.rules.catalog import all_rules

    entries = [(rule.code, rule.slug(), rules.title(rule)) for rule in all_rules()]
    return entries + [(page.code, "", page.title) for page in pages().values()]


def _list(console: Console, entries: list[Entry]) -> None:
    lines = beside(entries, console.columns)
    names = ("code", "slug", "title")
    console.result("\n".join(lines), [dict(zip(names, e, strict=True)) for e in entries])


def _tell_rule(console: Console, rule: type[Rule]) -> None:
    from archdsl.explain import rules
    from archdsl.rules.project import project_config

    config = project_config(Path())
    document = {
        "code": rule.code,
        "slug": rule.slug(),
        "title": rules.title(rule),
        "text": rules.body(rule),
        "example": rules.example(rule)._asdict(),
        "applies": config.wants(rule),
        "thresholds": [number._asdict() for number in rules.thresholds(rule, config)],
    }
    console.result(page(rules.page(rule, config), console.columns), document)


def _tell_metric(console: Console, metric: type[Metric]) -> None:
    from archdsl.explain import metrics

    document = {
        "metric": metric.word(),
        "written": metrics.written(metric),
        "title": metric.meaning(),
        "text": metric.notes(),
        "unit": metrics.unit(metric),
    }
    console.result(page(metrics.page(metric), console.columns), document)


def _tell(console: Console, told: Page) -> None:
    document = {
        "code": told.code,
        "title": told.title,
        "text": told.text,
        "example": told.example._asdict(),
    }
    console.result(page(told.whole, console.columns), document)
