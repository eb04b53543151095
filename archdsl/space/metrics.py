"""Metrics by their text, and their values in order."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from archdsl.cost.catalog import find, words
from archdsl.cost.metric import Setting, Written
from archdsl.diagnostics import Diagnostic, SpecError, meant
from archdsl.source import Source
from archdsl.spec.constants import Quantity
from archdsl.syntax import nodes as ast
from archdsl.syntax.parser import parse

if TYPE_CHECKING:
    from archdsl.cost.metric import Metric
    from archdsl.evaluate.program import Clauses, Program


def metric_of(text: str, program: Program, clauses: Clauses | None = None) -> Metric:
    """The metric that a text such as ``latency(t4, batch=8)`` means for designs of a program, with
    ``clauses`` where those are chosen.

    Raises :class:`~archdsl.diagnostics.SpecError` for what is none.
    """
    written = _written(text)
    kind = find(written.word)
    if kind is None:
        raise SpecError(
            Diagnostic(
                "E201",
                f"there is no metric called `{written.word}`",
                written.span,
                needed=f"one of {', '.join(words())}",
                **meant(written.word, words(), written.span)._asdict(),
            )
        )
    return kind.bind(written, Setting((clauses or program.clauses).train, program.devices))


@lru_cache(maxsize=256)
def _written(text: str) -> Written:
    tree = parse(Source(f"arch A {{ minimize {text} }}", "<metric>"))
    first: Any = tree.items[0]
    one = len(tree.items) == 1 and len(first.items) == 1
    metric: Any = first.items[0].metric if one else None
    if isinstance(metric, ast.Name):
        return Written(metric.id, (), metric.span)
    if isinstance(metric, ast.Call):
        return Written(metric.function.id, metric.arguments, metric.span)
    raise SpecError(Diagnostic("E431", f"`{text}` is no metric", first.span))


def sort_key(value: Any) -> float:
    """What orders the values of one metric."""
    number: float = value.value if isinstance(value, Quantity) else value
    return number


def unit_of(value: Any) -> str:
    """``bytes``, ``seconds``, or nothing for a plain number."""
    return value.dimension if isinstance(value, Quantity) else ""
