"""``window_attention`` is Swin's attention, inside windows that may be shifted."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel

from archdsl.ops.sequence.window_attention import WindowAttention
from archdsl.types import Image, Sequence
from tests.ops.against_torch import Built, agrees, module, refuses
from tests.peers import import_torchvision

CASES = [
    (WindowAttention(2, 4), Image(8, 8, 12)),
    (WindowAttention(2, 4, shift=2), Image(8, 8, 12)),
    (WindowAttention(2, 4, shift=1), Image(8, 4, 10)),
    (WindowAttention(2, 4, shift=3, bias=False), Image(8, 3, 3)),
    (WindowAttention(2, 3, shift=1), Image(8, 7, 10)),
]


@pytest.mark.parametrize(("op", "x"), CASES)
def test_window_attention_does_what_it_foretold(op: WindowAttention, x: Image) -> None:
    built = agrees(op, x, counted=False, batches=(2, 3))  # one sample alone needs fewer copies
    with sdpa_kernel(SDPBackend.MATH):  # the counter knows the products of this path alone
        assert built.macs(2) == 2 * op.macs(x)


@pytest.mark.parametrize(("op", "x"), CASES)
def test_it_computes_what_torchvision_s_swin_computes(op: WindowAttention, x: Image) -> None:
    import_torchvision()
    swin = pytest.importorskip("torchvision.models.swin_transformer")
    window, shift = [op.size] * 2, [op.shift] * 2

    def reference(m: nn.Module, image: Tensor) -> Tensor:
        biases = {"qkv_bias": op.bias, "proj_bias": op.bias}
        peer = swin.ShiftedWindowAttention(x.channels, window, shift, op.heads, **biases)
        weights = {**m.state_dict(), "relative_position_index": peer.relative_position_index}
        weights["relative_position_bias_table"] = weights.pop("distances")
        peer.load_state_dict(weights)
        result: Tensor = peer(image.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
        return result

    agrees(op, x, counted=False, saved=False, reference=reference)


def test_windows_do_not_see_each_other() -> None:
    built = Built(WindowAttention(2, 4), Image(8, 8, 8))
    image = torch.randn(1, 8, 8, 8)
    changed = image.clone()
    changed[..., 4:] = 0
    assert torch.equal(built.run(image)[..., :4], built.run(changed)[..., :4])


def test_what_shifting_brings_together_stays_apart() -> None:
    built = Built(WindowAttention(2, 4, shift=2), Image(8, 8, 8))
    image = torch.randn(1, 8, 8, 8)
    changed = image.clone()
    changed[..., -2:] = 0  # shifted into a window with the first two columns
    assert torch.equal(built.run(image)[..., :2], built.run(changed)[..., :2])


def test_it_is_spelled_without_defaults() -> None:
    x = Image(96, 56, 56)
    assert module(WindowAttention(3, 7), x) == "WindowAttention(96, heads=3, size=7)"
    shifted = module(WindowAttention(3, 7, shift=3), x)
    assert shifted == "WindowAttention(96, heads=3, size=7, shift=3)"


def test_heads_must_divide_the_channels() -> None:
    words = "heads=5 does not divide 96; 4 or 6 do"
    refuses(WindowAttention(5, 7), Image(96, 56, 56), words=words, argument="heads")


def test_a_shift_stays_within_the_window() -> None:
    words = "shift=7 moves windows of 7 by one"
    op = WindowAttention(3, 7, shift=7)
    refuses(op, Image(96, 56, 56), words=words, argument="shift", replacement="3")
    words = "shift=9 moves windows of 7 by more than one"
    refuses(WindowAttention(3, 7, shift=9), Image(96, 56, 56), words=words)


def test_only_images_are_taken() -> None:
    words = "window_attention cannot take a sequence (49×96)"
    error = refuses(WindowAttention(3, 7), Sequence(49, 96), words=words)
    assert error.help == "local_attention reads the neighbours in a sequence"
