"""A graph as a flat list is the same graph again."""

from __future__ import annotations

import pickle

import pytest

from archdsl.cost.counts import macs, params
from archdsl.emit.pytorch import emit
from archdsl.graph.packing import packed, unpacked
from archdsl.graph.walk import every
from tests.emit.graphs import graph, graph_of

HEAD = "arch D { data image(8, 4, 4)  model "
DEEP = "block b(n) = when(n == 0, conv(8, 1), else=residual(conv(8, 1) -> b(n - 1))) "


@pytest.mark.parametrize("name", ["resnet50", "unet", "transformer", "recurrent", "graph_blocks"])
def test_a_graph_comes_out_as_it_went_in(name: str) -> None:
    before = graph(name)
    after = unpacked(pickle.loads(pickle.dumps(packed(before))))
    assert emit(after) == emit(before)
    assert (params(after), macs(after)) == (params(before), macs(before))


def test_what_is_shared_stays_shared() -> None:
    before = graph("resnet50")
    after = unpacked(packed(before))
    assert len(every(after.model)) == len(every(before.model))


def test_a_deep_graph_needs_no_deep_stack() -> None:
    before = graph_of(DEEP + HEAD + "= b(30) }")
    after = unpacked(pickle.loads(pickle.dumps(packed(before))))
    assert emit(after) == emit(before)


def test_what_has_been_computed_of_a_graph_is_left_behind() -> None:
    before = graph("resnet50")
    fresh = len(pickle.dumps(packed(before)))
    params(before)
    assert len(pickle.dumps(packed(before))) == fresh
    assert all(not getattr(part, "known", None) for part in every(unpacked(packed(before)).model))
