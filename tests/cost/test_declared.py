"""What an op declares of itself is what it costs: nothing about ops is known elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import pytest

from archdsl.cost.counts import macs, own_macs, own_params, params
from archdsl.cost.latency import seconds
from archdsl.cost.metrics import memory
from archdsl.cost.metrics.depth import Depth
from archdsl.cost.metrics.max_width import MaxWidth
from archdsl.cost.metrics.receptive_field import ReceptiveField
from archdsl.cost.saved import saved_for_backward
from archdsl.graph.build import fragment
from archdsl.graph.nodes import Graph, OpNode
from archdsl.ops.base import Branches, Op, Saves, Trait
from archdsl.source import NOWHERE
from archdsl.spec.constants import Quantity
from archdsl.spec.device import Device
from archdsl.types import Sequence

if TYPE_CHECKING:
    from archdsl.graph.nodes import Node
    from archdsl.types import TensorType

DATA = Sequence(length=50, features=2)
NOTHING = Saves()


@dataclass(frozen=True)
class Declared(Op):
    """An op that no file holds."""

    weighted: bool = True
    view: bool = False
    keeps: Saves = NOTHING
    reads: tuple[int, int] | None = None

    branches: ClassVar[Branches] = Branches(variadic=True, with_flow=False)

    @property
    def traits(self) -> frozenset[Trait]:  # type: ignore[override]
        found = {Trait.WEIGHTED: self.weighted, Trait.VIEW: self.view}
        return frozenset(trait for trait, has in found.items() if has)

    def params(self, *inputs: TensorType) -> int:
        return 1_000

    def macs(self, *inputs: TensorType) -> int:
        return 70_000

    def saves(self, *inputs: TensorType) -> Saves:
        return self.keeps

    def window(self, *inputs: TensorType) -> tuple[int, int] | None:
        return self.reads


def node(op: Op, out: TensorType, *branches: Node) -> OpNode:
    takes = tuple(branch.out for branch in branches) or (DATA,)
    return OpNode(op, branches, takes, out, NOWHERE)


def graph(result: Node) -> Graph:
    return Graph("A", fragment("A", (), DATA, [], result, NOWHERE, braced=False))


def test_parameters_and_multiply_accumulates() -> None:
    inner = node(Declared(), DATA)
    outer = node(Declared(), DATA, inner, inner)
    assert (params(graph(outer)), macs(graph(outer))) == (3_000, 210_000)
    assert (own_params(outer), own_macs(outer)) == (1_000, 70_000)


def test_what_it_saves() -> None:
    wide = Sequence(length=50, features=8)
    both = Saves(inputs=(0,), output=True, fixed=3, per_sample=5, alone=7)
    assert saved_for_backward(graph(node(Declared(), wide))) == (0, 0, 0)
    saved = saved_for_backward(graph(node(Declared(keeps=both), wide)))
    assert saved == (4 * 100 + 4 * 400 + 5, 3, 7)
    assert saved.bytes(10) == 10 * 2005 + 3
    assert saved.bytes(1) == 2005 + 3 + 7


def test_a_view_has_no_storage_of_its_own() -> None:
    seen = node(Declared(view=True, keeps=Saves(output=True)), DATA)
    assert saved_for_backward(graph(seen)) == (400, 0, 0)
    assert memory.inference(graph(seen), None, 3) == 4 * (1_000 + 3 * 100)
    assert memory.inference(graph(node(Declared(), DATA)), None, 3) == 4 * (1_000 + 3 * 200)


def test_weighted_ops_are_the_depth_and_have_the_widths() -> None:
    wide, wider = Sequence(length=50, features=8), Sequence(length=50, features=9)
    free = node(Declared(weighted=False), wider, node(Declared(), wide))
    whole = graph(node(Declared(), DATA, free))
    assert (Depth().of(whole), MaxWidth().of(whole)) == (2, 8)


def test_windows_are_the_receptive_field() -> None:
    inner = node(Declared(reads=(3, 2)), DATA)
    assert ReceptiveField().of(graph(node(Declared(reads=(4, 1)), DATA, inner))) == 3 + 3 * 2


@pytest.mark.parametrize(
    ("device", "time"),
    [
        (Device(compute=1e6, bandwidth=1e12), 2 * 140_000 / 1e6),
        (Device(compute=1e12, bandwidth=1e6), 4 * (2 * 200 + 1_000) / 1e6),
        (Device(compute=1e12, bandwidth=1e12, overhead=Quantity(2.0, "seconds")), 2.0),
    ],
)
def test_arithmetic_traffic_or_overhead_is_the_time(device: Device, time: float) -> None:
    assert seconds(node(Declared(), DATA), device, 2, half=False) == pytest.approx(time, rel=1e-6)
    assert seconds(node(Declared(view=True), DATA), device, 2, half=False) == 0
