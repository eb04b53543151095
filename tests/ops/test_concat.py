"""``concat`` puts branches side by side, or one after another."""

from __future__ import annotations

import pytest
import torch

from archdsl.ops.merge.concat import Concat
from archdsl.types import Image, Nodes, Sequence, TensorType, Tokens, Vector, Volume
from tests.ops.against_torch import agrees, refuses

CASES = [
    (Concat(), (Vector(9), Vector(4))),
    (Concat(), (Image(3, 5, 7), Image(2, 5, 7), Image(1, 5, 7))),
    (Concat(), (Volume(3, 5, 7, 2), Volume(2, 5, 7, 2))),
    (Concat(), (Sequence(7, 4), Sequence(7, 3))),
    (Concat(), (Nodes(7, 4, 9), Nodes(7, 3, 9))),
    (Concat(axis="length"), (Sequence(7, 4), Sequence(2, 4))),
]


@pytest.mark.parametrize(("op", "types"), CASES)
def test_it_does_what_it_foretold(op: Concat, types: tuple[TensorType, ...]) -> None:
    agrees(op, *types)


def test_channels_add_up() -> None:
    images = Image(3, 5, 7), Image(2, 5, 7)
    assert Concat().infer(*images) == Image(5, 5, 7)
    agrees(Concat(), *images, reference=lambda a, b: torch.cat([a, b], 1))


def test_branches_may_differ_in_channels_only() -> None:
    words = "concat cannot bring 8×5×7 image and 8×3×7 image together"
    refuses(Concat(), Image(8, 5, 7), Image(8, 3, 7), words=words)
    refuses(Concat(), Vector(8), Sequence(3, 8), words="8 vector and 3×8 sequence together")


def test_only_sequences_have_a_length() -> None:
    words = "concat(axis=length) cannot take a vector (8)"
    refuses(Concat(axis="length"), Sequence(3, 8), Vector(8), words=words)
    words = "concat cannot bring 3×8 sequence and 3×6 sequence together"
    error = refuses(Concat(axis="length"), Sequence(3, 8), Sequence(3, 6), words=words)
    assert error.needed == "inputs with equal features"


def test_token_ids_are_refused() -> None:
    refuses(Concat(), Tokens(4, 9), Tokens(4, 9), words="concat cannot take token ids (4)")
