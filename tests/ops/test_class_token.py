"""``class_token`` puts a learned position in front."""

from __future__ import annotations

import torch

from archdsl.ops.plumbing.class_token import ClassToken
from archdsl.types import Sequence, Vector
from tests.ops.against_torch import agrees, module, refuses


def test_it_does_what_it_foretold() -> None:
    built = agrees(ClassToken(), Sequence(7, 4))
    assert built.module is not None
    torch.nn.init.normal_(built.module.token)
    x = torch.randn(2, 7, 4)
    out = built.run(x)
    assert torch.equal(out[:, 1:], x)
    assert torch.equal(out[:, 0], built.module.token[0].expand(2, -1))


def test_it_is_one_longer() -> None:
    assert ClassToken().infer(Sequence(7, 4)) == Sequence(8, 4)
    assert module(ClassToken(), Sequence(7, 4)) == "ClassToken(4)"


def test_vectors_are_refused() -> None:
    refuses(ClassToken(), Vector(9), words="class_token cannot take a vector (9)")
