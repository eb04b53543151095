"""docs/metrics.md says what the metrics say of themselves."""

from __future__ import annotations

from archdsl.cost.catalog import words
from archdsl.cost.metrics.memory import Memory
from archdsl.explain.metrics import page as told
from tests.cost.pages import PAGE, page


def test_the_page_is_the_one_that_make_docs_writes() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()
    assert all(f"| `{word}" in page() for word in words())


def test_the_page_of_a_metric_tells_its_arguments_unit_and_principle() -> None:
    first, *_, unit, limit = told(Memory).split("\n\n")
    assert first.startswith("memory(training|inference, batch=, precision=): Bytes that ")
    assert unit == "Unit: bytes."
    assert limit == "A `require` with `<` or `<=` that is missed is told by P601."
