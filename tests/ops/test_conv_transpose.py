"""``conv_transpose`` is PyTorch's in 1, 2 and 3 dimensions."""

from __future__ import annotations

import pytest
import torch.nn.functional as F

from archdsl.ops.convolution.conv_transpose import ConvTranspose
from archdsl.types import Grid, Image, Sequence, Vector, Volume
from tests.ops.against_torch import agrees, module, refuses

CASES = [
    (ConvTranspose(8, 2, stride=2), Image(3, 5, 7)),
    (ConvTranspose(8, 4, stride=2, bias=False), Image(4, 5, 6)),
    (ConvTranspose(8, 3, stride=2, output_padding=1), Image(4, 5, 6)),
    (ConvTranspose(8, 3, groups=4), Image(4, 5, 6)),
    (ConvTranspose(8, (1, 4), stride=(1, 2), groups=2, padding=0), Image(4, 5, 6)),
    (ConvTranspose(8, 4, stride=2), Sequence(9, 4)),
    (ConvTranspose(8, 3, dilation=2, groups=2), Image(4, 5, 6)),
    (ConvTranspose(4, 3, stride=2, dilation=(3, 4), output_padding=2, bias=False), Image(4, 5, 6)),
    (ConvTranspose(6, 3, groups=2, weights="weight_norm"), Image(4, 5, 6)),
    (ConvTranspose(6, 4, stride=2, weights="spectral_norm"), Sequence(9, 4)),
    (ConvTranspose(4, 3, stride=2), Volume(2, 3, 4, 5)),
]


@pytest.mark.parametrize(("op", "x"), CASES)
def test_it_does_what_it_foretold(op: ConvTranspose, x: Grid) -> None:
    agrees(op, x)


def test_it_computes_what_the_function_computes() -> None:
    agrees(
        ConvTranspose(8, 4, stride=2, bias=False),
        Image(3, 5, 7),
        reference=lambda m, x: F.conv_transpose2d(x, m.weight, stride=2, padding=1),
    )


def test_even_kernels_double_the_size_at_stride_two() -> None:
    for kernel in (2, 4, 6):
        assert ConvTranspose(8, kernel, stride=2).infer(Image(3, 14, 7)) == Image(8, 28, 14)


def test_an_output_position_reads_kernel_over_stride_positions() -> None:
    assert ConvTranspose(8, 4, stride=2).window(Image(3, 14, 7)) == (2, 1)


def test_it_is_spelled_without_defaults() -> None:
    spelled = module(ConvTranspose(8, 2, stride=2), Image(3, 8, 8))
    assert spelled == "nn.ConvTranspose2d(3, 8, kernel_size=2, stride=2)"


def test_output_padding_must_be_below_the_stride() -> None:
    words = "output_padding 2 is not below stride 2"
    op = ConvTranspose(8, 3, stride=2, output_padding=2)
    refuses(op, Image(3, 8, 8), words=words, argument="output_padding")
    words = "output_padding 3 is not below stride 2 or dilation 3"
    op = ConvTranspose(8, 3, stride=2, dilation=3, output_padding=3)
    refuses(op, Image(3, 8, 8), words=words, needed="less than the stride or the dilation")


def test_padding_must_leave_something() -> None:
    words = "padding 3 leaves nothing of a 3×2×2 image"
    refuses(ConvTranspose(8, 3, padding=3), Image(3, 2, 2), words=words, argument="padding")


def test_groups_must_divide_the_channels() -> None:
    words = "groups=3 does not divide 64 channels; 2 or 4 do"
    refuses(ConvTranspose(64, 3, groups=3), Image(64, 8, 8), words=words, argument="groups")


def test_an_extent_has_as_many_sizes_as_the_input_has_axes() -> None:
    words = "stride=size(1, 2, 3) has 3 sizes where there are 2 axes"
    op = ConvTranspose(8, 3, stride=(1, 2, 3))
    refuses(op, Image(3, 9, 9), words=words, argument="stride")


def test_vectors_are_refused() -> None:
    refuses(ConvTranspose(8, 3), Vector(9), words="conv_transpose cannot take a vector (9)")


def test_output_padding_is_what_a_skip_needs() -> None:
    op, x = ConvTranspose(3, 3, 2, 1), Image(4, 8, 5)
    for like in (Image(7, 15, 9), Image(7, 16, 9), Image(7, 16, 10)):
        assert op.infer(x, like) == like._replace(channels=3)
        agrees(op, x, like)
    agrees(ConvTranspose(3, 2, 2), Sequence(7, 4), Sequence(15, 2))


def test_a_size_that_no_output_padding_gives_is_refused() -> None:
    op, x = ConvTranspose(3, 3, 2, 1), Image(4, 8, 5)
    words = "no output_padding makes a 4×8×5 image as large as a 7×17×9 image"
    error = refuses(op, x, Image(7, 17, 9), words=words)
    assert error.needed == "a tensor of 15×9 to 16×10"
    op = ConvTranspose(3, 3, 2, 1, output_padding=1)
    refuses(op, x, Image(7, 15, 9), words="output_padding follows", argument="output_padding")
