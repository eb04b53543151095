"""``tanh`` is PyTorch's."""

from __future__ import annotations

import pytest
import torch

from archdsl.ops.activation.tanh import Tanh
from archdsl.types import TensorType, Tokens, Vector
from tests.ops.activations import KINDS
from tests.ops.against_torch import agrees, module, refuses


@pytest.mark.parametrize("x", KINDS)
def test_it_does_what_it_foretold(x: TensorType) -> None:
    agrees(Tanh(), x, reference=torch.tanh)


def test_it_is_never_in_place() -> None:
    assert module(Tanh(), Vector(8)) == "nn.Tanh()"


def test_token_ids_are_refused() -> None:
    refuses(Tanh(), Tokens(12, 100), words="tanh cannot take token ids (12)")
