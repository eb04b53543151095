"""The specs of sequences, tables and graphs cost what is published, to the last digit."""

from __future__ import annotations

import pytest

import archdsl
from archdsl.cost import counts
from archdsl.examine import errors
from archdsl.stages import judge
from archdsl.types import shape
from tests.zoo import published
from tests.zoo_sequence.specs import PUBLISHED, evaluation, program, text


@pytest.mark.parametrize("name", PUBLISHED)
def test_params_macs_and_shapes_are_the_published_ones(name: str) -> None:
    graph, published = evaluation(name).graph, PUBLISHED[name]
    assert (counts.params(graph), counts.macs(graph)) == (published.params, published.macs)
    assert shape(graph.model.takes) == published.input
    assert shape(graph.model.out) == published.output


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_output_is_what_the_task_wants(name: str) -> None:
    assert errors(judge(program(name), evaluation(name))) == []


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_header_tells_the_published_numbers(name: str) -> None:
    header, published = text(name).partition("\narch ")[0], PUBLISHED[name]
    assert f"{published.params:,} parameters, {published.macs:,} MACs" in header


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_spec_is_in_canonical_layout(name: str) -> None:
    assert archdsl.format(text(name)) == text(name)


def test_every_spec_of_the_zoo_has_published_numbers() -> None:
    specs = sorted(path.stem for path in published.ZOO.glob("*.arch"))
    assert specs == sorted([*PUBLISHED, *published.PUBLISHED, *published.HELD_BY_THEMSELVES])
