"""``conv`` is PyTorch's convolution in 1, 2 and 3 dimensions."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F

from archdsl.ops.convolution.conv import Conv
from archdsl.types import Image, Sequence, Tokens, Vector, Volume
from tests.ops.against_torch import Built, agrees, module, refuses

CASES = [
    (Conv(8, 3), Image(3, 9, 11)),
    (Conv(8, 7, stride=2, bias=False), Image(3, 15, 14)),
    (Conv(8, (1, 5), padding=(0, 2)), Image(4, 5, 9)),
    (Conv(8, 3, dilation=2, groups=2), Image(4, 9, 9)),
    (Conv(6, 3, groups=6, stride=(1, 2)), Image(6, 7, 8)),
    (Conv(8, 4, stride=4), Image(3, 10, 8)),
    (Conv(8, 2), Image(3, 5, 5)),
    (Conv(8, 3), Sequence(7, 5)),
    (Conv(8, 5, stride=2, groups=2, bias=False), Sequence(11, 4)),
    (Conv(4, 3, stride=2), Volume(2, 5, 6, 7)),
    (Conv(8, 3, weights="weight_norm"), Image(3, 9, 9)),
    (Conv(8, (1, 3), groups=2, bias=False, weights="weight_norm"), Image(4, 5, 9)),
    (Conv(8, 3, stride=2, groups=2, weights="spectral_norm"), Image(4, 9, 9)),
    (Conv(6, 3, weights="spectral_norm"), Sequence(7, 5)),
    (Conv(4, 2, weights="weight_norm"), Volume(2, 5, 6, 7)),
]


@pytest.mark.parametrize(("op", "x"), CASES)
def test_a_convolution_does_what_it_foretold(op: Conv, x: Image | Sequence | Volume) -> None:
    agrees(op, x)


def test_it_computes_what_the_function_computes() -> None:
    agrees(
        Conv(8, 3, stride=2, bias=False),
        Image(3, 9, 8),
        reference=lambda m, x: F.conv2d(x, m.weight, stride=2, padding=1),
    )


def test_on_a_sequence_it_slides_over_the_length() -> None:
    agrees(
        Conv(8, 3),
        Sequence(9, 4),
        reference=lambda m, x: F.conv1d(x.mT, m.weight, m.bias, padding=1).mT,
    )


def test_odd_kernels_keep_the_size_or_halve_it() -> None:
    for kernel in (1, 3, 5, 7):
        assert Conv(8, kernel).infer(Image(3, 56, 56)) == Image(8, 56, 56)
        assert Conv(8, kernel, stride=2).infer(Image(3, 56, 56)) == Image(8, 28, 28)


def test_it_is_spelled_without_defaults() -> None:
    spelled = module(Conv(64, 7, stride=2, bias=False), Image(3, 224, 224))
    assert spelled == "nn.Conv2d(3, 64, kernel_size=7, stride=2, padding=3, bias=False)"
    assert module(Conv(8, 1), Image(3, 4, 4)) == "nn.Conv2d(3, 8, kernel_size=1)"
    factored = module(Conv(8, (1, 7)), Image(3, 9, 9))
    assert factored == "nn.Conv2d(3, 8, kernel_size=(1, 7), padding=(0, 3))"


def test_weights_are_made_by_the_function_of_that_name() -> None:
    spelled = module(Conv(8, 3, weights="spectral_norm"), Image(3, 9, 9))
    assert spelled == "spectral_norm(nn.Conv2d(3, 8, kernel_size=3, padding=1))"
    built = Built(Conv(8, 3, bias=False, weights="spectral_norm"), Image(3, 9, 9))
    assert built.module is not None
    built.module(torch.randn(20, 3, 9, 9))
    largest = torch.linalg.matrix_norm(built.module.weight.flatten(1), ord=2)
    torch.testing.assert_close(largest, torch.tensor(1.0), atol=0.05, rtol=0.0)


def test_a_kernel_larger_than_the_padded_input_is_refused() -> None:
    error = refuses(
        Conv(8, 7, padding=0),
        Image(3, 4, 4),
        words="kernel 7 does not fit a 4×4 map",
        argument="kernel",
    )
    assert error.needed == "a map of at least 7×7"
    words = "kernel 3 (reaching 9) does not fit a sequence of length 5"
    refuses(Conv(8, 3, dilation=4, padding=0), Sequence(5, 4), words=words)


def test_groups_must_divide_the_channels() -> None:
    words = "groups=3 does not divide 64 channels; 2 or 4 do"
    refuses(Conv(64, 3, groups=3), Image(64, 8, 8), words=words, argument="groups")
    words = "groups=4 does not divide 6 channels out; 2 does"
    refuses(Conv(6, 3, groups=4), Image(8, 8, 8), words=words, replacement="2")


def test_an_extent_has_as_many_sizes_as_the_input_has_axes() -> None:
    words = "kernel=size(1, 7) has 2 sizes where there is 1 axis"
    refuses(Conv(8, (1, 7)), Sequence(9, 4), words=words, argument="kernel")


def test_other_kinds_are_refused() -> None:
    refuses(Conv(8, 3), Vector(128), words="conv cannot take a vector (128)")
    error = refuses(Conv(8, 3), Tokens(12, 100), words="conv cannot take token ids (12)")
    assert error.help == "give tokens an embedding first"
