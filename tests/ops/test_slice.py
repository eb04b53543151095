"""``slice`` takes some of the channels."""

from __future__ import annotations

import pytest

from archdsl.ops.plumbing.slice import Slice
from archdsl.types import Image, Sequence, TensorType, Tokens, Vector, Volume
from tests.cost.conftest import graph_of, model
from tests.ops.activations import KINDS
from tests.ops.against_torch import agrees, refuses


@pytest.mark.parametrize("x", KINDS)
@pytest.mark.parametrize("op", [Slice(0, 1), Slice(1), Slice(0, 2, step=2)])
def test_it_does_what_it_foretold(op: Slice, x: TensorType) -> None:
    agrees(op, x)


def test_it_takes_what_python_takes() -> None:
    agrees(Slice(2, 5), Image(6, 5, 7), reference=lambda x: x.narrow(1, 2, 3))
    agrees(Slice(2, 5), Sequence(7, 6), reference=lambda x: x.narrow(2, 2, 3))
    agrees(Slice(1, 6, 2), Vector(6), reference=lambda x: x[:, [1, 3, 5]])


def test_along_the_length_it_takes_positions() -> None:
    op = Slice(2, 5, axis="length")
    assert op.infer(Sequence(7, 6)) == Sequence(3, 6)
    agrees(op, Sequence(7, 6), reference=lambda x: x.narrow(1, 2, 3))


AXES = [
    (Image(6, 5, 7), "height", 2, Image(6, 3, 7)),
    (Image(6, 5, 7), "width", 3, Image(6, 5, 3)),
    (Volume(2, 6, 5, 7), "depth", 2, Volume(2, 3, 5, 7)),
    (Volume(2, 6, 5, 7), "height", 3, Volume(2, 6, 3, 7)),
    (Volume(2, 6, 5, 7), "width", 4, Volume(2, 6, 5, 3)),
]


@pytest.mark.parametrize(("x", "axis", "dim", "out"), AXES)
def test_along_an_axis_of_an_image_it_takes_positions(
    x: TensorType, axis: str, dim: int, out: TensorType
) -> None:
    op = Slice(2, 5, axis=axis)
    assert op.infer(x) == out
    agrees(op, x, reference=lambda tensor: tensor.narrow(dim, 2, 3))


def test_a_stop_beyond_the_end_is_refused() -> None:
    words = "stop=80 is beyond the 64 channels"
    refuses(Slice(0, 80), Image(64, 5, 7), words=words, argument="stop", replacement="64")


def test_nothing_is_refused() -> None:
    words = "nothing lies from 8 up to 8 of the 64 channels"
    refuses(Slice(8, 8), Image(64, 5, 7), words=words, argument="start")


def test_only_a_sequence_has_a_length() -> None:
    words = "slice(axis=length) cannot take a vector (9)"
    refuses(Slice(0, 2, axis="length"), Vector(9), words=words)


def test_an_image_has_no_length_and_no_depth() -> None:
    for axis in ("length", "depth"):
        words = f"slice(axis={axis}) cannot take an image (6×5×7)"
        refuses(Slice(0, 2, axis=axis), Image(6, 5, 7), words=words)


def test_token_ids_are_refused() -> None:
    refuses(Slice(0, 2), Tokens(12, 100), words="slice cannot take token ids (12)")


def test_an_axis_may_be_called_as_a_metric_or_a_parameter_is() -> None:
    model("slice(0, 1, axis=depth) -> flatten", "volume(1, 4, 4, 3)")
    text = (
        "block a(width) = slice(0, width, axis=width) arch B { data image(3, 4, 4) model = a(2) }"
    )
    assert graph_of(text).model.out == Image(3, 4, 2)
