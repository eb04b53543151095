"""All metrics, found by listing ``archdsl/cost/metrics/<word>.py``; imported when asked for."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from archdsl.catalog import module_names

if TYPE_CHECKING:
    from archdsl.cost.metric import Metric


def words() -> tuple[str, ...]:
    """The names of all metrics."""
    return tuple(module_names("archdsl.cost"))


@cache
def find(word: str) -> type[Metric] | None:
    """The metric of a word of the language, or None."""
    module = module_names("archdsl.cost").get(word)
    if module is None:
        return None
    name = "".join(part.capitalize() for part in word.split("_"))
    metric: type[Metric] = getattr(import_module(module), name)
    return metric


def every() -> tuple[type[Metric], ...]:
    """All metrics, by name."""
    return tuple(metric for word in words() if (metric := find(word)) is not None)


def is_plain(word: str) -> bool:
    """Whether a word is a metric that takes no arguments."""
    metric = find(word)
    return metric is not None and not metric.signature


def takes_arguments(word: str) -> bool:
    """Whether a word is a metric that takes arguments."""
    metric = find(word)
    return metric is not None and bool(metric.signature)
