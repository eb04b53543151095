"""``local_response_norm`` is PyTorch's, over the channels of whatever kind of tensor."""

from __future__ import annotations

import pytest
import torch.nn.functional as F

from archdsl.ops.norm.local_response_norm import LocalResponseNorm
from archdsl.types import Image, Sequence, TensorType, Vector, Volume
from tests.ops.against_torch import agrees, module, refuses

KINDS = [Image(6, 5, 7), Volume(2, 3, 4, 5), Sequence(7, 6)]


@pytest.mark.parametrize("x", KINDS)
@pytest.mark.parametrize(
    "op", [LocalResponseNorm(), LocalResponseNorm(size=4, alpha=0.1, beta=0.5, k=2.0)]
)
def test_it_does_what_it_foretold(op: LocalResponseNorm, x: TensorType) -> None:
    agrees(op, x)


def test_it_computes_what_the_function_computes() -> None:
    op = LocalResponseNorm(3, alpha=0.5)
    agrees(op, Image(6, 5, 7), reference=lambda x: F.local_response_norm(x, 3, alpha=0.5))


def test_it_is_spelled_without_defaults() -> None:
    assert module(LocalResponseNorm(), Image(64, 5, 7)) == "nn.LocalResponseNorm(5)"
    spelled = module(LocalResponseNorm(k=2.0), Image(64, 5, 7))
    assert spelled == "nn.LocalResponseNorm(5, k=2.0)"


def test_vectors_are_refused() -> None:
    words = "local_response_norm cannot take a vector (12)"
    refuses(LocalResponseNorm(), Vector(12), words=words)
