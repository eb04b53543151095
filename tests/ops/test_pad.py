"""``pad`` puts zeros or copies around."""

from __future__ import annotations

import pytest
import torch.nn.functional as F

from archdsl.ops.plumbing.pad import Pad
from archdsl.types import Grid, Image, Sequence, Vector, Volume
from tests.ops.against_torch import agrees, module, refuses

MODES = ["zeros", "reflect", "replicate", "circular"]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("x", [Image(3, 5, 7), Volume(2, 3, 4, 5), Sequence(7, 4)])
def test_it_does_what_it_foretold(mode: str, x: Grid) -> None:
    agrees(Pad(1, mode=mode), x)
    agrees(Pad(2, after=0, mode=mode), x)


def test_it_computes_what_the_function_computes() -> None:
    agrees(Pad((1, 2), (3, 0)), Image(3, 5, 7), reference=lambda x: F.pad(x, (2, 0, 1, 3)))
    agrees(Pad(2, 0), Sequence(5, 4), reference=lambda x: F.pad(x.mT, (2, 0)).mT)


def test_it_is_spelled_as_a_module_too() -> None:
    assert module(Pad(1), Image(3, 5, 7)) == "nn.ZeroPad2d(1)"
    assert module(Pad(0, after=1), Image(3, 5, 7)) == "nn.ZeroPad2d((0, 1, 0, 1))"
    assert module(Pad(3, mode="reflect"), Image(3, 5, 7)) == "nn.ReflectionPad2d(3)"


def test_there_must_be_enough_to_copy() -> None:
    words = "mode=reflect cannot pad a 3×4×4 image by 4"
    error = refuses(Pad(4, mode="reflect"), Image(3, 4, 4), words=words)
    assert error.needed == "at most 3"
    words = "mode=circular cannot pad a 3×4×4 image by 5"
    refuses(Pad(1, after=5, mode="circular"), Image(3, 4, 4), words=words)


def test_each_axis_has_a_bound_of_its_own() -> None:
    wide = Image(3, 4, 9)
    agrees(Pad((3, 8), mode="reflect"), wide)
    agrees(Pad((0, 9), mode="circular"), wide)
    error = refuses(Pad((4, 8), mode="reflect"), wide, words="by 4", argument="before")
    assert error.needed == "at most 3×8"
    refuses(Pad(1, after=(5, 0), mode="circular"), wide, words="by 5", argument="after")


def test_an_extent_has_as_many_sizes_as_the_input_has_axes() -> None:
    words = "before=size(1, 7) has 2 sizes where there is 1 axis"
    refuses(Pad((1, 7)), Sequence(9, 4), words=words, argument="before")


def test_vectors_are_refused() -> None:
    refuses(Pad(1), Vector(9), words="pad cannot take a vector (9)")


def test_less_than_nothing_takes_a_border_away() -> None:
    assert Pad(-1).infer(Image(3, 6, 7)) == Image(3, 4, 5)
    agrees(Pad(-1), Image(3, 6, 7), reference=lambda x: x[..., 1:-1, 1:-1])
    agrees(Pad((-1, 2), (0, -3)), Image(3, 6, 7))
    agrees(Pad(-2, 0), Sequence(7, 4), reference=lambda x: x[:, 2:])


def test_nothing_is_taken_from_what_is_copied_nor_all_there_is() -> None:
    error = refuses(Pad(-1, mode="reflect"), Image(3, 6, 7), words="takes nothing away")
    assert error.argument == "before"
    refuses(Pad(1, -1, "circular"), Image(3, 6, 7), words="takes nothing", argument="after")
    refuses(Pad(-3), Image(3, 6, 7), words="nothing is left of a 3×6×7 image")
