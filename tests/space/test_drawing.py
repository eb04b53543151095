"""Designs at random, one by one: with repeats and without."""

from __future__ import annotations

from collections import Counter
from itertools import islice

from archdsl.evaluate.points import ContinuousPoint
from archdsl.source import Span
from archdsl.space.designs import Designs
from archdsl.space.diagram import Answer, Part, Product, Union
from archdsl.space.drawing import Drawing, Sample
from tests.space.chi_square import is_plausible
from tests.space.random_diagrams import SOURCE, diagram, point, ways


def test_each_design_is_drawn_as_often_as_any_other() -> None:
    node = diagram(11, size=200)
    drawn = Counter(one.rank for one in islice(Drawing(Designs(node), seed=1), 100 * node.count))
    assert is_plausible([drawn[rank] for rank in range(node.count)])


def test_what_is_drawn_is_the_design_of_its_rank_with_its_amounts() -> None:
    node = diagram(12)
    expected = ways(node)
    for rank, design, amounts, _ in islice(Drawing(Designs(node), seed=2), 200):
        assert design == expected[rank].design
        assert amounts == expected[rank].amounts


def test_a_seed_gives_the_same_designs_and_another_one_others() -> None:
    designs = Designs(diagram(13))
    first = list(islice(Drawing(designs, seed=4), 50))
    assert first == list(islice(Drawing(designs, seed=4), 50))
    assert first != list(islice(Drawing(designs, seed=5), 50))


def test_a_sample_holds_each_design_once_and_goes_on_where_it_ended() -> None:
    node = diagram(14)
    sample = Sample(Designs(node), seed=6)
    whole = list(sample.starting())
    assert sorted(one.rank for one in whole) == list(range(node.count))
    assert [one.design for one in whole] == [ways(node)[one.rank].design for one in whole]
    assert list(Sample(Designs(node), seed=6).starting(5)) == whole[5:]
    assert sample[3] == whole[3]


def with_a_rate() -> Product:
    rate = ContinuousPoint(0.001, 0.1, True, Span(SOURCE, 0, 1))
    kernel = Union(tuple(Product((Answer(".kernel", point(2), i),), (), (i,)) for i in range(2)))
    return Product((Answer(".rate", rate, 0),), (Part(kernel),), (0,))


def test_continuous_choices_are_drawn_on_their_scale() -> None:
    rates = [one.design["rate"] for one in islice(Drawing(Designs(with_a_rate()), seed=0), 2_000)]
    assert len(set(rates)) == 2_000
    assert all(0.001 <= rate <= 0.1 for rate in rates)
    tenths = Counter(rate < 0.01 for rate in rates)
    assert is_plausible([tenths[False], tenths[True]])


def test_continuous_choices_of_a_sample_are_the_same_at_a_position() -> None:
    designs = Designs(with_a_rate())
    whole = list(Sample(designs, seed=1).starting())
    assert whole == list(Sample(designs, seed=1).starting())
    assert len({one.design["rate"] for one in whole}) == 2
