"""``relu6`` is PyTorch's."""

from __future__ import annotations

import pytest
import torch.nn.functional as F

from archdsl.ops.activation.relu6 import Relu6
from archdsl.types import TensorType, Tokens, Vector
from tests.ops.activations import KINDS
from tests.ops.against_torch import agrees, module, refuses


@pytest.mark.parametrize("x", KINDS)
def test_it_does_what_it_foretold(x: TensorType) -> None:
    agrees(Relu6(), x, reference=F.relu6)


def test_it_is_never_in_place() -> None:
    assert module(Relu6(), Vector(8)) == "nn.ReLU6()"


def test_token_ids_are_refused() -> None:
    refuses(Relu6(), Tokens(12, 100), words="relu6 cannot take token ids (12)")
