"""``layer_scale`` multiplies each channel by a learned factor."""

from __future__ import annotations

import pytest

from archdsl.ops.regularizer.layer_scale import LayerScale
from archdsl.types import Image, TensorType, Tokens, Vector
from tests.ops.activations import KINDS
from tests.ops.against_torch import agrees, module, refuses


@pytest.mark.parametrize("x", KINDS)
def test_it_does_what_it_foretold(x: TensorType) -> None:
    agrees(LayerScale(0.5), x, reference=lambda _, x: x * 0.5)


def test_an_image_has_a_class_of_its_own() -> None:
    assert module(LayerScale(), Image(64, 8, 8)) == "LayerScale2d(64)"
    assert module(LayerScale(0.1), Vector(64)) == "LayerScale(64, init=0.1)"


def test_token_ids_are_refused() -> None:
    refuses(LayerScale(), Tokens(12, 100), words="layer_scale cannot take token ids (12)")
