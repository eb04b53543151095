"""Gradients in float16 are scaled unless the ``train`` clause says otherwise."""

from __future__ import annotations

from archdsl.runtime.live.learning.precision import precision_of


def test_float16_on_a_card_is_scaled_unless_it_is_said_not_to_be():
    scaled = precision_of("fp16", "cuda")
    assert (scaled.scaled, scaled.told) == (True, "fp16 in float16, gradients scaled")
    left = precision_of("fp16", "cuda", scaling=False)
    assert (left.scaled, left.told) == (False, "fp16 in float16, gradients not scaled")


def test_what_needs_no_scaling_has_none():
    for word in ("fp32", "bf16"):
        assert not precision_of(word, "cuda").scaled
    assert not precision_of("fp16", "cpu").scaled
