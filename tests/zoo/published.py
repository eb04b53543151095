"""What is published of each model of the zoo: its size, its cost, and what goes in and comes out.

``published.json`` is a copy of the part of the project's reference numbers that these tests need.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _pytest.mark.structures import ParameterSet

ROOT = Path(__file__).parents[2]
ZOO = ROOT / "specs" / "zoo"
SPACES = ROOT / "specs" / "spaces"
REFERENCE = ROOT.parent / "shared" / "reference" / "models.json"


class Published(NamedTuple):
    """One model; ``reference`` is what the reference numbers and ``tests.peers`` call it."""

    reference: str
    input: tuple[int, ...]
    output: tuple[int, ...]
    params: int
    macs: int


def _read() -> dict[str, Published]:
    rows = json.loads(Path(__file__).with_name("published.json").read_text(encoding="utf-8"))
    return {
        name: Published(
            row["reference"], tuple(row["input"]), tuple(row["output"]), row["params"], row["macs"]
        )
        for name, row in rows.items()
    }


# Models of several inputs or results, each with a test of its own in this folder.
HELD_BY_THEMSELVES = (
    "bart_base clip_vit_b_32 googlenet_aux hrnet_w18_small inception_v3_aux resnet18_fpn "
    "siamese_omniglot t5_small transformer_base whisper_tiny wide_deep".split()
)
PUBLISHED = _read()  # by model: "resnet50"


HEAVY = 20_000_000  # parameters: to build two of these and copy weights takes half a minute

# Larger models of a family whose smaller one has the same blocks. Their numbers are held to the
# published ones always, what takes building or running them is asked for with LARGE=1.
LARGER = frozenset(
    "convnext_base densenet161 efficientnet_b2 efficientnet_b4 efficientnet_b7 resnet152 swin_b "
    "vgg16 vgg19 vgg19_bn vit_b_16 vit_l_16 wide_resnet50_2".split()
)


def usual(paths: Iterable[Path]) -> list[Path]:
    """Specs that are built and run: all of them with LARGE=1, else without larger siblings."""
    return [path for path in paths if os.environ.get("LARGE") or path.stem not in LARGER]


def heavy_ones_slow(models: dict[str, Published]) -> list[ParameterSet]:
    """The names of models that are run as test parameters, the large ones marked slow."""
    return [
        pytest.param(name, marks=[pytest.mark.slow] if models[name].params > HEAVY else [])
        for name in (path.stem for path in usual(map(spec, models)))
    ]


def spec(name: str) -> Path:
    """The file of a model."""
    return ZOO / f"{name}.arch"
