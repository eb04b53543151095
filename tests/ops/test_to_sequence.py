"""``to_sequence`` makes a sequence of an image's positions."""

from __future__ import annotations

from archdsl.ops.plumbing.to_sequence import ToSequence
from archdsl.types import Image, Sequence, Vector, Volume
from tests.ops.against_torch import agrees, refuses


def test_it_does_what_it_foretold() -> None:
    assert ToSequence().infer(Image(3, 5, 7)) == Sequence(35, 3)
    agrees(ToSequence(), Image(3, 5, 7), reference=lambda x: x.movedim(1, -1).reshape(-1, 35, 3))
    agrees(ToSequence(), Volume(2, 3, 4, 5))


def test_vectors_are_refused() -> None:
    refuses(ToSequence(), Vector(9), words="to_sequence cannot take a vector (9)")
