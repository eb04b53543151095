"""Biases by position are those of T5, Swin, Swin v2, LeViT and ALiBi."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import torch

from archdsl.ops.sequence.alibi import Alibi
from archdsl.ops.sequence.bucketed_position_bias import BucketedPositionBias
from archdsl.ops.sequence.continuous_position_bias import ContinuousPositionBias
from archdsl.ops.sequence.relative_position_bias import RelativePositionBias
from archdsl.types import Image, Sequence, Vector
from tests.ops.against_torch import Built, agrees, module, refuses
from tests.peers import import_torchvision

if TYPE_CHECKING:
    from archdsl.ops.base import Op
    from archdsl.types import TensorType

X, MAP = Sequence(12, 8), Image(6, 5, 4)


def bias_of(op: Op, x: TensorType, **weights: torch.Tensor) -> torch.Tensor:
    """What it gives for each of two samples, with these weights."""
    built = Built(op, x)
    if built.module is not None:
        named = dict(built.module.named_parameters())
        assert set(named) == set(weights)
        for name, weight in weights.items():
            named[name].data.copy_(weight)
    first, second = built.run(*built.tensors(2)).detach()
    assert torch.equal(first, second)
    return first


@pytest.mark.parametrize(
    ("op", "x"),
    [
        (RelativePositionBias(3), X),
        (RelativePositionBias(3, absolute=True), X),
        (RelativePositionBias(3), MAP),
        (RelativePositionBias(3, absolute=True, stride=2), MAP),
        (RelativePositionBias(3, stride=3), MAP),
        (BucketedPositionBias(3), X),
        (BucketedPositionBias(3, buckets=8, max_distance=9, causal=True), X),
        (Alibi(3), X),
    ],
)
def test_they_do_what_they_foretold(op: Op, x: TensorType) -> None:
    agrees(op, x)


def test_the_mlp_runs_once_for_a_batch() -> None:
    op = ContinuousPositionBias(3, hidden=16)
    built = agrees(op, MAP, counted=False)
    assert built.macs(1) == built.macs(4) == op.macs(MAP)


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize(("buckets", "far"), [(32, 128), (8, 20)])
def test_buckets_are_those_of_t5(causal: bool, buckets: int, far: int) -> None:
    import_torchvision()  # which transformers asks for
    t5 = pytest.importorskip("transformers.models.t5.modeling_t5")
    x = Sequence(300, 8)
    table = torch.randn(4, buckets)
    at = torch.arange(300)
    wanted = t5.T5Attention._relative_position_bucket(
        at - at[:, None], bidirectional=not causal, num_buckets=buckets, max_distance=far
    )
    found = bias_of(BucketedPositionBias(4, buckets, far, causal), x, table=table)
    assert torch.equal(found, table[:, wanted])


def test_slopes_are_those_of_bloom() -> None:
    import_torchvision()
    bloom = pytest.importorskip("transformers.models.bloom.modeling_bloom")
    at = torch.arange(12)
    for heads in (1, 3, 4, 6, 8, 12):
        rows = bloom.build_alibi_tensor(torch.ones(1, 12), heads, torch.float32)[:, 0]
        found = bias_of(Alibi(heads), X)
        shifted = found - found[:, :, :1]  # a number for all keys of a query makes no difference
        before = at <= at[:, None]
        wanted = rows[:, None].expand(-1, 12, -1)
        torch.testing.assert_close(shifted[:, before], wanted[:, before])


def test_on_a_map_it_is_that_of_swin() -> None:
    swin = import_torchvision().models.swin_transformer
    peer = swin.ShiftedWindowAttention(12, [4, 4], [0, 0], 3)
    table = torch.randn(3, 49)
    peer.relative_position_bias_table.data.copy_(table.T)
    found = bias_of(RelativePositionBias(3), Image(12, 4, 4), table=table)
    assert torch.equal(found, peer.get_relative_position_bias()[0])


def test_the_mlp_of_offsets_is_that_of_swin_v2() -> None:
    swin = import_torchvision().models.swin_transformer
    peer = swin.ShiftedWindowAttentionV2(12, [4, 4], [0, 0], 3)
    first, _, second = peer.cpb_mlp
    weights = {"fc1.weight": first.weight, "fc1.bias": first.bias, "fc2.weight": second.weight}
    found = bias_of(ContinuousPositionBias(3), Image(12, 4, 4), **weights)
    torch.testing.assert_close(found, peer.get_relative_position_bias()[0])


@pytest.mark.parametrize("stride", [1, 2])
def test_distances_are_those_of_levit(stride: int) -> None:
    timm = pytest.importorskip("timm.models.levit")
    table = torch.randn(3, 36)
    peer: Any
    if stride == 1:
        peer = timm.Attention(12, 4, num_heads=3, resolution=(6, 6))
    else:
        peer = timm.AttentionDownsample(12, 12, 4, num_heads=3, resolution=(6, 6))
    peer.attention_biases.data.copy_(table)
    wanted = peer.get_attention_biases(torch.device("cpu"))
    op = RelativePositionBias(3, absolute=True, stride=stride)
    assert torch.equal(bias_of(op, Image(12, 6, 6), table=table), wanted)


def test_a_table_serves_shorter_sequences() -> None:
    op = RelativePositionBias(2)
    built = Built(op, X)
    long, short = built.tensors(1)[0], built.tensors(1)[0][:, :5]
    assert torch.equal(built.run(long)[..., :5, :5], built.run(short))


def test_they_are_spelled_by_what_they_know() -> None:
    assert module(Alibi(8), X) == "Alibi(heads=8)"
    assert module(RelativePositionBias(8), X) == "RelativePositionBias(heads=8, length=12)"
    strided = RelativePositionBias(8, absolute=True, stride=2)
    assert module(strided, MAP) == "RelativeDistanceBias2d(heads=8, height=5, width=4, stride=2)"
    plain = module(BucketedPositionBias(8), X)
    assert plain == "BucketedPositionBias(heads=8, length=12)"


def test_what_they_cannot_do_is_refused() -> None:
    refuses(RelativePositionBias(8, stride=2), X, words="stride=2 is that of queries on a map")
    refuses(RelativePositionBias(8), Vector(3), words="cannot take a vector (3)")
    refuses(Alibi(8), MAP, words="alibi cannot take an image")
    refuses(ContinuousPositionBias(8), X, words="continuous_position_bias cannot take a sequence")
    few = BucketedPositionBias(8, buckets=3)
    refuses(few, X, words="buckets=3 cannot be shared out", argument="buckets", replacement="4")
    near = BucketedPositionBias(8, max_distance=8)
    refuses(near, X, words="distances up to 8 have buckets of their own", argument="max_distance")
