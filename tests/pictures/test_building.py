"""A picture has each op once and every edge, and nothing is drawn over anything else."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

import pytest

from archdsl.cost.counts import macs, params
from archdsl.evaluate.bounds import DEFAULT
from archdsl.evaluate.designs import design_of, sampler
from archdsl.graph.flat import Flat
from archdsl.graph.nodes import OpNode, Repeat
from archdsl.graph.walk import Several, together
from archdsl.pictures.building import Builder, Detail
from archdsl.pictures.making import picture_of
from archdsl.pictures.offered import evaluated
from archdsl.pictures.picture import Kind
from archdsl.pictures.wording import Wording
from archdsl.resolve.loading import load
from archdsl.source import Source
from archdsl.types import Outputs
from tests.pictures.judging import misplacements
from tests.property.authoring import spec

if TYPE_CHECKING:
    from archdsl.graph.nodes import Graph, Node

FAST, ALL = 8, 150
CHUNKS = [
    pytest.param(range(FAST), id="few"),
    pytest.param(range(FAST, ALL), id="many", marks=pytest.mark.slow),
]
WHOLE = Detail(depth=100, every=True, most=100_000)


class Once(Flat):
    """The ops of a graph with each copy of a repeated part once."""

    def node(self, node: Node, takes: Any) -> Any:
        if isinstance(node, Repeat):
            return self.node(node.step, takes)
        if isinstance(node, OpNode) and isinstance(node.out, Outputs) and not node.op.takes_several:
            place = self.op(node, self._inputs(node, takes))
            return Several([place for _ in node.out.parts], together(node))
        return super().node(node, takes)


@cache
def graph(seed: int) -> Graph:
    return load(Source(spec(seed).text)).program().evaluate(sampler(seed)).graph


@pytest.mark.parametrize("seeds", CHUNKS)
def test_each_op_is_drawn_once_and_each_edge(seeds: range) -> None:
    wrong = []
    for seed in seeds:
        flat = Once(graph(seed))
        if any(step.again for step in flat.steps):
            continue  # a module is open where it is applied first
        built = Builder(graph(seed), Wording(), WHOLE)
        leaves = [one for one in built.whole.every() if one.kind is Kind.LAYER and not one.inside]
        inputs = [one.key for one in built.whole.every() if one.kind is Kind.INPUT]
        words = [one.title.partition("(")[0] for one in leaves]
        steps = [step for step in flat.steps if not step.node.op.takes_several]
        keys = dict(zip((step.place for step in steps), (one.key for one in leaves), strict=False))
        keys |= {-1 - number: key for number, key in enumerate(inputs)}
        told = {(keys.get(one), keys[step.place]) for step in steps for one in step.inputs}
        drawn = {pair for pair in built.edges if pair[1] in keys.values()}
        if len(words) != len(steps) or told != drawn:
            wrong.append(seed)
    assert wrong == []


@pytest.mark.parametrize("seeds", CHUNKS)
def test_nothing_is_drawn_over_anything_else(seeds: range) -> None:
    wrong = {}
    for seed in seeds:
        program = load(Source(spec(seed).text)).program()
        found = evaluated(program, sampler(seed), DEFAULT)
        points = tuple(point.span for _, point, _ in found.asked)
        for every in (False, True):
            picture = picture_of(found, points, every=every)
            if some := list(misplacements(picture)):
                wrong[seed, every] = some
    assert wrong == {}


HARD = ("zoo/transformer_base", "zoo/resnet18_fpn", "spaces/darts")
SPECS = Path(__file__).parents[2] / "specs"
OTHERS = sorted(
    f"{path.parent.name}/{path.stem}"
    for path in SPECS.glob("*/*.arch")
    if path.parent.name in ("zoo", "spaces")
)


def _misplaced(name: str) -> list[str]:
    path = SPECS / f"{name}.arch"
    source = Source(path.read_text(encoding="utf-8"), str(path))
    program = load(source, SPECS.parent).program()
    found = evaluated(program, lambda path, point: point.at(0), DEFAULT)
    points = tuple(point.span for _, point, _ in found.asked)
    return list(misplacements(picture_of(found, points)))


@pytest.mark.parametrize("name", HARD)
def test_nothing_is_drawn_over_anything_else_in_a_known_model(name: str) -> None:
    assert _misplaced(name) == []


@pytest.mark.slow
def test_nothing_is_drawn_over_anything_else_in_any_known_model() -> None:
    assert {name: found for name in OTHERS if (found := _misplaced(name))} == {}


def _by_path(path: str, point: Any) -> Any:
    """An answer that does not depend on what was asked before."""
    return point.at(crc32(path.encode()) / 2**32)


@pytest.mark.parametrize("seeds", CHUNKS)
def test_the_options_beside_a_design_leave_it_as_it_is(seeds: range) -> None:
    wrong = []
    for seed in (3 * number for number in seeds):  # of which each is a space
        plain = load(Source(spec(seed).text)).program().evaluate(_by_path)
        found = evaluated(load(Source(spec(seed).text)).program(), _by_path, DEFAULT)
        costs = [(params(one.graph), macs(one.graph)) for one in (plain, found)]
        same = plain.graph.model.out == found.graph.model.out and costs[0] == costs[1]
        if not same or design_of(plain) != design_of(found):
            wrong.append(seed)
    assert wrong == []
