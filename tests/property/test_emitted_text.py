"""The emitted text depends on the spec alone, and passes for a file that an engineer wrote."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest

import archdsl
from tests.property.authoring import spec
from tests.property.test_valid_specs import design
from tests.unjudged import UNJUDGED

SAMPLE = range(120)
FEW = 40  # that other processes write too
ROOT = Path(__file__).parents[2]
PRINT_DIGEST = "from tests.property.test_emitted_text import digest; print(digest())"


@cache
def source(seed: int) -> str:
    drawn = spec(seed)
    return archdsl.compile(drawn.text, design=design(drawn), terms=UNJUDGED).source


def sources() -> list[str]:
    return [source(seed) for seed in SAMPLE]


def digest() -> str:
    return sha256("".join(map(source, SAMPLE[:FEW])).encode()).hexdigest()


def _digest_under(hash_seed: str) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    command = [sys.executable, "-c", PRINT_DIGEST]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.mark.slow
def test_the_emitted_text_is_the_same_in_every_process():
    assert {_digest_under("1"), _digest_under("2")} == {digest()}


@pytest.mark.slow
def test_the_emitted_text_is_clean_and_formatted(tmp_path):
    for index, text in enumerate(sources()):
        compile(text, f"m{index}.py", "exec")
        (tmp_path / f"m{index}.py").write_text(text, encoding="utf-8")
    for command in (["check", "--isolated"], ["format", "--check", "--isolated"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, str(tmp_path)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-2000:]
