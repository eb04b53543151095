"""``glu`` gates one half of the channels by the other."""

from __future__ import annotations

import pytest
import torch.nn.functional as F

from archdsl.ops.activation.glu import Glu
from archdsl.types import Image, Sequence, TensorType, Tokens, Vector
from tests.ops.activations import KINDS
from tests.ops.against_torch import agrees, module, refuses


@pytest.mark.parametrize("x", KINDS)
def test_it_does_what_it_foretold(x: TensorType) -> None:
    agrees(Glu(), x)


def test_the_channels_are_halved() -> None:
    assert Glu().infer(Image(6, 5, 7)) == Image(3, 5, 7)
    agrees(Glu(), Image(6, 5, 7), reference=lambda x: F.glu(x, 1))
    agrees(Glu(), Sequence(7, 6), reference=F.glu)
    assert module(Glu(), Vector(8)) == "nn.GLU()"


def test_an_odd_number_of_channels_is_refused() -> None:
    refuses(Glu(), Vector(7), words="glu halves the channels, and 7 is odd")


def test_token_ids_are_refused() -> None:
    refuses(Glu(), Tokens(12, 100), words="glu cannot take token ids (12)")
