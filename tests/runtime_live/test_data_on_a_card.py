"""Scores and augmentation on a graphics card: what they are on a processor."""

from __future__ import annotations

import pytest
import torch

from archdsl.runtime.live.augmentations import augmentation
from archdsl.runtime.live.scores import list_scores
from archdsl.runtime.live.scoring import scored
from archdsl.spec.catalog import find
from archdsl.spec.task.classify import Classify
from tests.runtime_live.specs import SPECS, graph_of

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no graphics card")


@pytest.mark.parametrize("name", list_scores())
def test_a_score_is_the_same_but_for_rounding(name):
    graph = graph_of(SPECS["image"])
    here = scored(name, graph, graph.source.clauses)
    assert scored(name, graph, graph.source.clauses, device="cuda") == pytest.approx(here, rel=0.02)


@pytest.mark.parametrize("augment", ["basic", "strong"])
@pytest.mark.parametrize(
    ("kind", "sizes"),
    [
        ("image", {"channels": 3, "height": 16, "width": 24}),
        ("volume", {"channels": 2, "depth": 3, "height": 16, "width": 8}),
        ("series", {"length": 16, "features": 3}),
        ("table", {"features": 30}),
    ],
)
def test_a_batch_is_varied_alike(kind, sizes, augment):
    vary = augmentation(find("data", kind)(augment=augment, **sizes), Classify(classes=2))
    x = torch.randn(12, *sizes.values(), generator=torch.Generator().manual_seed(0))
    state = torch.cuda.get_rng_state()
    there = vary(x.cuda(), 5)
    assert there.is_cuda
    assert torch.allclose(there.cpu(), vary(x, 5), atol=1e-3)
    assert torch.equal(torch.cuda.get_rng_state(), state)
