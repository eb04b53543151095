"""``batch_norm`` is PyTorch's, for every kind of tensor."""

from __future__ import annotations

import pytest
import torch.nn.functional as F

from archdsl.ops.norm.batch_norm import BatchNorm
from archdsl.types import Image, Nodes, Sequence, TensorType, Tokens, Vector, Volume
from tests.ops.against_torch import agrees, module, refuses

KINDS = [Image(6, 5, 7), Volume(2, 3, 4, 5), Sequence(7, 6), Vector(9), Nodes(11, 4, 20)]


@pytest.mark.parametrize("x", KINDS)
@pytest.mark.parametrize("op", [BatchNorm(), BatchNorm(eps=1e-3, momentum=0.01, affine=False)])
def test_it_does_what_it_foretold(op: BatchNorm, x: TensorType) -> None:
    agrees(op, x, batches=(2, 4))


def test_in_evaluation_it_uses_what_it_has_seen() -> None:
    agrees(
        BatchNorm(),
        Sequence(7, 6),
        reference=lambda m, x: F.batch_norm(x.mT, m.running_mean, m.running_var).mT,
    )


def test_it_is_spelled_without_defaults() -> None:
    assert module(BatchNorm(), Image(64, 8, 8)) == "nn.BatchNorm2d(64)"
    unusual = module(BatchNorm(eps=0.001, affine=False), Vector(64))
    assert unusual == "nn.BatchNorm1d(64, eps=0.001, affine=False)"


def test_token_ids_are_refused() -> None:
    refuses(BatchNorm(), Tokens(12, 100), words="batch_norm cannot take token ids (12)")
