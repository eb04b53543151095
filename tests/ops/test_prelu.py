"""``prelu`` learns one slope, or one for each channel."""

from __future__ import annotations

import pytest
import torch.nn.functional as F

from archdsl.ops.activation.prelu import Prelu
from archdsl.types import Image, Sequence, TensorType, Tokens
from tests.ops.activations import KINDS
from tests.ops.against_torch import agrees, module, refuses


@pytest.mark.parametrize("x", KINDS)
@pytest.mark.parametrize("per_channel", [False, True])
def test_it_does_what_it_foretold(per_channel: bool, x: TensorType) -> None:
    agrees(Prelu(per_channel), x)


def test_it_computes_what_the_function_computes() -> None:
    agrees(Prelu(True), Sequence(7, 6), reference=lambda m, x: F.prelu(x.mT, m.weight).mT)
    assert module(Prelu(), Image(6, 5, 7)) == "nn.PReLU()"
    assert module(Prelu(per_channel=True), Image(6, 5, 7)) == "nn.PReLU(6)"


def test_token_ids_are_refused() -> None:
    refuses(Prelu(), Tokens(12, 100), words="prelu cannot take token ids (12)")
