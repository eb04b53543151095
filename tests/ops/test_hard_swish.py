"""``hard_swish`` is PyTorch's."""

from __future__ import annotations

import pytest
import torch.nn.functional as F

from archdsl.ops.activation.hard_swish import HardSwish
from archdsl.types import TensorType, Tokens, Vector
from tests.ops.activations import KINDS
from tests.ops.against_torch import agrees, module, refuses


@pytest.mark.parametrize("x", KINDS)
def test_it_does_what_it_foretold(x: TensorType) -> None:
    agrees(HardSwish(), x, reference=F.hardswish)


def test_it_is_never_in_place() -> None:
    assert module(HardSwish(), Vector(8)) == "nn.Hardswish()"


def test_token_ids_are_refused() -> None:
    refuses(HardSwish(), Tokens(12, 100), words="hard_swish cannot take token ids (12)")
