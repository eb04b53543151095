"""``chunk`` gives equal parts along an axis."""

from __future__ import annotations

import pytest
import torch

from archdsl.ops.plumbing.chunk import Chunk
from archdsl.types import Image, Nodes, Outputs, Sequence, TensorType, Tokens, Vector
from tests.ops.against_torch import agrees, refuses
from tests.ops.emitted import module_of, text_of

CASES: list[tuple[Chunk, TensorType, int]] = [
    (Chunk(2), Image(4, 5, 6), 1),
    (Chunk(3, "width"), Image(4, 5, 6), 3),
    (Chunk(2, "length"), Sequence(8, 3), 1),
    (Chunk(3), Sequence(8, 3), 2),
    (Chunk(2, "features"), Vector(6), 1),
    (Chunk(2), Nodes(7, 4, 9), -1),
]


@pytest.mark.parametrize(("op", "x", "dim"), CASES)
def test_it_parts_as_pytorch_does(op, x, dim) -> None:
    assert len(op.infer(x).parts) == op.count
    agrees(op, x, reference=lambda tensor: tensor.chunk(op.count, dim))


def test_the_parts_are_equal() -> None:
    assert Chunk(2).infer(Image(4, 5, 6)) == Outputs((Image(2, 5, 6), Image(2, 5, 6)))


def test_a_model_may_end_in_it() -> None:
    assert "chunk(2, dim=1)" in text_of("conv(8, 3) -> chunk(2)", "image(3, 6, 6)")
    assert len(list(module_of("conv(9, 3) -> chunk(3)", "image(3, 6, 6)").children())) == 1


def test_counts_that_do_not_divide_are_refused() -> None:
    words = "count=3 does not divide 8 channels; 2 or 4 do"
    refuses(Chunk(3), Image(8, 5, 6), words=words, argument="count")
    refuses(Chunk(2, "height"), Sequence(8, 3), words="chunk(height) cannot take a sequence (8×3)")
    refuses(Chunk(2), Tokens(4, 9), words="chunk cannot take token ids (4)")


@pytest.mark.parametrize(("op", "x", "dim"), CASES)
def test_each_part_alone_is_that_of_pytorch(op, x, dim) -> None:
    for n, part in enumerate(op.apart(x)):
        assert part.infer(x) == op.infer(x).parts[n]
        agrees(part, x, reference=lambda tensor, n=n: tensor.chunk(op.count, dim)[n])


def test_a_let_takes_the_parts_apart() -> None:
    body = "{ let (a, b) = x -> chunk(2) return mul(a, b -> sigmoid) }"
    text = text_of(body, "image(4, 6, 6)")
    assert "a, b = x.chunk(2, dim=1)" in text
    given = torch.randn(2, 4, 6, 6)
    assert torch.equal(module_of(body, "image(4, 6, 6)")(given), torch.nn.functional.glu(given, 1))
