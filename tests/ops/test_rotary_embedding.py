"""``rotary_embedding`` turns queries and keys as attention with rotary positions does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch

from archdsl.ops.sequence.rotary_embedding import RotaryEmbedding
from archdsl.types import Image, Sequence
from tests.ops.against_torch import agrees, module, refuses
from tests.peers import import_torchvision

if TYPE_CHECKING:
    from torch import Tensor

X = Sequence(12, 16)


@pytest.mark.parametrize(
    "op", [RotaryEmbedding(2), RotaryEmbedding(4, 50.0), RotaryEmbedding(2, 50.0, 4)]
)
def test_it_turns_each_head(op: RotaryEmbedding) -> None:
    """As transformers' LLaMA and, of a part, GPT-NeoX do."""
    import_torchvision()  # which transformers asks for
    llama = pytest.importorskip("transformers.models.llama.modeling_llama")
    turned = op.rotary_width or 16 // op.heads

    def reference(x: Tensor) -> Tensor:
        heads = x.unflatten(-1, (op.heads, -1)).transpose(1, 2)
        rates = op.theta ** (-torch.arange(0, turned, 2) / turned)
        angles = torch.outer(torch.arange(12.0), rates).repeat(1, 2)[None]
        part = heads[..., :turned]
        part, _ = llama.apply_rotary_pos_emb(part, part, angles.cos(), angles.sin())
        whole: Tensor = torch.cat((part, heads[..., turned:]), -1)
        return whole.transpose(1, 2).flatten(2)

    built = agrees(op, X)
    tensors = built.tensors(2)
    torch.testing.assert_close(built.run(*tensors), reference(*tensors))


def test_it_is_spelled_by_what_is_turned() -> None:
    assert module(RotaryEmbedding(4), X) == "RotaryEmbedding(heads=4)"
    assert module(RotaryEmbedding(4, 500.0), X) == "RotaryEmbeddingBy(heads=4, theta=500.0)"
    part = module(RotaryEmbedding(2, rotary_width=4), X)
    assert part == "PartialRotaryEmbedding(heads=2, rotary_width=4, theta=10000.0)"
    whole = RotaryEmbedding(2, rotary_width=8)
    assert module(whole, X) == "RotaryEmbedding(heads=2)"


def test_what_cannot_be_turned_is_refused() -> None:
    words = "rotary positions turn features in pairs, and a head has 3"
    refuses(RotaryEmbedding(4), Sequence(9, 12), words=words)
    words = "rotary_width=6 is not an even part of the 4 features of a head"
    refuses(RotaryEmbedding(4, rotary_width=6), X, words=words, replacement="4")
    refuses(RotaryEmbedding(3), X, words="heads=3 does not divide 16", argument="heads")
    refuses(RotaryEmbedding(2), Image(16, 4, 4), words="rotary_embedding cannot take an image")
