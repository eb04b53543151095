"""``hard_sigmoid`` is PyTorch's."""

from __future__ import annotations

import pytest
import torch.nn.functional as F

from archdsl.ops.activation.hard_sigmoid import HardSigmoid
from archdsl.types import TensorType, Tokens, Vector
from tests.ops.activations import KINDS
from tests.ops.against_torch import agrees, module, refuses


@pytest.mark.parametrize("x", KINDS)
def test_it_does_what_it_foretold(x: TensorType) -> None:
    agrees(HardSigmoid(), x, reference=F.hardsigmoid)


def test_it_is_never_in_place() -> None:
    assert module(HardSigmoid(), Vector(8)) == "nn.Hardsigmoid()"


def test_token_ids_are_refused() -> None:
    refuses(HardSigmoid(), Tokens(12, 100), words="hard_sigmoid cannot take token ids (12)")
