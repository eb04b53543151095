"""``matmul`` multiplies two matrices of each sample."""

from __future__ import annotations

import pytest
import torch

from archdsl.ops.merge.matmul import Matmul
from archdsl.types import Image, Sequence, TensorType, Tokens, Vector
from tests.ops.against_torch import agrees, refuses
from tests.ops.emitted import module_of, text_of

CASES: list[tuple[TensorType, TensorType, TensorType, int]] = [
    (Sequence(7, 4), Sequence(4, 5), Sequence(7, 5), 140),
    (Image(3, 7, 4), Image(3, 4, 5), Image(3, 7, 5), 420),
]


@pytest.mark.parametrize(("a", "b", "out", "macs"), CASES)
def test_it_multiplies_as_pytorch_does(a, b, out, macs) -> None:
    assert Matmul().infer(a, b) == out
    assert Matmul().macs(a, b) == macs
    agrees(Matmul(), a, b, reference=torch.matmul)


def test_the_second_may_be_turned() -> None:
    a, b = Sequence(7, 4), Sequence(5, 4)
    assert Matmul(transposed=True).infer(a, b) == Sequence(7, 5)
    agrees(Matmul(transposed=True), a, b, reference=lambda a, b: a @ b.mT)
    agrees(Matmul(transposed=True), Image(2, 3, 4), Image(2, 5, 4))


def test_attention_can_be_written_out() -> None:
    scores = "matmul(linear(4), linear(4), transposed=true) -> scale(0.5) -> softmax"
    module = module_of(f"matmul({scores}, linear(4))", "series(7, 6)")
    x = torch.randn(2, 7, 6)
    queries, keys, values = (linear(x) for linear in module.children())
    weights = (queries @ keys.mT * 0.5).softmax(-1)
    torch.testing.assert_close(module(x), weights @ values)


def test_its_operands_are_bracketed() -> None:
    text = text_of("matmul(x, add(x, relu), transposed=true)", "series(7, 6)")
    assert "x @ (x + F.relu(x)).mT" in text


def test_sizes_that_do_not_match_are_refused() -> None:
    words = "matmul cannot multiply a 7×4 sequence by a 5×4 sequence"
    error = refuses(Matmul(), Sequence(7, 4), Sequence(5, 4), words=words)
    assert error.help == "transposed=true turns the second"
    assert error.needed == "a second one of the same kind with 4 rows"
    refuses(Matmul(), Sequence(7, 4), Image(1, 4, 5), words="cannot multiply")
    refuses(Matmul(), Image(2, 7, 4), Image(3, 4, 5), words="cannot multiply")
    refuses(Matmul(), Tokens(4, 9), Vector(4), words="matmul cannot take token ids (4)")


def test_of_two_vectors_it_is_the_dot_product() -> None:
    assert Matmul().infer(Vector(4), Vector(4)) == Vector(1)
    assert Matmul().macs(Vector(4), Vector(4)) == 4
    dot = lambda a, b: torch.linalg.vecdot(a, b).unsqueeze(-1)  # noqa: E731
    agrees(Matmul(), Vector(4), Vector(4), reference=dot)


def test_vectors_that_do_not_match_are_refused() -> None:
    refuses(
        Matmul(), Vector(4), Vector(5), words="matmul cannot multiply a vector of 4 by a vector"
    )
    error = refuses(Matmul(), Vector(4), Sequence(7, 4), words="a vector of 4 by a 7×4 sequence")
    assert error.help == "reshape(4, length=1) makes a vector a sequence of one position"
    turned = Matmul(transposed=True)
    refuses(turned, Vector(4), Vector(4), words="turns a matrix", argument="transposed")
