"""``leaky_relu`` is PyTorch's."""

from __future__ import annotations

import pytest
import torch.nn.functional as F

from archdsl.ops.activation.leaky_relu import LeakyRelu
from archdsl.types import TensorType, Tokens, Vector
from tests.ops.activations import KINDS
from tests.ops.against_torch import agrees, module, refuses


@pytest.mark.parametrize("x", KINDS)
def test_it_does_what_it_foretold(x: TensorType) -> None:
    agrees(LeakyRelu(), x, reference=F.leaky_relu)


def test_it_is_never_in_place() -> None:
    assert module(LeakyRelu(), Vector(8)) == "nn.LeakyReLU()"


def test_its_parameter_reaches_pytorch() -> None:
    agrees(LeakyRelu(slope=0.2), Vector(8), reference=lambda x: F.leaky_relu(x, 0.2))
    assert module(LeakyRelu(slope=0.2), Vector(8)) == "nn.LeakyReLU(negative_slope=0.2)"


def test_token_ids_are_refused() -> None:
    refuses(LeakyRelu(), Tokens(12, 100), words="leaky_relu cannot take token ids (12)")
