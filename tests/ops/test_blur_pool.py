"""``blur_pool`` is timm's BlurPool2d, on volumes and sequences too."""

from __future__ import annotations

import pytest
import torch

import archdsl
from archdsl.ops.pooling.blur_pool import BlurPool
from archdsl.types import Grid, Image, Sequence, Vector, Volume, shape
from tests import peers
from tests.ops.against_torch import Built, agrees, module, refuses

CASES = [
    (BlurPool(), Image(3, 9, 8)),
    (BlurPool(5, stride=1), Image(2, 7, 3)),
    (BlurPool(7, stride=(2, 3), mode="replicate"), Image(2, 1, 9)),
    (BlurPool(3, stride=3, mode="zeros"), Image(2, 1, 7)),
    (BlurPool(5, mode="circular"), Volume(2, 4, 5, 2)),
    (BlurPool(5), Sequence(6, 4)),
]


@pytest.mark.parametrize(("op", "x"), CASES)
def test_it_does_what_it_foretold(op: BlurPool, x: Grid) -> None:
    agrees(op, x)


THEIRS = [(3, 2, "reflect"), (5, 1, "reflect"), (7, 2, "reflect"), (3, 2, "zeros")]


@pytest.mark.parametrize(("kernel", "stride", "mode"), THEIRS)
def test_it_is_timms(kernel: int, stride: int, mode: str) -> None:
    peers.import_torchvision()
    from timm.layers import BlurPool2d

    pad_mode = "constant" if mode == "zeros" else mode
    theirs = BlurPool2d(4, filt_size=kernel, stride=stride, pad_mode=pad_mode)
    ours = Built(BlurPool(kernel, stride=stride, mode=mode), Image(4, 9, 6))
    x = torch.randn(2, 4, 9, 6)
    torch.testing.assert_close(ours.run(x), theirs(x), rtol=1e-6, atol=1e-6)


def test_what_is_the_same_everywhere_stays_as_it_is() -> None:
    for op, x in CASES:
        if op.mode != "zeros":
            out = Built(op, x).run(torch.ones(1, *shape(x)))
            torch.testing.assert_close(out, torch.ones(out.shape))


def test_it_is_spelled_without_defaults() -> None:
    assert module(BlurPool(), Image(3, 8, 8)) == "BlurPool2d(3)"
    spelled = module(BlurPool(5, stride=(1, 2), mode="zeros"), Image(3, 8, 8))
    assert spelled == "BlurPool2d(3, kernel_size=5, stride=(1, 2), mode='constant')"


def test_its_filter_is_not_part_of_a_checkpoint() -> None:
    built = Built(BlurPool(), Image(3, 8, 8))
    assert built.module is not None
    assert not built.module.state_dict()


def test_an_even_kernel_is_refused() -> None:
    words = "kernel=4 has no middle"
    refuses(BlurPool(4), Image(3, 8, 8), words=words, argument="kernel", replacement="3")


def test_a_kernel_reaches_no_further_than_its_borders_are_copied() -> None:
    words = "kernel=7 reads 3 beyond the border, and mode=reflect cannot pad a 3×3×8 image by that"
    refuses(BlurPool(7), Image(3, 3, 8), words=words, argument="kernel", replacement="5")
    error = refuses(BlurPool(), Image(3, 1, 8), words="mode=reflect", argument="mode")
    assert error.needed == "mode=zeros or replicate"
    agrees(BlurPool(mode="replicate"), Image(3, 1, 8))


def test_vectors_are_refused() -> None:
    refuses(BlurPool(), Vector(9), words="blur_pool cannot take a vector (9)")


def test_rows_of_different_lengths_end_in_zeros() -> None:
    text = "arch A {{ data series(9, 4, padded=true) model = blur_pool({}) -> mean_over }}"
    (refused,) = archdsl.check(text.format("")).diagnostics
    assert (refused.code, refused.needed[:10]) == ("E302", "mode=zeros")
    padded = archdsl.compile(text.format("5, mode=zeros")).module()
    plain = archdsl.compile("arch A { data series(6, 4) model = blur_pool(5, mode=zeros) }")
    x = torch.randn(1, 9, 4)
    found = padded(x, torch.tensor([6]))
    torch.testing.assert_close(found, plain.module()(x[:, :6]).mean(dim=1))
