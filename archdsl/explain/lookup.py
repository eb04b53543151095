"""What a code, a slug or a word is explained by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.cost import catalog as metrics
from archdsl.explain.errors import pages
from archdsl.rules.catalog import all_rules, find

if TYPE_CHECKING:
    from archdsl.cost.metric import Metric
    from archdsl.explain.errors import Page
    from archdsl.rules.base import Rule


def looked_up(name: str) -> type[Rule] | Page | type[Metric] | None:
    """The principle of a code or a slug, the page of another code, or the metric of a word; codes
    in any case of letters. None for what is none of these."""
    rule = find(name) or find(name.upper())
    return rule or pages().get(name.upper()) or metrics.find(name)


def explained_names() -> list[str]:
    """All that can be looked up."""
    rules = [known for rule in all_rules() for known in (rule.slug(), rule.code)]
    return [*rules, *pages(), *metrics.words()]
