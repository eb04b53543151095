"""``segment_embedding`` adds the vector of the first segment and keeps those of the others."""

from __future__ import annotations

from archdsl.ops.sequence.segment_embedding import SegmentEmbedding
from archdsl.types import Image, Sequence
from tests.ops.against_torch import agrees, refuses


def test_it_adds_the_first_segments_vector_to_each_position() -> None:
    agrees(SegmentEmbedding(2), Sequence(7, 6), reference=lambda m, x: x + m.weight[0])


def test_it_holds_a_vector_for_each_segment() -> None:
    assert SegmentEmbedding(3).params(Sequence(7, 6)) == 18


def test_it_takes_sequences_alone() -> None:
    refuses(SegmentEmbedding(2), Image(3, 8, 8), words="segment_embedding cannot take an image")
