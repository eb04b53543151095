"""``reshape`` gives the same numbers another shape."""

from __future__ import annotations

import pytest

from archdsl.ops.plumbing.reshape import Reshape
from archdsl.types import Image, Nodes, Sequence, TensorType, Vector, Volume
from tests.ops.against_torch import agrees, module, refuses

CASES = [
    (Reshape(3, 4, 5), Vector(60), Image(3, 4, 5)),
    (Reshape(3, 4, 5), Image(6, 2, 5), Image(3, 4, 5)),
    (Reshape(3, 2, 5, depth=2), Vector(60), Volume(3, 2, 2, 5)),
    (Reshape(12, length=5), Vector(60), Sequence(5, 12)),
    (Reshape(60), Image(6, 2, 5), Vector(60)),
]


@pytest.mark.parametrize(("op", "x", "out"), CASES)
def test_it_does_what_it_foretold(op: Reshape, x: TensorType, out: TensorType) -> None:
    assert op.infer(x) == out
    agrees(op, x)


def test_the_order_of_the_numbers_stays() -> None:
    agrees(Reshape(3, 4, 5), Vector(60), reference=lambda x: x.view(-1, 3, 4, 5))
    assert module(Reshape(3, 4, 5), Vector(60)) == "nn.Unflatten(1, (3, 4, 5))"


def test_another_number_of_numbers_is_refused() -> None:
    words = "a 3×4×4 image has 48 numbers and a vector of 60 has 60"
    error = refuses(Reshape(3, 4, 4), Vector(60), words=words)
    assert error.needed == "sizes with a product of 60"


def test_sizes_that_make_no_tensor_are_refused() -> None:
    refuses(Reshape(3, 20), Vector(60), words="these sizes make no tensor")
    refuses(Reshape(3, 4, 5, length=2), Vector(60), words="these sizes make no tensor")


def test_graph_nodes_are_refused() -> None:
    refuses(Reshape(44), Nodes(11, 4, 20), words="reshape cannot take graph nodes (11×4)")
