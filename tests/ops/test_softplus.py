"""``softplus`` is PyTorch's."""

from __future__ import annotations

import pytest
import torch.nn.functional as F

from archdsl.ops.activation.softplus import Softplus
from archdsl.types import TensorType, Tokens, Vector
from tests.ops.activations import KINDS
from tests.ops.against_torch import agrees, module, refuses


@pytest.mark.parametrize("x", KINDS)
def test_it_does_what_it_foretold(x: TensorType) -> None:
    agrees(Softplus(), x, reference=F.softplus)


def test_it_is_never_in_place() -> None:
    assert module(Softplus(), Vector(8)) == "nn.Softplus()"


def test_token_ids_are_refused() -> None:
    refuses(Softplus(), Tokens(12, 100), words="softplus cannot take token ids (12)")
