"""Designs by rank: those that the definition of a diagram gives, and those that evaluate."""

from __future__ import annotations

from typing import Any

import pytest

from archdsl.cost.counts import MACS, PARAMETERS, macs, params
from archdsl.evaluate.points import ContinuousPoint
from archdsl.resolve.loading import load
from archdsl.source import Source, Span
from archdsl.space.designs import Designs
from archdsl.space.diagram import Answer, Part, Product, Union
from archdsl.space.explore.explorer import Explorer
from archdsl.space.explore.program import explored
from archdsl.space.reader import Reader
from tests.space.brute_force import named, tried
from tests.space.random_diagrams import SOURCE, diagram, point, ways
from tests.space.random_spaces import program
from tests.thinning import mostly_slow, thinned

SEEDS = range(60)


@pytest.mark.parametrize("seed", SEEDS)
def test_each_rank_is_the_design_that_the_definition_gives(seed: int) -> None:
    node = diagram(seed)
    expected = ways(node)
    designs = Designs(node)
    assert len({frozenset(way.answers) for way in expected}) == node.count == designs.count
    for rank, way in enumerate(expected):
        read = designs.read(rank)
        assert read.rank == rank
        assert read.design == way.design
        assert read.amounts == way.amounts
        given = [(path, point.labels[option]) for path, point, option in designs.answers(rank)]
        assert dict(given) == dict(way.answers)
        assert [path[1:] or "model" for path, _ in given] == list(read.design)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_design_by_name_is_found_and_what_is_none_is_not(seed: int) -> None:
    node = diagram(seed)
    designs = Designs(node)
    known = {frozenset(way.design.items()): rank for rank, way in enumerate(ways(node))}
    for entries, rank in known.items():
        given = dict(entries)
        assert designs.rank(given) == rank
        for name in given:
            fewer = {other: value for other, value in given.items() if other != name}
            for changed in (fewer, {**given, name: "option 1"}, {**given, "other": "option 0"}):
                assert designs.rank(changed) == known.get(frozenset(changed.items()))


def test_the_last_design_is_read_whole() -> None:
    node = diagram(3)
    rank = node.count - 1
    designs = Designs(node)
    assert designs.design(rank) == ways(node)[rank].design
    assert designs.amounts(rank) == ways(node)[rank].amounts
    assert designs.rank(designs.design(rank)) == rank
    assert len(designs.answers(rank)) == len(designs.design(rank))


@pytest.mark.parametrize("rank", [-1, 2])
def test_a_rank_past_the_count_is_refused(rank: int) -> None:
    two = Union(tuple(Product((Answer("", point(2), i),), (), ()) for i in range(2)))
    with pytest.raises(IndexError, match=f"there is no design {rank} among 2"):
        Designs(two).read(rank)
    with pytest.raises(IndexError):
        Designs(two).answers(rank)


def test_designs_are_the_same_when_little_may_be_kept() -> None:
    node = diagram(7)
    designs = Designs(node)
    designs.reader = Reader(node, most_kept=50)
    expected = ways(node)
    for rank in [*range(node.count), *range(node.count)]:
        assert designs.read(rank)[1:3] == (expected[rank].design, expected[rank].amounts)


@pytest.mark.parametrize("small", [0, 3, 20])
def test_designs_are_the_same_when_hardly_a_part_is_small(small: int) -> None:
    for seed in range(20):
        node = diagram(seed)
        designs = Designs(node)
        designs.reader = Reader(node, small=small)
        expected = ways(node)
        for rank, way in enumerate(expected):
            assert designs.read(rank)[1:3] == (way.design, way.amounts)
            assert list(designs.design(rank)) == [
                path[1:] or "model" for path, *_ in designs.answers(rank)
            ]


def test_what_is_read_may_be_changed_without_harm() -> None:
    designs = Designs(diagram(5))
    first = designs.design(0)
    first.clear()
    assert designs.design(0)


def deep(levels: int) -> Union | Product:
    """A choice within the other alternative of a choice, and so on."""
    where = point(2)
    node: Union | Product = Product((), (), (1,))
    for _ in range(levels):
        one = Product((Answer(".stop", where, 0),), (), (0,))
        more = Product((Answer(".stop", where, 1),), (Part(node, ".in"),), (1,))
        node = Union((one, more))
    return node


def test_deep_diagrams_take_no_recursion() -> None:
    designs = Designs(deep(2_000))
    last = designs.read(designs.count - 1)
    assert last.amounts == (2_001,)
    assert len(last.design) == 2_000
    assert designs.rank(last.design) == designs.count - 1 == 2_000


def test_the_choices_of_lets_come_before_those_of_what_reads_them() -> None:
    text = """arch A { data image(3, 8, 8) model {
      let wide = 4 | 8 let deep = 1 to 2
      return each(i = 1 to deep, conv(wide, 3 | 5)) } }"""
    _, node = explored(load(Source(text)).program(), Explorer())[-1]
    names = list(Designs(node).design(node.count - 1))
    assert sorted(names[:2]) == ["deep", "wide"]
    assert names[2:] == ["each.1.conv.kernel", "each.2.conv.kernel"]


def test_a_continuous_choice_is_read_as_its_interval_and_any_number_in_it_is_found() -> None:
    rate = ContinuousPoint(0.1, 0.5, False, Span(SOURCE, 0, 1))
    options = (
        Product((Answer(".a", point(2), 0), Answer(".rate", rate, 0)), (), ()),
        Product((Answer(".a", point(2), 1),), (), ()),
    )
    designs = Designs(Union(options))
    assert designs.read(0).continuous == (("rate", rate),)
    assert designs.rank({"a": "option 0", "rate": 0.25}) == 0
    assert designs.rank({"a": "option 0", "rate": 0.75}) is None
    assert designs.rank({"a": "option 1"}) == 1


LIMIT = 1_500  # combinations of options that are tried


def outcomes(seed: int) -> tuple[Any, Any]:
    """Params and MACs of each design of a random space by what it chooses: from the diagram, and
    from trying all combinations. A space with too many is passed over for another one."""
    made = program(seed)
    designs = tried(made, LIMIT)
    if designs is None:
        return outcomes(seed + 1_000_003)
    found: dict[Any, tuple[int, ...]] = {}
    for _, node in explored(made, Explorer((PARAMETERS, MACS))):
        read = Designs(node)
        for rank in range(node.count):
            _, design, amounts, _ = read.read(rank)
            assert named(design) not in found
            assert read.rank(design) == rank
            found[named(design)] = amounts
    return found, {one.named: (params(one.graph), macs(one.graph)) for one in designs}


@pytest.mark.parametrize("seed", mostly_slow(range(40), 2))
def test_designs_of_a_space_are_those_that_evaluate_and_cost_the_same(seed: int) -> None:
    found, tried = outcomes(seed)
    assert found == tried


@pytest.mark.slow
@pytest.mark.parametrize("seed", thinned(range(40, 400), 3))
def test_designs_of_more_spaces_are_those_that_evaluate(seed: int) -> None:
    found, tried = outcomes(seed)
    assert found == tried
