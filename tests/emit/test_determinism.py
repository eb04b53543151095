"""The same bytes in every process, whatever the hash seed."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from archdsl.emit.pytorch import emit
from tests.emit.graphs import NAMES, graph

PROGRAM = """
import hashlib, sys
from archdsl.emit.pytorch import emit
from tests.emit.graphs import NAMES, graph
digest = hashlib.sha256()
for name in NAMES:
    digest.update(emit(graph(name)).encode())
assert "torch" not in sys.modules
print(digest.hexdigest())
"""


@pytest.mark.slow
def test_text_does_not_depend_on_the_hash_seed_nor_on_torch() -> None:
    outputs = {_run(seed) for seed in ("0", "1", "4242")}
    assert len(outputs) == 1


def _run(seed: str) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return result.stdout


def test_emitting_twice_gives_the_same_text() -> None:
    for name in NAMES:
        assert emit(graph(name)) == emit(graph(name))
