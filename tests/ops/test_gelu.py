"""``gelu`` is PyTorch's."""

from __future__ import annotations

import pytest
import torch.nn.functional as F

from archdsl.ops.activation.gelu import Gelu
from archdsl.types import TensorType, Tokens, Vector
from tests.ops.activations import KINDS
from tests.ops.against_torch import agrees, module, refuses


@pytest.mark.parametrize("x", KINDS)
def test_it_does_what_it_foretold(x: TensorType) -> None:
    agrees(Gelu(), x, reference=F.gelu)


def test_it_is_never_in_place() -> None:
    assert module(Gelu(), Vector(8)) == "nn.GELU()"


def test_its_parameter_reaches_pytorch() -> None:
    agrees(Gelu(approximate="tanh"), Vector(8), reference=lambda x: F.gelu(x, approximate="tanh"))
    assert module(Gelu(approximate="tanh"), Vector(8)) == "nn.GELU(approximate='tanh')"


def test_token_ids_are_refused() -> None:
    refuses(Gelu(), Tokens(12, 100), words="gelu cannot take token ids (12)")
