"""The zoo's modules compute what their peers do, once they have the peers' weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch

import archdsl
from archdsl.runtime.live.learning.renaming import best
from tests import peers
from tests.thinning import mostly_slow
from tests.zoo import transfer
from tests.zoo.published import PUBLISHED, heavy_ones_slow, spec

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor, nn

TOLERANCE = 1e-5  # of the largest number that comes out

# Published checkpoints of these load as they are.
KEYED_FAMILIES = (
    "resnet",
    "resnext",
    "wide_resnet",
    "seresnet",
    "vgg",
    "alexnet",
    "squeezenet",
    "mobilenet",
)
BY_HAND = ("lenet5", "unet")  # nobody publishes weights of these
PUBLISHED_ELSEWHERE = [name for name in PUBLISHED if name not in BY_HAND]
KEYED = [name for name in PUBLISHED if name.startswith(KEYED_FAMILIES)]


def _ours(name: str, made: Callable[..., nn.Module] = transfer.unfilled) -> nn.Module:
    return made(lambda: archdsl.build(spec(name)))


def _theirs(name: str, made: Callable[..., nn.Module] = transfer.unfilled) -> nn.Module:
    reference = PUBLISHED[name].reference
    return made(lambda: peers.peer(reference))


def _image(name: str) -> Tensor:
    generator = torch.Generator().manual_seed(1)
    image: Tensor = torch.rand(1, *PUBLISHED[name].input, generator=generator)
    return image


def _difference(ours: nn.Module, theirs: nn.Module, image: Tensor) -> float:
    """The largest difference of an output, in parts of the largest output."""
    expected = peers.run(theirs, image)
    assert expected.isfinite().all()
    difference = (peers.run(ours, image) - expected).abs().max() / expected.abs().max()
    return float(difference)


@pytest.mark.parametrize("name", heavy_ones_slow(PUBLISHED))
def test_outputs_are_the_peers(name: str) -> None:
    ours, theirs, image = _ours(name), _theirs(name), _image(name)
    transfer.randomise(theirs)
    transfer.copy(theirs, ours, image, maps=transfer.maps_of(spec(name)))
    assert _difference(ours, theirs, image) <= TOLERANCE


@pytest.mark.parametrize("name", KEYED)
def test_the_state_dict_has_the_keys_of_the_peers(name: str) -> None:
    ours, theirs = _ours(name, transfer.shaped), _theirs(name, transfer.shaped)
    assert sorted(ours.state_dict()) == sorted(theirs.state_dict())
    assert transfer.same_keys(theirs, ours)


@pytest.mark.parametrize("name", mostly_slow(PUBLISHED_ELSEWHERE, 4))
def test_published_weights_load(name: str) -> None:
    with torch.device("meta"):
        ours = archdsl.build(spec(name)).state_dict()
    theirs = _theirs(name, transfer.shaped).state_dict()
    assert best(transfer.maps_of(spec(name)), theirs, ours).is_whole


def test_a_running_mean_that_is_off_shows_in_the_output() -> None:
    name = "resnet18"
    ours, theirs, image = _ours(name), _theirs(name), _image(name)
    transfer.randomise(theirs)
    transfer.copy(theirs, ours, image, maps=transfer.maps_of(spec(name)))
    ours.get_buffer("layer2.0.bn1.running_mean")[0] += 1
    assert _difference(ours, theirs, image) > TOLERANCE
