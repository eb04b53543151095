"""The zoo's specs cost what is published, to the last digit."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import archdsl
from archdsl.cost import counts
from archdsl.resolve.loading import load
from archdsl.source import Source
from archdsl.types import shape
from tests.zoo.published import PUBLISHED, REFERENCE, ROOT, SPACES, spec

if TYPE_CHECKING:
    from pathlib import Path

    from archdsl.graph.nodes import Graph

# Counted on the peer, for the reference numbers do not have them.
COUNTED_HERE = ("nfnet_f0", "resnetblur50")
SPECS = [spec(name) for name in PUBLISHED]


def _graph(name: str) -> Graph:
    path = spec(name)
    program = load(Source(path.read_text(encoding="utf-8"), str(path)), ROOT).program()
    return program.evaluate(lambda path, point: pytest.fail(f"{path} is open")).graph


@pytest.mark.parametrize("name", PUBLISHED)
def test_params_macs_and_shapes_are_the_published_ones(name: str) -> None:
    graph = _graph(name)
    published = PUBLISHED[name]
    assert (counts.params(graph), counts.macs(graph)) == (published.params, published.macs)
    assert shape(graph.model.takes) == published.input
    assert shape(graph.model.out) == published.output


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_header_tells_the_published_numbers(name: str) -> None:
    header = spec(name).read_text(encoding="utf-8").split("\narch ")[0]
    published = PUBLISHED[name]
    assert f"{published.params:,} parameters, {published.macs:,} MACs" in header


def test_the_copy_of_the_numbers_agrees_with_the_reference() -> None:
    if not REFERENCE.exists():
        pytest.skip("the reference numbers lie outside the repository and are not here")
    models = json.loads(REFERENCE.read_text(encoding="utf-8"))["models"]
    reference = {model["name"]: model for model in models}
    for name, published in PUBLISHED.items():
        if name in COUNTED_HERE:
            assert published.reference not in reference
            continue
        theirs = reference[published.reference]
        assert published.params == theirs["params"], name
        assert published.macs == theirs["macs"], name
        assert list(published.input) == theirs["input_shape"][0][1:], name
        assert list(published.output) == theirs["output_shape"][1:], name


@pytest.mark.parametrize("path", [*SPECS, *sorted(SPACES.glob("*.arch"))], ids=lambda p: p.stem)
def test_specs_are_in_canonical_layout(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert archdsl.format(text) == text
