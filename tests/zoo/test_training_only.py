"""Models with auxiliary heads are their peers in training, and without those heads in use."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

import archdsl
from archdsl.cost import counts
from tests import peers
from tests.thinning import mostly_slow
from tests.zoo import transfer
from tests.zoo.published import REFERENCE, spec

if TYPE_CHECKING:
    from collections.abc import Callable

MODELS: dict[str, tuple[Callable[[], nn.Module], int, int]] = {  # the peer, its size, the images'
    "googlenet_aux": (peers.googlenet_aux, 13_004_888, 224),
    "inception_v3_aux": (peers.inception_v3_aux, 27_161_264, 299),
}
TOLERANCE = 1e-5  # of the largest number that comes out


def _training(model: nn.Module) -> nn.Module:
    """In training, but that nothing is dropped."""
    model.train()
    for part in model.modules():
        if isinstance(part, nn.Dropout):
            part.eval()
    return model


@pytest.mark.parametrize("name", mostly_slow(MODELS, 2))
def test_results_are_the_peers_in_training_and_in_use(name: str) -> None:
    build, _, size = MODELS[name]
    theirs = _training(transfer.unfilled(build))
    ours = _training(transfer.unfilled(lambda: archdsl.build(spec(name))))
    generator = torch.Generator().manual_seed(1)
    images = torch.rand(2, 3, size, size, generator=generator)
    transfer.randomise(theirs)
    transfer.copy(theirs, ours, images, apart="aux")
    with torch.no_grad():
        expected, found = [*theirs(images)], [*ours(images)]
        assert len(expected) == len(found)
        for one, other in zip(expected, found, strict=True):
            assert (one - other).abs().max() <= TOLERANCE * one.abs().max()
        one, other = theirs.eval()(images), ours.eval()(images)
        assert (one - other).abs().max() <= TOLERANCE * one.abs().max()


@pytest.mark.parametrize("name", MODELS)
def test_params_and_macs_are_the_peers(name: str) -> None:
    build, params, size = MODELS[name]
    graph = archdsl.compile(spec(name)).graph
    with torch.device("meta"):
        theirs = build()
        images = torch.rand(2, 3, size, size)
    assert counts.params(graph) == params == sum(p.numel() for p in theirs.parameters())
    for training in (False, True):
        with FlopCounterMode(display=False) as counter:
            theirs.train(training)(images)
        assert 4 * counts.macs(graph, in_use=not training) == counter.get_total_flops()


def test_googlenet_costs_in_training_what_is_published() -> None:
    if not REFERENCE.exists():
        pytest.skip("the reference numbers lie outside the repository and are not here")
    models = json.loads(REFERENCE.read_text(encoding="utf-8"))["models"]
    (published,) = [one for one in models if one["name"] == "googlenet_aux_train"]
    graph = archdsl.compile(spec("googlenet_aux")).graph
    assert counts.params(graph) == published["params"]
    assert 2 * counts.macs(graph, in_use=False) == published["macs"]  # of a batch of two
