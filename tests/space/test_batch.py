"""Designs by the million: the same as one by one, and each as likely as any other."""

from __future__ import annotations

import sys
from collections import Counter

import numpy as np
import pytest

from archdsl.space.batch import BLOCK, Batch
from archdsl.space.designs import Designs
from archdsl.space.diagram import Answer, Node, Part, Product, Union
from archdsl.space.tables import Tables
from tests.space.chi_square import is_plausible
from tests.space.random_diagrams import diagram, point, ways

SMALL = (1, 4, 30, 50_000)  # from no tables to tables alone


@pytest.mark.parametrize("small", SMALL)
@pytest.mark.parametrize("seed", range(15))
def test_each_row_costs_what_the_design_of_its_rank_costs(seed: int, small: int) -> None:
    node = diagram(seed)
    expected = ways(node)
    batch = Batch([node], seed=seed, small=small)
    rows = batch.draw(300)
    assert rows.amounts.shape == (300, 2)
    assert rows.amounts.dtype == np.int64
    ranks = batch.ranks(range(300))
    assert [tuple(row) for row in rows.amounts.tolist()] == [expected[r].amounts for r in ranks]
    assert batch.designs(range(300)) == [expected[rank].design for rank in ranks]
    assert not rows.groups.any()


@pytest.mark.parametrize("small", SMALL)
@pytest.mark.parametrize("seed", [21, 22, 23])
def test_each_design_is_drawn_as_often_as_any_other(seed: int, small: int) -> None:
    node = diagram(seed, size=150)
    drawn = Counter(Batch([node], seed, small).ranks(range(30 * node.count)))
    assert is_plausible([drawn[rank] for rank in range(node.count)])


@pytest.mark.parametrize("small", SMALL)
def test_groups_are_drawn_by_their_counts_and_ranks_go_through_them(small: int) -> None:
    nodes = [diagram(seed, size=60) for seed in (31, 32, 33)]
    every = [way for node in nodes for way in ways(node)]
    batch = Batch(nodes, seed=1, small=small)
    number = 30 * batch.count
    rows, ranks = batch.draw(number), batch.ranks(range(number))
    assert [tuple(row) for row in rows.amounts.tolist()] == [every[rank].amounts for rank in ranks]
    drawn = Counter(ranks)
    assert is_plausible([drawn[rank] for rank in range(len(every))])
    owners = [group for group, node in enumerate(nodes) for _ in range(node.count)]
    assert rows.groups.tolist() == [owners[rank] for rank in ranks]
    assert batch.designs([7, 3]) == [every[ranks[7]].design, every[ranks[3]].design]


def test_a_position_is_the_same_design_whatever_is_drawn_with_it() -> None:
    node = diagram(42)
    whole = Batch([node], seed=9).draw(3 * BLOCK)
    part = Batch([node], seed=9).draw(BLOCK + 10, start=BLOCK - 5)
    assert (part.amounts == whole.amounts[BLOCK - 5 : 2 * BLOCK + 5]).all()
    assert (Batch([node], seed=10).draw(100).amounts != whole.amounts[:100]).any()
    assert Batch([node], seed=-1).draw(0).amounts.shape == (0, 2)


def chain(levels: int) -> Node:
    """Steps that each have two states, the second of which leads back to both."""
    where = point(3)
    states: list[Node] = [Product((), (), (0, 0)), Product((), (), (1, 1))]
    for level in range(levels):
        made = []
        for state in range(2):
            options = []
            for number, before in enumerate(states):
                answer = Answer(f".{level}", where, number + state)
                part = Part(before, "", None, 1 + state)
                options.append(Product((answer,), (part,), (level, 1 + number)))
            made.append(Union(tuple(options)))
        states = made  # type: ignore[assignment]
    return Union((*states[0].options, *_other(states[1]).options))  # type: ignore[union-attr]


def _other(node: Node) -> Union:
    """The same alternatives, told apart by an answer of their own."""
    tag = Answer(".other", point(2), 1)
    return Union(tuple(Product((tag, *o.answers), o.parts, o.amounts) for o in node.options))  # type: ignore[union-attr]


@pytest.mark.parametrize("levels", [70, 200])
def test_weights_past_64_bits_are_drawn_and_costed_exactly(levels: int) -> None:
    node = chain(levels)
    assert node.count == 2 ** (levels + 1)
    batch, designs = Batch([node], seed=2), Designs(node)
    rows = batch.draw(400)
    ranks = batch.ranks(range(400))
    amounts = [tuple(row) for row in rows.amounts[:60].tolist()]
    assert amounts == [designs.amounts(rank) for rank in ranks[:60]]
    assert rows.amounts.dtype == object
    sixteenths = Counter(16 * rank // node.count for rank in ranks)
    assert is_plausible([sixteenths[part] for part in range(16)])


def test_amounts_past_64_bits_are_python_numbers() -> None:
    large = Product((), (Part(Product((), (), (2**62,)), times=6),), (5,))
    rows = Batch([large]).draw(3)
    assert rows.amounts.tolist() == [[6 * 2**62 + 5]] * 3


def test_a_wide_union_and_a_long_product_share_their_tables() -> None:
    wide = point(70_000)
    union = Union(tuple(Product((Answer("", wide, i),), (), (i,)) for i in range(70_000)))
    part = Union(tuple(Product((Answer("", point(2), i),), (), (i,)) for i in range(2)))
    long = Product((), tuple(Part(part, f".{i}", None, 2**i) for i in range(40)), (0,))
    node = Product((), (Part(union, ".wide"), Part(long, ".long")), (0,))
    batch, designs = Batch([node], seed=3), Designs(node)
    assert sum(len(step.tables) for step in batch.levels.steps if hasattr(step, "tables")) == 4
    rows, ranks = batch.draw(50), batch.ranks(range(50))
    assert rows.amounts[:, 0].tolist() == [designs.amounts(rank)[0] for rank in ranks]
    assert [d["wide"] for d in batch.designs(range(3))] == [
        designs.design(rank)["wide"] for rank in ranks[:3]
    ]


def test_tables_stay_within_the_rows_allowed() -> None:
    node = diagram(51)
    nodes = Batch([node]).levels
    assert nodes.width == 2
    from archdsl.space.diagram import ordered

    every = ordered(node)
    tables = Tables(every, [node], small=10**6, most=60)
    assert sum(one.count for one in every if tables.has(one)) <= 60
    assert tables.small > 1


def test_a_diagram_without_amounts_is_drawn_too() -> None:
    node = Union(tuple(Product((Answer("", point(3), i),), (), ()) for i in range(3)))
    batch = Batch([node])
    assert batch.draw(10).amounts.shape == (10, 0)
    assert set(batch.ranks(range(100))) == {0, 1, 2}


def test_without_numpy_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numpy", None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'archdsl\[search\]'"):
        Batch([diagram(0)])
