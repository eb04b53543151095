"""The emitted text of each spec is the one on file: ``<spec>/model.py``.

A golden locks what we have; that it is right is told by the tests of the emitter.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from archdsl.emit.pytorch import emit
from tests.emit.graphs import NAMES, graph

FOLDER = Path(__file__).parent


@pytest.mark.parametrize("name", NAMES)
def test_the_text_is_the_golden_one(name: str, request: pytest.FixtureRequest) -> None:
    path = FOLDER / name / "model.py"
    text = emit(graph(name))
    if request.config.getoption("--update-golden", default=False):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.exists(), f"no golden of {name}: run pytest tests/golden --update-golden"
    assert text == path.read_text(encoding="utf-8")


def test_no_golden_is_an_orphan() -> None:
    found = {path.parent.name for path in FOLDER.glob("*/model.py")}
    assert sorted(found - set(NAMES)) == []
