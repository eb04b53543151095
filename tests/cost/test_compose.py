"""What composes is what a plain walk over every op and every copy finds, however it is cut."""

from __future__ import annotations

import pickle
from collections import Counter
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from archdsl.cost import alive, saved
from archdsl.cost.alive import ALIVE
from archdsl.cost.compose import FLOW, Composition, Summary, summary, total
from archdsl.cost.counts import MACS, PARAMETERS
from archdsl.cost.latency import SECOND, OpTime
from archdsl.cost.metrics.depth import WeightedLayers
from archdsl.cost.metrics.receptive_field import Reaches
from archdsl.cost.profiles import find
from archdsl.cost.saved import SAVED_BYTES
from archdsl.cost.weights import Weights
from archdsl.cost.widths import ExtremeWidth
from archdsl.graph.nodes import Chain, Explored, Fragment, Ref
from archdsl.graph.walk import every
from tests.cost import plain
from tests.cost.conftest import graph_of, model
from tests.cost.drawn import PUBLISHED, drawn, published
from tests.cost.parts import Swap, standing
from tests.thinning import thinned

if TYPE_CHECKING:
    from archdsl.graph.nodes import Graph

T4 = find("t4", {})
assert T4 is not None
TIME = OpTime(T4, 8, half=True)
COSTS: tuple[Composition, ...] = (
    PARAMETERS,
    MACS,
    SAVED_BYTES,
    ALIVE,
    TIME,
    WeightedLayers(),
    Reaches(),
    ExtremeWidth(widest=True),
    ExtremeWidth(widest=False),
)
CHUNKS = [range(first, first + 50) for first in range(0, 200, 50)]

chunks = pytest.mark.parametrize("seeds", CHUNKS, ids=lambda seeds: str(seeds.start))
each_published = pytest.mark.parametrize("name", PUBLISHED)


def by_composition(graph: Graph) -> dict[str, Any]:
    found = [total(cost, graph) for cost in COSTS]
    names = ("params", "macs", "saved", "alive", "time", "depth", "reach", "widest", "narrowest")
    return dict(zip(names, found, strict=True))


def plainly(graph: Graph) -> dict[str, Any]:
    widths = plain.widths(graph)
    return {
        "params": (plain.params(graph),),
        "macs": (plain.macs(graph),),
        "saved": plain.saved(graph),
        "alive": (plain.alive(graph),),
        "time": (pytest.approx(SECOND * plain.latency(graph, T4, 8, half=True), rel=1e-9),),
        "depth": (plain.depth(graph),),
        "reach": (plain.receptive_field(graph),),
        "widest": (max(widths),),
        "narrowest": (min(widths),),
    }


@chunks
def test_costs_of_random_designs_are_those_of_a_plain_walk(seeds: range) -> None:
    for graph in drawn(seeds):
        assert by_composition(graph) == plainly(graph)


@each_published
def test_costs_of_published_designs_are_those_of_a_plain_walk(name: str) -> None:
    for graph in published(name):
        found, expected = by_composition(graph), plainly(graph)
        assert found == expected


@chunks
def test_an_explored_part_costs_nothing_and_leaves_the_rest_as_it_was(seeds: range) -> None:
    random = Random(seeds.start)
    for graph in drawn(seeds):
        for _ in range(3):
            one_explored(graph, random)


@pytest.mark.slow
@pytest.mark.parametrize("name", thinned(PUBLISHED, 4))
def test_any_part_of_a_published_design_may_be_explored(name: str) -> None:
    random = Random(name)
    for graph in published(name):
        for _ in range(10):
            one_explored(graph, random)


def one_explored(graph: Graph, random: Random) -> None:
    """A part at random stands for itself by its borders; what it costs inside counts apart, but for
    weights of a module, which are the module's."""
    found = [one for one in standing(graph.model) if not isinstance(one[0], (Fragment, Ref))]
    places = Counter(id(part) for part, _ in found)
    parts = [one for one in found if places[id(one[0])] == 1]  # of modules, or of none
    if not parts:
        return  # a design may be no more than its input
    part, in_module = random.choice(parts)
    inside = [
        cost.in_module(summary(cost, part))
        if in_module and isinstance(cost, Weights)
        else summary(cost, part)
        for cost in COSTS
    ]
    borders = tuple(one.border for one in inside)
    swap = Swap(part, Explored(part.out, part.refs, borders, COSTS))
    rest, times = swap.part(graph.model), swap.times(graph.model)
    assert times >= 1
    for cost, one in zip(COSTS, inside, strict=True):
        whole, left = summary(cost, graph.model), summary(cost, rest)
        assert left.border == whole.border
        pairs = zip(left.amounts, one.amounts, strict=True)
        assert tuple(mine + times * its for mine, its in pairs) == whole.amounts


@chunks
def test_rows_may_be_cut_anywhere(seeds: range) -> None:
    random = Random(seeds.start)
    for graph in drawn(seeds):
        for chain in (part for part in every(graph.model) if isinstance(part, Chain)):
            cut = random.randrange(len(chain.steps) + 1)
            for cost in COSTS:
                steps = [(step, summary(cost, step)) for step in chain.steps]
                first, second = cost.row(steps[:cut]), cost.row(steps[cut:])
                assert cost.then(first, second) == summary(cost, chain)


def any_saved(random: Random) -> Summary:
    kept = frozenset(one for one in SOURCES if random.random() < 0.4)
    made = random.choice([0, random.randrange(1, 9)])
    border = saved.Border(kept, random.choice([*SOURCES, made]))
    return Summary((random.randrange(9), random.randrange(9), random.randrange(9)), border)


def any_alive(random: Random) -> Summary:
    """Fewer sources from phase to phase, and more alive; one that the result shows is read."""
    result = random.choice([*SOURCES, random.randrange(1, 9)])
    reads = {one for one in SOURCES if random.random() < 0.6}
    numbers = result if isinstance(result, int) else 0
    phases: dict[frozenset[Any], int] = {}
    for _ in range(random.randrange(4)):
        numbers += random.randrange(1, 9)
        phases[frozenset(reads if isinstance(result, int) else reads | {result})] = numbers
        reads -= {random.choice(SOURCES)}
    return Summary((), alive.Border(tuple(map(alive.Phase, phases, phases.values())), result))


SOURCES = (FLOW, ("a", 0), ("b", 1))


@pytest.mark.parametrize(("cost", "made"), [(SAVED_BYTES, any_saved), (ALIVE, any_alive)])
def test_rows_of_anything_may_be_cut_anywhere(cost: Composition, made: Any) -> None:
    random = Random(7)
    for _ in range(2_000):
        one, two, three = made(random), made(random), made(random)
        row = cost.row([(None, one), (None, two), (None, three)])  # type: ignore[list-item]
        assert cost.then(cost.then(one, two), three) == row
        assert cost.then(one, cost.then(two, three)) == row
        assert cost.then(cost.nothing, one) == one == cost.then(one, cost.nothing)


@pytest.mark.parametrize("cost", COSTS, ids=lambda cost: type(cost).__name__)
def test_copies_are_a_row(cost: Composition) -> None:
    data = "image(8, 16, 16)"
    for step in ("conv(8, 3)", "relu -> add(identity, conv(8, 3))", "conv(8, 3) -> relu"):
        part = summary(cost, model(step, data).model)
        for count in (1, 2, 3, 7, 12):
            assert cost.copies(count, None, part) == cost.row([(None, part)] * count)  # type: ignore[arg-type]


def test_a_body_shared_by_many_calls_is_summed_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(
        "archdsl.ops.dense.linear.Linear.params", lambda op, x: asked.append(op) or 1
    )
    text = "block b() = linear(8) -> relu arch A { data table(8) model = 9 * (b -> b) }"
    graph = graph_of(text)
    assert total(PARAMETERS, graph) == (18,)
    assert total(PARAMETERS, graph) == (18,)
    assert len(asked) == 1


def test_evaluating_a_design_computes_no_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("params", "macs", "saves", "window"):
        monkeypatch.setattr(f"archdsl.ops.convolution.conv.Conv.{name}", None)
    assert model("3 * conv(3, 3)").model.size == 3


def test_compositions_of_equal_fields_are_one() -> None:
    assert OpTime(T4, 8, half=True) is TIME
    assert OpTime(T4, 9, half=True) != TIME
    assert pickle.loads(pickle.dumps(TIME)) is TIME
    assert WeightedLayers() is WeightedLayers()
