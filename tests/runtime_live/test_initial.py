"""What weights begin as."""

from __future__ import annotations

import math

import pytest
import torch
from torch import nn
from torch.nn.utils.parametrizations import spectral_norm, weight_norm

import archdsl
from archdsl.runtime.live.learning.initial import initialised
from archdsl.runtime.live.learning.loop import learn
from archdsl.runtime.module import build
from tests.runtime_live.trained import case


def module() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(nn.Conv2d(64, 128, 3), nn.BatchNorm2d(128), nn.Linear(400, 200))


def weights(word: str) -> list[torch.Tensor]:
    made = initialised(module(), word)
    return [made[0].weight.detach(), made[2].weight.detach()]


def test_the_default_leaves_all_as_it_was():
    before, after = module().state_dict(), initialised(module(), "default").state_dict()
    assert all(torch.equal(before[name], after[name]) for name in before)


@pytest.mark.parametrize(
    ("word", "spreads"),
    [
        ("he", [math.sqrt(2 / (64 * 9)), math.sqrt(2 / 400)]),
        ("xavier", [math.sqrt(2 / (64 * 9 + 128 * 9)), math.sqrt(2 / 600)]),
        ("normal", [0.02, 0.02]),
    ],
)
def test_weights_spread_as_their_papers_say(word, spreads):
    for weight, spread in zip(weights(word), spreads, strict=True):
        assert weight.std().item() == pytest.approx(spread, rel=0.02)
        assert abs(weight.mean().item()) < 0.01 * spread * 10


def test_orthogonal_rows_are_so():
    for weight in weights("orthogonal"):
        rows = weight.flatten(1)
        assert torch.allclose(rows @ rows.T, torch.eye(len(rows)), atol=1e-4)


@pytest.mark.parametrize("made", [weight_norm, spectral_norm])
def test_of_weights_made_of_others_these_follow(made):
    torch.manual_seed(0)
    layer = initialised(nn.Sequential(made(nn.Conv2d(64, 128, 3))), "orthogonal")[0]
    for _ in range(3):  # a singular value is found step by step
        layer(torch.zeros(1, 64, 3, 3))
    rows = layer.eval().weight.flatten(1)
    assert torch.allclose(rows @ rows.T, torch.eye(len(rows)), atol=1e-4)


def test_biases_are_0_and_norms_keep_theirs():
    made = initialised(module(), "he")
    assert not made[0].bias.any()
    assert not made[2].bias.any()
    assert torch.equal(made[1].weight, torch.ones(128))


@pytest.mark.parametrize("word", ["default", "he", "orthogonal"])
def test_training_begins_there_and_a_module_handed_in_is_left_as_it_is(word):
    given = case(
        f"sgd(batch=30, lr=1e-30, epochs=1, init={word})", "linear(8) -> relu -> linear(3)"
    )
    torch.manual_seed(0)
    by_hand = initialised(build(given.graph), word).state_dict()
    learned = given.learned().module.state_dict()
    assert all(torch.allclose(by_hand[name], learned[name], atol=1e-20) for name in by_hand)
    own = build(given.graph)
    before = {name: value.clone() for name, value in own.state_dict().items()}
    after = learn(given.graph, given.clauses, given.data, module=own).module.state_dict()
    assert all(torch.allclose(before[name], after[name], atol=1e-20) for name in before)


def test_a_space_may_choose_it_and_other_words_are_refused():
    text = "arch A {{ data table(4) task classify(3) train adam(init={}) model = linear(classes) }}"
    assert archdsl.check(text.format("he | xavier")).ok
    (found,) = (one for one in archdsl.check(text.format("kaiming")).diagnostics)
    assert found.code == "E406"
    assert "he, xavier" in found.needed
