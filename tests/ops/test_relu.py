"""``relu`` is PyTorch's."""

from __future__ import annotations

import pytest
import torch.nn.functional as F

from archdsl.ops.activation.relu import Relu
from archdsl.types import TensorType, Tokens, Vector
from tests.ops.activations import KINDS
from tests.ops.against_torch import agrees, module, refuses


@pytest.mark.parametrize("x", KINDS)
def test_it_does_what_it_foretold(x: TensorType) -> None:
    agrees(Relu(), x, reference=F.relu)


def test_it_is_never_in_place() -> None:
    assert module(Relu(), Vector(8)) == "nn.ReLU()"


def test_token_ids_are_refused() -> None:
    refuses(Relu(), Tokens(12, 100), words="relu cannot take token ids (12)")
