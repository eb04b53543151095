"""Scores of designs: the same for the same seed, and on the same batch whatever the design."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from archdsl.runtime.extras import BadInput
from archdsl.runtime.live.batches import Batch
from archdsl.runtime.live.losses import CrossEntropy, Squares
from archdsl.runtime.live.scores import NoScore, find, list_scores, score
from archdsl.runtime.live.scoring import random_batches, scored, usual_samples
from archdsl.runtime.module import build
from tests.runtime_live.specs import SPECS, graph_of

KINDS = ("image", "pixels", "words", "steps", "graphs", "numbers")


def test_the_scores_are_those_that_are_there():
    assert list_scores() == ("grad_norm", "jacob_cov", "naswot", "snip", "synflow", "zico")
    assert all("arXiv:" in (type(find(name)).__doc__ or "") for name in list_scores())
    with pytest.raises(KeyError, match="there is no score 'luck'; there are grad_norm"):
        find("luck")


@pytest.mark.parametrize("name", list_scores())
@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_gives_the_same_score(name, kind):
    graph = graph_of(SPECS[kind])
    clauses = graph.source.clauses
    torch.manual_seed(1)
    try:
        first = scored(name, graph, clauses, seed=3)
    except NoScore as why:
        assert name in str(why)  # noqa: PT017 - which kinds have none is told by each score's tests
        return
    torch.manual_seed(2)
    state = torch.get_rng_state()
    assert scored(name, graph, clauses, seed=3) == first != scored(name, graph, clauses, seed=4)
    assert torch.equal(torch.get_rng_state(), state)


def test_an_image_classifier_has_every_score():
    graph = graph_of(SPECS["image"])
    assert len({scored(name, graph, graph.source.clauses) for name in list_scores()}) == 6


def test_all_designs_of_a_space_get_the_same_batches():
    def given(text):
        graph = graph_of(text)
        module = build(graph)
        torch.manual_seed(0)
        return random_batches(graph, module, CrossEntropy(1))

    narrow, wide = given(SPECS["image"]), given(SPECS["image"].replace("16", "24"))
    for one, other in zip(narrow, wide, strict=True):
        assert torch.equal(one.inputs[0], other.inputs[0])
        assert torch.equal(one.target, other.target)
        assert len(one.target) == 64


def test_batches_of_large_samples_are_small():
    large = SPECS["image"].replace("image(1, 8, 8)", "image(1, 256, 256)")
    assert usual_samples(graph_of(large)) == 16
    assert usual_samples(graph_of(large.replace("256", "2560"))) == 8


def test_a_module_is_left_as_it_is():
    torch.manual_seed(0)
    module = nn.Sequential(nn.Linear(4, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Dropout(0.5))
    before = {name: value.clone() for name, value in module.state_dict().items()}
    batches = [Batch((torch.randn(8, 4),), torch.arange(8)) for _ in range(2)]
    for name in list_scores():
        resting = nn.Sequential(*list(module)[:3])
        assert score(name, module, batches, CrossEntropy()) == score(
            name, resting, batches, CrossEntropy()
        )
    assert all(torch.equal(value, before[name]) for name, value in module.state_dict().items())
    assert all(parameter.grad is None for parameter in module.parameters())
    assert all(part.training and not part._forward_hooks for part in module.modules())


def test_data_that_are_given_are_what_is_scored():
    graph = graph_of(SPECS["image"])
    clauses = graph.source.clauses
    chance = torch.Generator().manual_seed(0)
    x = torch.randn(2, 16, 1, 8, 8, generator=chance)
    batches = [Batch((part,), torch.arange(16) % 10) for part in x]
    found = scored("snip", graph, clauses, batches)
    assert found == scored("snip", graph, clauses, batches)
    assert found != scored("snip", graph, clauses, [Batch((x[0] * 2,), batches[0].target)])


def test_want_of_memory_is_told_before(monkeypatch):
    monkeypatch.setattr("archdsl.runtime.live.room.memory", lambda: 1000)
    graph = graph_of(SPECS["image"])
    with pytest.raises(BadInput, match=r"scoring Small by snip needs .* of memory"):
        scored("snip", graph, graph.source.clauses)


def test_what_is_beyond_numbers_is_no_score():
    module = nn.Sequential(*[nn.Linear(64, 64, bias=False) for _ in range(3)])
    module = module.double()
    for layer in module:
        nn.init.constant_(layer.weight, 1e150)
    with pytest.raises(NoScore, match="synflow comes to inf"):
        score("synflow", module, [Batch((torch.randn(2, 64),), torch.zeros(1))], Squares())
