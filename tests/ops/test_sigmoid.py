"""``sigmoid`` is PyTorch's."""

from __future__ import annotations

import pytest
import torch

from archdsl.ops.activation.sigmoid import Sigmoid
from archdsl.types import TensorType, Tokens, Vector
from tests.ops.activations import KINDS
from tests.ops.against_torch import agrees, module, refuses


@pytest.mark.parametrize("x", KINDS)
def test_it_does_what_it_foretold(x: TensorType) -> None:
    agrees(Sigmoid(), x, reference=torch.sigmoid)


def test_it_is_never_in_place() -> None:
    assert module(Sigmoid(), Vector(8)) == "nn.Sigmoid()"


def test_token_ids_are_refused() -> None:
    refuses(Sigmoid(), Tokens(12, 100), words="sigmoid cannot take token ids (12)")
