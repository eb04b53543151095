"""``group_norm`` is PyTorch's, over the channels of whatever kind of tensor."""

from __future__ import annotations

import pytest
import torch.nn.functional as F

from archdsl.ops.norm.group_norm import GroupNorm
from archdsl.types import Image, Nodes, Sequence, TensorType, Tokens, Vector, Volume, with_channels
from tests.ops.against_torch import agrees, module, refuses

KINDS = [
    Image(6, 5, 7),
    Volume(6, 3, 4, 5),
    Sequence(7, 6),
    Sequence(1, 6),
    Vector(6),
    Nodes(11, 6, 20),
]


@pytest.mark.parametrize("x", KINDS)
@pytest.mark.parametrize("op", [GroupNorm(3), GroupNorm(1, eps=1e-6, affine=False)])
def test_it_does_what_it_foretold(op: GroupNorm, x: TensorType) -> None:
    agrees(op, x)


def test_it_computes_what_the_function_computes() -> None:
    agrees(GroupNorm(3), Image(6, 5, 7), reference=lambda _, x: F.group_norm(x, 3))
    agrees(GroupNorm(3), Sequence(7, 6), reference=lambda _, x: F.group_norm(x.mT, 3).mT)


def test_it_is_spelled_without_defaults() -> None:
    assert module(GroupNorm(8), Image(64, 5, 7)) == "nn.GroupNorm(8, 64)"


def test_groups_must_divide_the_channels() -> None:
    words = "groups=5 does not divide 64 channels; 4 or 8 do"
    refuses(GroupNorm(5), Image(64, 5, 7), words=words, argument="groups")
    words = "groups=80 does not divide 64 channels; 64 does"
    refuses(GroupNorm(80), Image(64, 5, 7), words=words, replacement="64")


@pytest.mark.parametrize("x", [Vector(6), Sequence(1, 6), Image(6, 1, 1), Nodes(11, 6, 20)])
def test_groups_of_one_value_are_refused(x: TensorType) -> None:
    words = "over groups of one value each"
    error = refuses(GroupNorm(6), x, words=words, argument="groups")
    assert error.help == "`group_norm(3)` has 2 in each"
    agrees(GroupNorm(3), x)
    refuses(GroupNorm(1), with_channels(x, 1), words="over one value")


def test_positions_are_values_too() -> None:
    agrees(GroupNorm(6), Image(6, 1, 2))


def test_token_ids_are_refused() -> None:
    refuses(GroupNorm(2), Tokens(12, 100), words="group_norm cannot take token ids (12)")


def test_a_number_without_divisors_in_sight_is_refused_at_once() -> None:
    words = f"does not divide {10**18 + 9} channels; 1 or {10**18 + 9} do"
    refuses(GroupNorm(5 * 10**17), Vector(10**18 + 9), words=words)
