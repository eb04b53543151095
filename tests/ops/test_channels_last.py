"""What ops are written as where the channels are the last axis does the same as otherwise."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from archdsl.types import Image, Volume
from tests.ops.against_torch import Built, foretold_bytes
from tests.ops.reading import CASES, Case

MAPS = (Image(2, 4, 3), Volume(2, 3, 2, 2))
OPTIONS: list[dict[str, Any]] = [
    {},
    {"bias": False},
    {"padding": "same", "dilation": 2},
    {"weights": "weight_norm"},
    {"weights": "spectral_norm"},
]
CONVOLUTIONS = [
    Case("conv", {"channels": 3, "kernel": 1, **more}, (x,)) for x in MAPS for more in OPTIONS
]
WRITTEN = [
    case
    for case in (*CASES, *CONVOLUTIONS)
    if len(case.takes) == 1
    and isinstance(case.takes[0], (Image, Volume))
    and case.op.channels_last(case.takes[0]) is not None
]
BATCH = 2


def both(case: Case) -> tuple[Built, Built]:
    """An op as it is written otherwise, and with the channels as the last axis: one set of
    numbers, in evaluation."""
    plain, last = Built(case.op, *case.takes), Built(case.op, *case.takes, channels_last=True)
    plain.train(False)
    last.train(False)
    if plain.module is not None and last.module is not None:
        weights = plain.module.state_dict()
        sizes = {name: tensor.shape for name, tensor in last.module.state_dict().items()}
        assert sizes.keys() == weights.keys()
        last.module.load_state_dict({n: w.reshape(sizes[n]) for n, w in weights.items()})
    return plain, last


@pytest.mark.parametrize("word", sorted({case.word for case in WRITTEN}))
def test_numbers_weights_and_costs_are_the_same(word: str) -> None:
    for case in (one for one in WRITTEN if one.word == word):
        plain, last = both(case)
        (x,) = last.tensors(BATCH)
        result = last.run(x).movedim(-1, 1)
        torch.testing.assert_close(result, plain.run(x.movedim(-1, 1)), equal_nan=True)  # of a root
        assert last.parameters == plain.parameters, case
        assert last.macs(BATCH) == BATCH * case.op.macs(*case.takes), case
        last.train(True)
        assert last.saved_bytes(BATCH) == foretold_bytes(case.op, *case.takes, batch=BATCH), case


def test_convolutions_norms_and_activations_are_written_so() -> None:
    words = {case.word for case in WRITTEN}
    assert words >= {"conv", "layer_norm", "rms_norm", "gelu", "glu", "dropout", "drop_path"}
    assert words >= {"layer_scale", "shift", "scale", "softmax", "prelu"}
    others = {"std_conv", "deform_conv", "batch_norm", "group_norm", "instance_norm"}
    assert not words & others


@pytest.mark.parametrize(
    "more", [{"kernel": 3}, {"stride": 2}, {"padding": 1}, {"groups": 2}, {"kernel": (1, 3)}]
)
def test_a_convolution_that_is_more_than_a_matrix_for_each_position_is_not(
    more: dict[str, Any],
) -> None:
    case = Case("conv", {"channels": 4, "kernel": 1, **more}, (Image(2, 1, 1),))
    assert case.op.channels_last(*case.takes) is None


def by_itself(case: Case) -> bool:
    return case.op.window(*case.takes) in (None, (1, 1))


def test_it_is_said_of_ops_alone_that_read_each_position_by_itself() -> None:
    assert [str(case) for case in WRITTEN if not by_itself(case)] == []
