"""``elu`` is PyTorch's."""

from __future__ import annotations

import pytest
import torch.nn.functional as F

from archdsl.ops.activation.elu import Elu
from archdsl.types import TensorType, Tokens, Vector
from tests.ops.activations import KINDS
from tests.ops.against_torch import agrees, module, refuses


@pytest.mark.parametrize("x", KINDS)
def test_it_does_what_it_foretold(x: TensorType) -> None:
    agrees(Elu(), x, reference=F.elu)


def test_it_is_never_in_place() -> None:
    assert module(Elu(), Vector(8)) == "nn.ELU()"


def test_its_parameter_reaches_pytorch() -> None:
    agrees(Elu(alpha=0.5), Vector(8), reference=lambda x: F.elu(x, 0.5))
    assert module(Elu(alpha=0.5), Vector(8)) == "nn.ELU(alpha=0.5)"


def test_token_ids_are_refused() -> None:
    refuses(Elu(), Tokens(12, 100), words="elu cannot take token ids (12)")
