"""``position_embedding`` adds to each position what tells where it stands."""

from __future__ import annotations

import math

import pytest
import torch

import archdsl
from archdsl.ops.sequence.position_embedding import PositionEmbedding
from archdsl.types import Image, Sequence, Tokens, Vector
from tests import peers
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


def test_waves_may_be_numbered_from_another_position_on() -> None:
    later = Built(PositionEmbedding("sinusoidal", offset=2), Sequence(5, 6))
    longer = Built(PositionEmbedding("sinusoidal"), Sequence(7, 6))
    x = torch.randn(1, 7, 6)
    torch.testing.assert_close(later.run(x[:, 2:]), longer.run(x)[:, 2:])
    assert module(later.op, Sequence(5, 6)) == "SinusoidalPositions(5, 6, offset=2)"


@pytest.mark.parametrize(("normalize", "offset"), [(False, 1), (True, 0)])
def test_waves_of_a_map_are_those_of_detr(normalize: bool, offset: int) -> None:
    peers.import_torchvision()
    from transformers.models.detr.modeling_detr import DetrSinePositionEmbedding

    x = torch.randn(2, 12, 5, 7)
    theirs = DetrSinePositionEmbedding(6, normalize=normalize)(x.shape, "cpu", x.dtype)
    op = PositionEmbedding("sinusoidal", offset=offset, normalize=normalize)
    built = agrees(op, Image(12, 5, 7), reference=lambda m, given: given + m.waves)
    torch.testing.assert_close(built.run(x), x + theirs, rtol=1e-5, atol=1e-5)


ENCODER = """arch A {
  data image(16, 5, 7)
  model {
    let place = constant(0) -> position_embedding(sinusoidal, normalize=true) -> to_sequence
    let seen = x -> to_sequence
    let k = add(seen, place) -> linear(16)
    let v = seen -> linear(16)
    let q = add(seen, place) -> linear(16)
    let attended = add(seen, dot_product_attention(q, k, v, heads=2) -> linear(16)) -> layer_norm
    return add(attended, attended -> mlp(32, act=relu)) -> layer_norm
  }
}"""


def test_a_layer_of_detr_adds_waves_to_queries_and_keys_alone() -> None:
    peers.import_torchvision()
    from transformers import DetrConfig
    from transformers.models.detr import modeling_detr as detr

    sizes = {"d_model": 16, "encoder_ffn_dim": 32, "encoder_attention_heads": 2}
    theirs = detr.DetrEncoderLayer(DetrConfig(**sizes, attn_implementation="eager")).eval()
    ours = archdsl.compile(ENCODER).module().eval()
    for own, other in zip(ours.parameters(), theirs.parameters(), strict=True):
        own.data = other.data
    x = torch.randn(2, 16, 5, 7)
    place = detr.DetrSinePositionEmbedding(8, normalize=True)(x.shape, "cpu", x.dtype)
    seen, place = (tensor.flatten(2).transpose(1, 2) for tensor in (x, place))
    torch.testing.assert_close(ours(x), theirs(seen, None, place), rtol=1e-5, atol=1e-5)


def test_waves_of_a_map_are_rows_first() -> None:
    built = Built(PositionEmbedding("sinusoidal"), Image(8, 3, 5))
    waves = built.run(torch.zeros(1, 8, 3, 5))[0]
    assert waves[:4].std(dim=2).max() == 0
    assert waves[4:].std(dim=1).max() == 0
    torch.testing.assert_close(waves[4:, 0, :3], waves[:4, :, 0])


def test_waves_are_not_part_of_a_checkpoint() -> None:
    for x in (Sequence(5, 6), Image(8, 3, 5)):
        built = Built(PositionEmbedding("sinusoidal"), x)
        assert built.module is not None
        assert not built.module.state_dict()


def test_it_is_spelled_by_its_sizes() -> None:
    spelled = module(PositionEmbedding(positions=512), Sequence(128, 768))
    assert spelled == "PositionEmbedding(512, 768)"
    spelled = module(PositionEmbedding("sinusoidal"), Sequence(128, 768))
    assert spelled == "SinusoidalPositions(128, 768)"
    spelled = module(PositionEmbedding("sinusoidal", normalize=True), Image(256, 25, 34))
    assert spelled == "SinusoidalPositions2d(256, 25, 34, normalize=True)"


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


def test_waves_of_a_map_need_pairs_for_rows_and_for_columns() -> None:
    error = refuses(PositionEmbedding("sinusoidal"), Image(6, 4, 4), words="do not fit 6 channels")
    assert error.needed == "a multiple of 4 channels"


def test_parts_of_a_circle_are_those_of_a_map() -> None:
    words = "takes the rows and columns of an image for parts of 2π"
    for kind in ("learned", "sinusoidal"):
        op = PositionEmbedding(kind, normalize=True)
        refuses(op, Sequence(4, 6), words=words, argument="normalize", replacement="false")
    op = PositionEmbedding("sinusoidal", offset=1, normalize=True)
    refuses(op, Image(8, 4, 4), words="which offset=1 does not number", argument="offset")


def test_a_map_has_as_many_waves_as_rows_and_columns() -> None:
    op = PositionEmbedding("sinusoidal", positions=9)
    refuses(op, Image(8, 4, 4), words="positions=9 is the length of a sequence", replacement="auto")


def test_a_table_takes_only_sequences_and_waves_maps_too() -> None:
    words = "position_embedding cannot take an image (8×4×4)"
    error = refuses(PositionEmbedding(), Image(8, 4, 4), words=words)
    assert error.help.endswith("kind=sinusoidal takes it as it is")
    error = refuses(PositionEmbedding("sinusoidal"), Vector(8), words="cannot take a vector (8)")
    assert error.needed == "a sequence or an image"
    error = refuses(PositionEmbedding(), Tokens(5, 9), words="cannot take token ids (5)")
    assert error.help == "give tokens an embedding first"
