"""``to_image`` lays a sequence out as an image."""

from __future__ import annotations

from archdsl.ops.plumbing.to_image import ToImage
from archdsl.ops.plumbing.to_sequence import ToSequence
from archdsl.types import Image, Sequence, Vector
from tests.ops.against_torch import agrees, refuses


def test_it_does_what_it_foretold() -> None:
    agrees(
        ToImage(5, 7),
        Sequence(35, 3),
        reference=lambda x: x.reshape(-1, 5, 7, 3).movedim(-1, 1),
    )


def test_it_undoes_to_sequence() -> None:
    assert ToImage(5, 7).infer(ToSequence().infer(Image(3, 5, 7))) == Image(3, 5, 7)


def test_another_length_is_refused() -> None:
    words = "5×7 is 35 positions and the sequence has 36"
    error = refuses(ToImage(5, 7), Sequence(36, 3), words=words, argument="height")
    assert error.needed == "height·width = 36"


def test_vectors_are_refused() -> None:
    refuses(ToImage(3, 3), Vector(9), words="to_image cannot take a vector (9)")
