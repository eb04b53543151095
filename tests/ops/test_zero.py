"""``zero`` gives zeros of the same shape."""

from __future__ import annotations

import pytest
import torch

from archdsl.ops.plumbing.zero import Zero
from archdsl.types import TensorType, Tokens
from tests.ops.activations import KINDS
from tests.ops.against_torch import agrees, refuses


@pytest.mark.parametrize("x", KINDS)
def test_it_does_what_it_foretold(x: TensorType) -> None:
    agrees(Zero(), x, reference=torch.zeros_like)


def test_token_ids_are_refused() -> None:
    refuses(Zero(), Tokens(12, 100), words="zero cannot take token ids (12)")
