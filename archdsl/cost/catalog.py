"""All metrics, found by listing ``archdsl/cost/metrics/<word>.py``; imported when asked for."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from archdsl.catalog import files

if TYPE_CHECKING:
    from archdsl.cost.metric import Metric

PACKAGE = "archdsl.cost.metrics"


def words() -> tuple[str, ...]:
    """The names of all metrics."""
    return tuple(files(PACKAGE))


@cache
def find(word: str) -> type[Metric] | None:
    """The metric of a word of the language, or None."""
    if word not in files(PACKAGE):
        return None
    name = "".join(part.capitalize() for part in word.split("_"))
    metric: type[Metric] = getattr(import_module(f"{PACKAGE}.{word}"), name)
    return metric


def every() -> tuple[type[Metric], ...]:
    """All metrics, by name."""
    return tuple(metric for word in words() if (metric := find(word)) is not None)


def takes_arguments(word: str) -> bool:
    """Whether a word is a metric that takes arguments."""
    metric = find(word)
    return metric is not None and bool(metric.signature)


def called_elsewhere(name: str) -> str:
    """The metric that others call so, or an empty string."""
    return next((metric.word() for metric in every() if name.lower() in metric.synonyms), "")
