"""``position_embedding`` adds to each position what tells where it stands."""

from __future__ import annotations

import math

import pytest
import torch

from archdsl.ops.sequence.position_embedding import PositionEmbedding
from archdsl.types import Image, Sequence, Tokens
from tests.ops.against_torch import Built, agrees, module, refuses


def test_a_learned_table_is_added() -> None:
    agrees(PositionEmbedding(), Sequence(5, 6), reference=lambda m, x: x + m.weight)


def test_a_table_may_serve_longer_sequences() -> None:
    op = PositionEmbedding(positions=512)
    agrees(op, Sequence(128, 8), reference=lambda m, x: x + m.weight[:128])
    assert op.params(Sequence(128, 768)) == 512 * 768


def test_positions_may_begin_behind_rows_that_serve_none() -> None:
    op = PositionEmbedding(positions=512, offset=2)
    agrees(op, Sequence(128, 8), reference=lambda m, x: x + m.weight[2:130])
    assert op.params(Sequence(128, 768)) == 514 * 768  # as RoBERTa has them
    spelled = module(op, Sequence(128, 768))
    assert spelled == "OffsetPositionEmbedding(512, 768, offset=2)"
    words = "offset=2 leaves out rows of a learned table, and waves have none"
    refuses(PositionEmbedding("sinusoidal", offset=2), Sequence(4, 6), words=words)


@pytest.mark.parametrize("positions", [None, 9])
def test_waves_are_those_of_the_paper(positions: int | None) -> None:
    op = PositionEmbedding("sinusoidal", positions)
    built = agrees(op, Sequence(5, 6))
    waves = built.run(torch.zeros(1, 5, 6))[0]
    for position in range(5):
        for pair in range(3):
            angle = position / 10000 ** (2 * pair / 6)
            expected = torch.tensor([math.sin(angle), math.cos(angle)])
            torch.testing.assert_close(waves[position, 2 * pair : 2 * pair + 2], expected)


def test_waves_are_not_part_of_a_checkpoint() -> None:
    built = Built(PositionEmbedding("sinusoidal"), Sequence(5, 6))
    assert built.module is not None
    assert not built.module.state_dict()


def test_it_is_spelled_by_its_sizes() -> None:
    spelled = module(PositionEmbedding(positions=512), Sequence(128, 768))
    assert spelled == "PositionEmbedding(512, 768)"
    spelled = module(PositionEmbedding("sinusoidal"), Sequence(128, 768))
    assert spelled == "SinusoidalPositions(128, 768)"


def test_rotary_positions_belong_to_attention() -> None:
    words = "rotary positions are not added to a sequence"
    error = refuses(PositionEmbedding("rotary"), Sequence(5, 6), words=words, argument="kind")
    assert error.help.endswith("attention(…, rotary=true)")


def test_the_table_is_as_long_as_the_sequence() -> None:
    words = "positions=64 are too few for a sequence of length 128"
    refuses(PositionEmbedding(positions=64), Sequence(128, 8), words=words, replacement="128")


def test_waves_need_an_even_number_of_features() -> None:
    words = "so they do not fit 7 features"
    op = PositionEmbedding("sinusoidal")
    refuses(op, Sequence(5, 7), words=words, replacement="learned")


def test_only_sequences_are_taken() -> None:
    words = "position_embedding cannot take an image (8×4×4)"
    refuses(PositionEmbedding(), Image(8, 4, 4), words=words)
    error = refuses(PositionEmbedding(), Tokens(5, 9), words="cannot take token ids (5)")
    assert error.help == "give tokens an embedding first"
