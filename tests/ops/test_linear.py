"""``linear`` is PyTorch's, on the last axis."""

from __future__ import annotations

import pytest
import torch.nn.functional as F

from archdsl.ops.dense.linear import Linear
from archdsl.types import Image, Nodes, Sequence, TensorType, Tokens, Vector
from tests.ops.against_torch import agrees, module, refuses

KINDS = [Vector(9), Sequence(7, 6), Nodes(11, 4, 20)]


@pytest.mark.parametrize("x", KINDS)
@pytest.mark.parametrize(
    "op",
    [
        Linear(5),
        Linear(1, bias=False),
        Linear(5, weights="weight_norm"),
        Linear(3, bias=False, weights="spectral_norm"),
    ],
)
def test_it_does_what_it_foretold(op: Linear, x: TensorType) -> None:
    agrees(op, x)


def test_it_computes_what_the_function_computes() -> None:
    agrees(Linear(5), Sequence(7, 6), reference=lambda m, x: F.linear(x, m.weight, m.bias))
    assert module(Linear(10, bias=False), Vector(64)) == "nn.Linear(64, 10, bias=False)"
    made = module(Linear(10, weights="weight_norm"), Vector(64))
    assert made == "weight_norm(nn.Linear(64, 10))"


def test_an_image_is_refused_with_what_could_be_done() -> None:
    error = refuses(Linear(10), Image(64, 7, 7), words="linear cannot take an image (64×7×7)")
    assert error.help == "flatten it or global_avg_pool it first, or take conv(10, 1)"
    assert error.needed == "a vector, a sequence or graph nodes"


def test_token_ids_are_refused() -> None:
    error = refuses(Linear(10), Tokens(12, 100), words="linear cannot take token ids (12)")
    assert error.help == "give tokens an embedding first"
