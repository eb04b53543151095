"""``identity`` gives what flows in."""

from __future__ import annotations

import pytest

from archdsl.ops.plumbing.identity import Identity
from archdsl.types import Image, TensorType, Tokens, Vector
from tests.ops.against_torch import agrees, module


@pytest.mark.parametrize("x", [Vector(33), Image(3, 5, 7), Tokens(7, 40)])
def test_it_does_what_it_foretold(x: TensorType) -> None:
    agrees(Identity(), x, reference=lambda x: x)
    assert Identity().infer(x) == x


def test_it_is_spelled_as_a_module_too() -> None:
    assert module(Identity(), Vector(9)) == "nn.Identity()"
