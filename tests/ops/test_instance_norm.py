"""``instance_norm`` is PyTorch's, over the channels of whatever kind of tensor."""

from __future__ import annotations

import pytest
import torch.nn.functional as F

from archdsl.ops.norm.instance_norm import InstanceNorm
from archdsl.types import Image, Sequence, TensorType, Vector, Volume
from tests.ops.against_torch import agrees, module, refuses

KINDS = [Image(6, 5, 7), Volume(2, 3, 4, 5), Sequence(7, 6), Sequence(7, 1)]


@pytest.mark.parametrize("x", KINDS)
@pytest.mark.parametrize("op", [InstanceNorm(), InstanceNorm(eps=1e-3, affine=True)])
def test_it_does_what_it_foretold(op: InstanceNorm, x: TensorType) -> None:
    agrees(op, x)


def test_it_computes_what_the_function_computes() -> None:
    agrees(InstanceNorm(), Image(6, 5, 7), reference=lambda _, x: F.instance_norm(x))
    agrees(InstanceNorm(), Sequence(7, 6), reference=lambda _, x: F.instance_norm(x.mT).mT)


def test_it_is_spelled_without_defaults() -> None:
    assert module(InstanceNorm(), Image(64, 5, 7)) == "nn.InstanceNorm2d(64)"
    assert module(InstanceNorm(affine=True), Sequence(5, 8)) == "nn.InstanceNorm1d(8, affine=True)"


def test_a_single_position_is_refused() -> None:
    words = "over one position, a 64×1×1 image gives zeros"
    refuses(InstanceNorm(), Image(64, 1, 1), words=words)


def test_vectors_are_refused() -> None:
    refuses(InstanceNorm(), Vector(12), words="instance_norm cannot take a vector (12)")
