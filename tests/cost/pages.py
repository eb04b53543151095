"""docs/metrics.md, made of the metrics' docstrings.

``python -m tests.cost.pages`` (``make docs``) writes it.
"""

from __future__ import annotations

from pathlib import Path

from archdsl.cost.catalog import every
from archdsl.explain.metrics import unit, written

PAGE = Path(__file__).parents[2] / "docs" / "metrics.md"
HEAD = """\
# The metrics

Written by `make docs` from the metrics; `archdsl explain METRIC` tells the same. They stand in
`require`, `minimize` and `maximize`: `require latency(t4, batch=8) <= 10 ms`. `DEVICE` is a device
that ships or that the spec declares; `batch` is 1 where it is left out, and in training that of the
`train` clause.

| metric | is | unit |
|---|---|---|
"""


def page() -> str:
    """The whole file."""
    rows = [f"| `{_cell(written(m))}` | {m.meaning()} | {unit(m)} |\n" for m in every()]
    notes = [f"\n## {metric.word()}\n\n{metric.notes()}\n" for metric in every() if metric.notes()]
    return HEAD + "".join(rows) + "".join(notes)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
