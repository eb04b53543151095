"""Modules of sequences, tables and graphs compute what their peers do with the same weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch

import archdsl
from tests import peers
from tests.zoo import transfer
from tests.zoo.published import heavy_ones_slow, spec
from tests.zoo_sequence.specs import PUBLISHED, program
from tests.zoo_sequence.weights import randomised

if TYPE_CHECKING:
    from torch import Tensor, nn

TOLERANCE = 1e-5  # of the largest number that comes out
LESS_EXACT = {"mamba_130m": 1e-4}  # in float32 both are as much off what float64 gives
PADDED = ("longformer_base", "roberta_base")  # whose id 1 has no position of its own
POOLED = ("bert_base", "longformer_base", "roberta_base", "vit_hf_base")  # a second output

GRAPHS = ("gcn", "sage", "gat", "gatv2", "gin", "pna_zinc")


def _peer(name: str) -> nn.Module:
    if name in GRAPHS:
        pytest.importorskip("torch_geometric")
    return randomised(peers.peer(PUBLISHED[name].reference))


def _inputs(name: str) -> tuple[Tensor, ...]:
    if name in GRAPHS:
        return peers.molecule() if name == "pna_zinc" else peers.cora_like()
    generator = torch.Generator().manual_seed(1)
    vocab = program(name).constants.get("vocab")
    if vocab is not None:
        least, size = 2 * (name in PADDED), (1, *PUBLISHED[name].input)
        return (torch.randint(least, vocab, size, generator=generator),)
    return (torch.rand(1, *PUBLISHED[name].input, generator=generator),)


def _copied(name: str, theirs: nn.Module, inputs: tuple[Tensor, ...]) -> nn.Module:
    """Our module with the peer's weights: by the maps of the spec, else in order."""
    ours = archdsl.build(spec(name)).eval()
    transfer.copy(theirs, ours, *inputs, maps=transfer.maps_of(spec(name)))
    return ours


def _difference(found: Tensor, expected: Tensor) -> float:
    """The largest difference, in parts of the largest number."""
    assert found.shape == expected.shape
    assert expected.isfinite().all()
    return float((found - expected).abs().max() / expected.abs().max())


@pytest.mark.parametrize("name", heavy_ones_slow(PUBLISHED))
def test_outputs_are_the_peers(name: str) -> None:
    theirs, inputs = _peer(name), _inputs(name)
    ours = _copied(name, theirs, inputs)
    assert _difference(peers.run(ours, *inputs), peers.run(theirs, *inputs)) <= LESS_EXACT.get(
        name, TOLERANCE
    )
    if name in POOLED:
        with torch.no_grad():
            pooled, expected = ours(*inputs)[1], theirs(*inputs).pooler_output
        assert _difference(pooled, expected) <= TOLERANCE


def test_a_checkpoint_of_timms_mixer_loads_as_it_is() -> None:
    with torch.device("meta"):
        ours, theirs = archdsl.build(spec("mixer_b16")), peers.peer("timm/mixer_b16_224")
    assert transfer.same_keys(theirs, ours)


@pytest.mark.slow
def test_a_position_that_is_off_shows_in_the_output() -> None:
    theirs, inputs = _peer("vit_b_32"), _inputs("vit_b_32")
    ours = _copied("vit_b_32", theirs, inputs)
    with torch.no_grad():
        ours.get_parameter("embedded.1.weight")[7, 0] += 0.1
    assert _difference(peers.run(ours, *inputs), peers.run(theirs, *inputs)) > TOLERANCE
