"""How many designs take each option, held against counting them one by one."""

from __future__ import annotations

from collections import Counter

import pytest

from archdsl.evaluate.points import ContinuousPoint
from archdsl.resolve.loading import load
from archdsl.source import Source, Span
from archdsl.space.designs import Designs
from archdsl.space.diagram import Answer, Node, Part, Product, Union, union
from archdsl.space.explore.explorer import Explorer, Unexplorable
from archdsl.space.explore.program import explored
from archdsl.space.shares import shares
from tests.space.random_diagrams import SOURCE, diagram, point, ways
from tests.space.random_spaces import program


def counted(node: Node) -> dict[str, Counter]:
    found: dict[str, Counter] = {}
    designs = Designs(node)
    for rank in range(node.count):
        for name, value in designs.design(rank).items():
            found.setdefault(name, Counter())[type(value), value] += 1
    return found


def taken(node: Node) -> dict[str, Counter]:
    return {name: +Counter(found.options) for name, found in shares(node).items()}


@pytest.mark.parametrize("seed", range(60))
def test_shares_are_what_counting_all_designs_finds(seed: int) -> None:
    node = diagram(seed)
    found = {path: Counter() for way in ways(node) for path in way.design}
    for way in ways(node):
        for name, value in way.design.items():
            found[name][str, value] += 1
    assert taken(node) == found


@pytest.mark.parametrize("seed", range(60))
def test_shares_of_a_space_are_what_counting_finds(seed: int) -> None:
    groups = [one for one in explored(program(seed), Explorer()) if one[1].count < 1_000]
    for _, node in groups:
        assert taken(node) == counted(node)
    if groups:
        whole = union([node for _, node in groups])
        assert taken(whole) == counted(whole)


def of_spec(model: str) -> Node:
    text = f"arch A {{ data image(3, 8, 8) {model} }}"
    return union([node for _, node in explored(load(Source(text)).program(), Explorer())])


def test_options_that_no_design_takes_are_listed_too() -> None:
    found = shares(of_spec("model = conv(8, 3 | 64, padding=0) -> (relu | gelu)"))
    assert found["conv.kernel"].options == {(int, 3): 2, (int, 64): 0}


def test_a_choice_that_some_designs_make_counts_in_these() -> None:
    found = shares(of_spec("model = conv(8, 3) -> when((1 | 2) == 1, conv(8, 3 | 64, padding=0))"))
    ((_, some),) = [one.options.items() for one in found.values() if (int, 64) in one.options]
    assert some == ((int, 64), 0)


def test_a_range_that_depends_has_all_its_options() -> None:
    found = shares(of_spec("let n = 1 | 3 model = conv(1 to n, 3)"))
    assert found["conv.channels"].options == {(int, 1): 2, (int, 2): 1, (int, 3): 1}


def test_a_continuous_choice_has_its_interval_for_an_option() -> None:
    rate = ContinuousPoint(0.1, 0.5, False, Span(SOURCE, 0, 1))
    (choice,) = shares(Product((Answer(".rate", rate, 0),), (), ())).values()
    assert choice.options == {(str, "a number from 0.1 to 0.5"): 1}


def test_shares_of_deep_and_vast_diagrams_are_exact() -> None:
    node: Node = Product((), (), ())
    for level in range(1_500):
        where = point(2)
        options = tuple(Product((Answer("", where, i),), (), ()) for i in range(2))
        node = Product((), (Part(node), Part(Union(options), f".{level}")), ())
    found = shares(node)
    assert {n for choice in found.values() for n in choice.options.values()} == {2**1_499}
    assert len(found) == 1_500


def test_more_places_than_the_bound_are_refused_with_a_code() -> None:
    node: Node = Union(tuple(Product((Answer("", point(2), i),), (), ()) for i in range(2)))
    for _ in range(20):  # 2^20 places of one choice
        node = Product((), (Part(node, ".a"), Part(node, ".b")), ())
    with pytest.raises(Unexplorable, match="more than 1,000 places") as caught:
        shares(node, most_sites=1_000)
    assert [found.code for found in caught.value.diagnostics] == ["E608"]
