"""Bytes kept for backward are what autograd really saves."""

from __future__ import annotations

import pytest

from archdsl.cost.saved import saved_for_backward
from tests.cost.conftest import graph_of, model, zoo

# Measured with torch 2.13 on CPU through saved_tensors_hooks: batch 1, 8, 32.
TRUTH = {
    "resnet18": (22_218_240, 177_477_120, 709_793_280),
    "resnet50": (86_121_984, 687_488_512, 2_749_316_608),
    "mobilenet_v2": (78_345_984, 625_812_736, 2_502_841_600),
    "vit_b_16": (118_160_680, 945_285_440, 3_781_141_760),
}


@pytest.mark.parametrize("name", TRUTH)
def test_a_published_model_keeps_what_was_measured(name: str) -> None:
    saved = saved_for_backward(zoo(name))
    assert tuple(saved.bytes(batch) for batch in (1, 8, 32)) == TRUTH[name]


def test_a_tensor_two_ops_keep_counts_once() -> None:
    one = saved_for_backward(model("conv(8, 3)")).per_sample
    two = saved_for_backward(model("add(conv(8, 3), conv(8, 1))")).per_sample
    assert one == two == 3 * 32 * 32 * 4


def test_views_share_what_they_show() -> None:
    plain = saved_for_backward(model("flatten -> linear(10)"))
    assert plain.per_sample == 3 * 32 * 32 * 4


def test_a_boundary_tensor_counts_once_for_both_sides_of_a_block() -> None:
    text = "{block}arch A {{ data image(4, 8, 8) model = {model} }}"
    inside = "block b() = relu -> conv(4, 3)\n"
    called = graph_of(text.format(block=inside, model="b -> relu -> b -> relu"))
    written = graph_of(
        text.format(block="", model="relu -> conv(4, 3) -> relu -> relu -> conv(4, 3) -> relu")
    )
    assert saved_for_backward(called) == saved_for_backward(written)


def test_a_block_that_gives_its_input_passes_it_on() -> None:
    block = "block maybe(n) = when(n > 0, conv(4, 3))\n"
    text = block + "arch A { data image(4, 8, 8) model = relu -> maybe(0) -> conv(4, 3) }"
    assert saved_for_backward(graph_of(text)).per_sample == 4 * 8 * 8 * 4


def test_a_layer_argument_keeps_tensors_of_its_caller() -> None:
    block = "block wrap(f) = f\n"
    body = "{ let a = relu let b = a -> wrap(mul(sigmoid, a)) return b }"
    text = block + f"arch A {{ data image(4, 8, 8) model {body} }}"
    assert saved_for_backward(graph_of(text)).per_sample == 2 * 4 * 8 * 8 * 4
