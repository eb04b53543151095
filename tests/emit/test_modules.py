"""A module of a spec is one submodule: called wherever it is mentioned, once in the state dict."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from torch import nn

import archdsl
from tests.unjudged import UNJUDGED

SIAMESE = """\
arch Siamese {
  data image(3, 16, 32)
  task classify(4)
  model {
    module tower = conv(8, 3, stride=2) -> relu -> conv(8, 3, stride=2)
    let left = x -> slice(0, 16, axis=width) -> tower
    let right = x -> slice(16, 32, axis=width) -> tower
    return concat(left, right) -> global_avg_pool -> linear(classes)
  }
}
"""
HANDED = """\
block twice(f) = f -> relu -> f
block own(w) {
  module inner = conv(w, 3, bias=false) -> batch_norm
  return add(inner, inner -> inner)
}
arch Handed {
  data image(8, 16, 16)
  task classify(10)
  module outer = conv(8, 1) -> gelu
  model {
    module tower = conv(8, 3)
    module both = tower -> relu -> outer
    let a = x -> residual(tower) -> 3 * residual(tower) -> outer
    let b = a -> twice(tower) -> 2 * own(8) -> both
    let c = b -> each(i = 1 to 2, tower -> relu) -> max_pool(2) -> 12 * tower
    return add(c, max_pool(2)) -> global_avg_pool -> linear(classes)
  }
}
"""
TIED = """\
arch Tied {
  data tokens(16, vocab=100)
  task next_token()
  model {
    module words = embedding(32)
    let hidden = x -> words -> add(identity, x -> words)
    return hidden -> linear(32) -> tied_linear(words)
  }
}
"""


def built(text: str) -> nn.Module:
    """The module of a spec."""
    torch.manual_seed(0)
    return archdsl.compile(text, terms=UNJUDGED).module().eval()


class ByHand(nn.Module):
    """What ``SIAMESE`` says, as PyTorch code."""

    def __init__(self) -> None:
        super().__init__()
        self.tower = nn.Sequential(nn.Conv2d(3, 8, 3, 2, 1), nn.ReLU(), nn.Conv2d(8, 8, 3, 2, 1))
        self.linear = nn.Linear(16, 4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        sides = [self.tower(side) for side in x.split(16, dim=3)]
        return self.linear(torch.cat(sides, dim=1).mean(dim=(2, 3)))


def test_a_siamese_network_computes_what_one_by_hand_does():
    ours, theirs = built(SIAMESE), ByHand()
    assert ours.state_dict().keys() == theirs.state_dict().keys()
    theirs.load_state_dict(ours.state_dict())
    x = torch.randn(2, 3, 16, 32)
    torch.testing.assert_close(ours(x), theirs(x))


@pytest.mark.parametrize("text", [SIAMESE, HANDED, TIED], ids=["siamese", "handed", "tied"])
def test_every_weight_is_there_once_and_learns(text):
    module, told = built(text), archdsl.show(text, terms=UNJUDGED)
    weights = dict(module.named_parameters())
    assert sum(one.numel() for one in weights.values()) == told.params
    kept = [key for key in module.state_dict() if "running" not in key and "num_" not in key]
    assert kept == [*weights]
    x = torch.randint(100, (2, 16)) if "tokens" in text else torch.randn(2, *told.input)
    module(x).square().sum().backward()
    assert all(one.grad is not None and one.grad.any() for one in weights.values())


def test_a_module_in_a_row_is_called_in_a_loop():
    source = archdsl.compile(HANDED, terms=UNJUDGED).source
    assert "for _ in range(12):\n            out = self.tower(out)\n" in source
    assert source.count("self.tower = ") == 1


def test_a_block_gets_a_module_of_the_body_around_it_with_its_input():
    source = archdsl.compile(HANDED, terms=UNJUDGED).source
    assert "def forward(self, x: Tensor, tower: nn.Module) -> Tensor:" in source
    assert "return tower(F.relu(tower(x)))" in source


def test_each_copy_of_a_block_has_a_module_of_its_own():
    module = built(HANDED)
    inner = [name for name, part in module.named_modules() if type(part).__name__ == "Inner"]
    assert len(inner) == 2


def test_one_embedding_reads_and_scores_words():
    module = built(TIED)
    ids = torch.randint(100, (1, 16))
    words = 2 * F.embedding(ids, module.words.weight)
    expected = F.linear(module.linear(words), module.words.weight)
    torch.testing.assert_close(module(ids), expected)


def test_a_frozen_module_rests_wherever_it_is_applied():
    text = SIAMESE.replace("  model {", "  train adam(freeze=tower)\n  model {")
    told = archdsl.show(text, terms=UNJUDGED)
    assert told.trainable == 16 * 4 + 4
    assert told.params == told.trainable + 3 * 8 * 9 + 8 + 8 * 8 * 9 + 8
