"""Specs and designs closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from archdsl.closing.closed import closed_text
from archdsl.resolve.loading import load
from archdsl.source import Source
from tests.designs import evaluate_design

if TYPE_CHECKING:
    from collections.abc import Callable

DATA = "data image(8, 16, 16)"


def closed(model: str, blocks: str = "", items: str = DATA, **design: Any) -> tuple[str, str]:
    """The blocks of a closed spec, and what stands behind its data. A path is written with ``__``
    for each of its dots."""
    text = f"{blocks}\narch A {{\n{items}\nmodel {model}\n}}\n"
    spec = load(Source(text))
    paths = {path.replace("__", "."): value for path, value in design.items()}
    evaluate_design(spec.program(), paths)  # raises for what is no design
    found = closed_text(spec, spec.program(), paths)
    before, _, rest = found.partition("arch A {\n")
    return before.strip(), "\n".join(line[2:] for line in rest.splitlines()[1:-1])


@pytest.fixture
def close() -> Callable[..., tuple[str, str]]:
    return closed
