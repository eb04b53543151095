"""A design read alone is the one that is read with others."""

from __future__ import annotations

from random import Random

import pytest

from archdsl.space.designs import Designs
from archdsl.space.diagram import Answer, Part, Place, Product, Union, union
from archdsl.space.single import single
from archdsl.space.space import Space
from benchmarks.designs import program_of


@pytest.mark.parametrize("name", ["nas_bench_201", "mobilenet_v2_like", "ofa_mobilenet_v3"])
def test_it_is_as_it_is_read_with_others(name):
    (part,) = Space(program_of(name)).fitting().parts
    designs, random = Designs(part.node), Random(0)
    for _ in range(50):
        rank = random.randrange(part.count)
        assert single(part.node, rank) == designs.design(rank)
        assert list(single(part.node, rank)) == list(designs.design(rank))


def test_there_is_none_past_the_last():
    node = Union((Product((), (), ()), Product((), (), ())))
    with pytest.raises(IndexError):
        single(node, 2)


def test_a_large_union_is_not_copied_into_another():
    few = Union(tuple(Product((), (), (n,)) for n in range(3)))
    many = Union(tuple(Product((), (), (n,)) for n in range(100)))
    both = union([few, many])
    assert isinstance(both, Union)
    assert len(both.options) == 4
    assert both.count == 103
    assert both.options[3].parts[0].node is many
    assert both.options[3].amounts == (0,)


def test_places_begin_paths():
    place = Place()

    class Point:
        labels = ("a", "b")

    def answered(path):
        return Union(tuple(Product((Answer(path, Point(), n),), (), ()) for n in (0, 1)))  # type: ignore[arg-type]

    inner = Product((), (Part(answered(".let"), "", place), Part(answered(".own"), ".far")), ())
    outer = Product((), (Part(inner, ".deep"),), (), place)
    assert single(outer, 1) == {"let": "a", "deep.far.own": "b"}
    assert single(outer, 2) == {"let": "b", "deep.far.own": "a"}
