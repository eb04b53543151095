"""``l2_norm`` is PyTorch's normalize, over the channels of whatever kind of tensor."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F

from archdsl.ops.norm.l2_norm import L2Norm
from archdsl.types import Image, Nodes, Sequence, TensorType, Tokens, Vector, Volume
from tests.ops.against_torch import agrees, refuses
from tests.ops.emitted import module_of, text_of

KINDS = [
    Image(6, 5, 7),
    Volume(6, 3, 4, 5),
    Sequence(7, 6),
    Vector(6),
    Nodes(11, 6, 20),
]


@pytest.mark.parametrize("x", KINDS)
def test_it_does_what_it_foretold(x: TensorType) -> None:
    axis = 1 if isinstance(x, (Image, Volume)) else -1
    agrees(L2Norm(), x, reference=lambda x: x / x.norm(dim=axis, keepdim=True))


def test_two_of_them_multiply_to_the_cosine() -> None:
    cosine = module_of("matmul(identity -> l2_norm, relu -> l2_norm)", "table(6)")
    x = torch.randn(4, 6)
    torch.testing.assert_close(cosine(x)[:, 0], F.cosine_similarity(x, x.relu()))


def test_it_is_spelled_without_defaults() -> None:
    assert "F.normalize(x, dim=-1)" in text_of("l2_norm", "table(6)")
    assert "F.normalize(x)" in text_of("l2_norm", "image(3, 8, 8)")


def test_what_has_no_direction_is_refused() -> None:
    refuses(L2Norm(), Tokens(12, 100), words="l2_norm cannot take token ids (12)")
    refuses(L2Norm(), Vector(1), words="over one channel, a vector of 1 gives its signs alone")
