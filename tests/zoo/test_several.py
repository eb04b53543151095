"""Models of several inputs or results are their peers: the same numbers out, at the same cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch

import archdsl
from tests import peers
from tests.zoo import transfer
from tests.zoo.published import spec

if TYPE_CHECKING:
    from torch import Tensor, nn

NAMES = [
    pytest.param("resnet18_fpn", marks=pytest.mark.slow),
    "wide_deep",
]


def _inputs(name: str) -> tuple[Tensor, ...]:
    generator = torch.Generator().manual_seed(1)
    if name == "resnet18_fpn":
        return (torch.rand(1, 3, 170, 340, generator=generator),)
    vocabs = (2, 1000, 100, 100, 1000, 1000, 11, 10_000, 1_000_000, 10_000)
    ids = (torch.randint(n, (1,), generator=generator) for n in vocabs)
    return torch.rand(1, 5, generator=generator), *ids


def _run(model: nn.Module, inputs: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    with torch.no_grad():
        found = model(*inputs)
    if isinstance(found, dict):
        return tuple(found.values())
    return found if isinstance(found, tuple) else (found,)


@pytest.mark.parametrize("name", NAMES)
def test_each_result_is_the_peers(name: str) -> None:
    theirs = transfer.unfilled(lambda: peers.peer(name))
    ours = transfer.unfilled(lambda: archdsl.build(spec(name)))
    inputs = _inputs(name)
    transfer.randomise(theirs)
    transfer.copy(theirs, ours, *inputs, maps=transfer.maps_of(spec(name)))
    pairs = zip(_run(ours, inputs), _run(theirs, inputs), strict=True)
    for found, expected in pairs:
        assert found.shape == expected.shape
        assert expected.abs().max() > 0
        assert (found - expected).abs().max() <= 1e-5 * expected.abs().max()


@pytest.mark.parametrize("name", ["resnet18_fpn", "wide_deep"])
def test_it_costs_what_the_peer_does(name: str) -> None:
    compiled = archdsl.compile(spec(name))
    with torch.device("meta"):
        theirs = peers.peer(name)
        inputs = tuple(one.to("meta") for one in _inputs(name))
        macs = peers.macs(theirs, *inputs)
    params = sum(weight.numel() for weight in theirs.parameters())
    assert (compiled.params, compiled.macs) == (params, macs)
    text = spec(name).read_text(encoding="utf-8")
    assert f"{params:,} parameters, {macs:,} MACs" in text
    assert archdsl.format(text) == text
