"""``window_attention`` is Swin's attention, inside windows that may be shifted."""

from __future__ import annotations

from itertools import product
from typing import Any

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


HOW = [
    *({}, {"cosine": True}, {"scale": 0.2}, {"distances": "mlp", "hidden": 16}),
    {"distances": "mlp", "cosine": True, "hidden": 16},
]


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("where", [{}, {"shift": 2}, {"grid": True}])
def test_options_do_what_they_foretold(how: dict[str, Any], where: dict[str, Any]) -> None:
    for heads, side in product((1, 2), (4, 6, 8)):
        x = Image(8, side, side)
        op = WindowAttention(heads, 4, **how, **where)
        built = agrees(op, x, counted=False)
        with sdpa_kernel(SDPBackend.MATH):  # the counter knows the products of this path alone
            assert built.macs(1) == op.macs(x)


@pytest.mark.parametrize("shift", [0, 2])
def test_it_is_that_of_swin_v2(shift: int) -> None:
    """Whose keys have biases that it sets to 0."""
    swin = import_torchvision().models.swin_transformer
    peer = swin.ShiftedWindowAttentionV2(12, [4, 4], [shift, shift], 3)
    x = Image(12, 8, 12)
    built = Built(WindowAttention(3, 4, shift=shift, cosine=True, distances="mlp"), x)
    for weight in peer.parameters():
        torch.nn.init.normal_(weight)
    peer.qkv.bias.data[12:24] = 0
    names = {"log_scale": "logit_scale", "fc1.weight": "cpb_mlp.0.weight"}
    names |= {"fc1.bias": "cpb_mlp.0.bias", "fc2.weight": "cpb_mlp.2.weight"}
    theirs = peer.state_dict()
    built.module.load_state_dict(
        {name: theirs[names.get(name, name)] for name in built.module.state_dict()}
    )
    (tensor,) = built.tensors(2)
    expected = peer(tensor.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
    torch.testing.assert_close(built.run(tensor), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("grid", [False, True])
def test_it_is_that_of_maxvit(grid: bool) -> None:
    import_torchvision()
    from torchvision.models import maxvit

    peer = maxvit.RelativePositionalMultiHeadAttention(12, 4, 16)
    for weight in peer.parameters():
        torch.nn.init.normal_(weight)
    p = 2 if grid else 4
    cut, swap, join = maxvit.WindowPartition(), maxvit.SwapAxes(-2, -3), maxvit.WindowDepartition()

    def reference(m: nn.Module, x: Tensor) -> Tensor:
        windows = cut(x, p)
        windows = swap(peer(swap(windows))) if grid else peer(windows)
        result: Tensor = join(windows, p, 8 // p, 8 // p)
        return result

    built = Built(WindowAttention(3, 4, grid=grid, scale=12**-0.5), Image(12, 8, 8))
    theirs = peer.state_dict()
    mine = {"distances": theirs["relative_position_bias_table"]}
    for part in ("weight", "bias"):
        mine[f"qkv.{part}"] = theirs[f"to_qkv.{part}"]
        mine[f"proj.{part}"] = theirs[f"merge.{part}"]
    built.module.load_state_dict(mine)
    (tensor,) = built.tensors(2)
    expected = reference(built.module, tensor)
    torch.testing.assert_close(built.run(tensor), expected, rtol=1e-4, atol=1e-5)


def test_options_that_contradict_each_other_are_refused() -> None:
    x = Image(8, 8, 8)
    words = "shift=2 moves windows of neighbours, and those of a grid are spread"
    refuses(WindowAttention(2, 4, shift=2, grid=True), x, words=words, replacement="0")
    words = "cosine=true learns its scale"
    refuses(WindowAttention(2, 4, cosine=True, scale=0.2), x, words=words, argument="scale")
    words = "hidden= says something of the MLP of distances"
    refuses(WindowAttention(2, 4, hidden=8), x, words=words, argument="hidden")
