"""The zoo's specs of sequences, tables and graphs, and what is published of each of them.

``published.json`` is a copy of the part of the project's reference numbers that these tests need.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from archdsl.resolve.loading import load
from archdsl.source import Source
from tests.designs import evaluate_design
from tests.zoo.published import ROOT, Published, spec

if TYPE_CHECKING:
    from archdsl.evaluate.program import Evaluation, Program


def _read() -> dict[str, Published]:
    rows = json.loads(Path(__file__).with_name("published.json").read_text(encoding="utf-8"))
    return {
        name: Published(
            row["reference"], tuple(row["input"]), tuple(row["output"]), row["params"], row["macs"]
        )
        for name, row in rows.items()
    }


PUBLISHED = _read()  # by model: "vit_b_16"


def text(name: str) -> str:
    """The spec of a model."""
    return spec(name).read_text(encoding="utf-8")


@cache
def program(name: str) -> Program:
    """The architecture of a model."""
    return load(Source(text(name), spec(name).name), ROOT).program()


@cache
def evaluation(name: str) -> Evaluation:
    """Its one design, evaluated."""
    return evaluate_design(program(name), {})
