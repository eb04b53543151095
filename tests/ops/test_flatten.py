"""``flatten`` makes one vector of all numbers."""

from __future__ import annotations

import pytest

from archdsl.ops.plumbing.flatten import Flatten
from archdsl.types import Image, Nodes, Sequence, TensorType, Vector, Volume
from tests.ops.against_torch import agrees, module, refuses


@pytest.mark.parametrize("x", [Vector(33), Image(3, 5, 7), Volume(2, 3, 4, 5), Sequence(7, 4)])
def test_it_does_what_it_foretold(x: TensorType) -> None:
    agrees(Flatten(), x, reference=lambda x: x.reshape(x.shape[0], -1))


def test_it_is_spelled_as_a_module_too() -> None:
    assert Flatten().infer(Image(3, 5, 7)) == Vector(105)
    assert module(Flatten(), Image(3, 5, 7)) == "nn.Flatten()"


def test_graph_nodes_are_refused() -> None:
    refuses(Flatten(), Nodes(11, 4, 20), words="flatten cannot take graph nodes (11×4)")
