"""Models of two inputs cost what their peers do, and compute the same with their weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import torch
from torch.nn import functional

import archdsl
from archdsl import stages
from archdsl.api import read
from archdsl.runtime.live.learning.renaming import best
from archdsl.runtime.live.tasks import loss_of
from tests import peers
from tests.zoo import transfer
from tests.zoo.published import spec

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor, nn

TOLERANCE = 1e-5  # of the largest number that comes out


class Pair(NamedTuple):
    """What a model of ours is held to: the ``peer`` of a name, what it says of two ``inputs``."""

    peer: str
    inputs: Callable[[], tuple[Tensor, Tensor]]
    says: Callable[[nn.Module, Tensor, Tensor], Tensor]


def _ids(length: int, vocab: int) -> Tensor:
    return torch.randint(vocab, (1, length))


def _captions(length: int, end: int) -> Tensor:
    """Texts that end where the last id is, as CLIP's do."""
    return torch.cat((_ids(length - 1, end), torch.full((1, 1), end)), dim=1)


def _parts(clip: Any, picture: Tensor, ids: Tensor) -> Tensor:
    """Both vectors, by what their cosines are multiplied, and that product, side by side."""
    said, scale = clip(pixel_values=picture, input_ids=ids), clip.logit_scale.exp().reshape(1, 1)
    return torch.cat((said.image_embeds, said.text_embeds, scale, said.logits_per_image), dim=-1)


def _logits(bart: Any, read: Tensor, written: Tensor) -> Tensor:
    """Without the bias of BART's logits, which is 0 and not learned."""
    decoded = bart.model(input_ids=read, decoder_input_ids=written)
    logits: Tensor = bart.lm_head(decoded.last_hidden_state)
    return logits


PAIRS = {
    "bart_base": Pair("bart-base", lambda: (_ids(128, 50_265), _ids(64, 50_265)), _logits),
    "clip_vit_b_32": Pair(
        "clip-vit-base-patch32",
        lambda: (torch.rand(1, 3, 224, 224), _captions(77, 49_407)),
        _parts,
    ),
    "siamese_omniglot": Pair(
        "siamese_omniglot",
        lambda: (torch.rand(1, 1, 105, 105), torch.rand(1, 1, 105, 105)),
        lambda siamese, left, right: siamese(left, right),
    ),
    "t5_small": Pair(
        "t5-small",
        lambda: (_ids(128, 32_128), _ids(64, 32_128)),
        lambda t5, read, written: t5(input_ids=read, decoder_input_ids=written).logits,
    ),
    "whisper_tiny": Pair(
        "whisper-tiny",
        lambda: (torch.rand(1, 3000, 80), _ids(64, 51_865)),
        lambda whisper, x, ids: whisper(input_features=x.mT, decoder_input_ids=ids).logits,
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_it_costs_what_its_peer_does(name: str) -> None:
    pair, compiled = PAIRS[name], archdsl.compile(spec(name))
    with torch.device("meta"):
        theirs, inputs = peers.peer(pair.peer), pair.inputs()
    assert compiled.params == sum(weight.numel() for weight in theirs.parameters())
    assert compiled.macs == peers.macs(_Saying(theirs, pair), *inputs)
    text = spec(name).read_text(encoding="utf-8")
    assert f"{compiled.params:,} parameters, {compiled.macs:,} MACs" in text
    assert archdsl.format(text) == text


@pytest.mark.parametrize("name", PAIRS)
def test_published_weights_load(name: str) -> None:
    with torch.device("meta"):
        ours, theirs = archdsl.build(spec(name)), peers.peer(PAIRS[name].peer)
    assert best(transfer.maps_of(spec(name)), theirs.state_dict(), ours.state_dict()).is_whole


@pytest.mark.slow
@pytest.mark.parametrize("name", PAIRS)
def test_it_computes_what_its_peer_does_with_its_weights(name: str) -> None:
    torch.manual_seed(1)
    pair = PAIRS[name]
    theirs, inputs = peers.peer(pair.peer), pair.inputs()
    transfer.randomise(theirs)
    ours = archdsl.build(spec(name)).eval()
    transfer.copy(theirs, ours, maps=transfer.maps_of(spec(name)))
    with torch.no_grad():
        result, expected = ours(*inputs), pair.says(theirs, *inputs)
    found = torch.cat(result, dim=-1) if isinstance(result, tuple) else result
    assert expected.isfinite().all()
    assert expected.abs().max() > 0.01
    assert (found - expected).abs().max() <= TOLERANCE * expected.abs().max()


def test_the_loss_of_clip_is_that_of_its_peer() -> None:
    """On vectors at random, with the scale that both have learned."""
    peers.import_torchvision()
    from transformers.models.clip.modeling_clip import image_text_contrastive_loss

    torch.manual_seed(0)
    ours = read(spec("clip_vit_b_32"), None, None, None).work(None, None)
    made = stages.run(ours, stages.STAGES[:4]).evaluation
    assert made is not None
    one, other = torch.randn(2, 9, 512).double()
    scale = torch.tensor(2.6592).double().exp()
    near = functional.normalize(other) @ functional.normalize(one).T
    results = (one, other, scale.expand(9, 1), torch.randn(9, 1))
    loss = loss_of(made.clauses.task, made.graph.model.out)
    found = loss.of_all(results, torch.arange(9))
    assert float(found) == pytest.approx(float(image_text_contrastive_loss(scale * near)), rel=1e-9)


class _Saying(torch.nn.Module):
    """A peer that is called with two tensors and gives one."""

    def __init__(self, peer: nn.Module, pair: Pair) -> None:
        super().__init__()
        self.peer, self.says = peer, pair.says

    def forward(self, one: Tensor, other: Tensor) -> Tensor:
        return self.says(self.peer, one, other)
