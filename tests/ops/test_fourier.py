"""``fourier`` is the real part of torch.fft, and the mixing of FNet."""

from __future__ import annotations

import pytest
import torch

import archdsl
from archdsl.ops.sequence.fourier import Fourier
from archdsl.types import Image, Nodes, Sequence, TensorType, Tokens, Vector
from tests import peers
from tests.ops.against_torch import agrees, refuses

CASES: list[tuple[Fourier, TensorType, tuple[int, ...]]] = [
    (Fourier(), Sequence(7, 4), (1, 2)),
    (Fourier("length"), Sequence(7, 4), (1,)),
    (Fourier("features"), Sequence(7, 4), (2,)),
    (Fourier(), Vector(6), (1,)),
    (Fourier(), Image(3, 5, 6), (1, 2, 3)),
    (Fourier("width"), Image(3, 5, 6), (3,)),
    (Fourier(), Nodes(nodes=5, features=4, edges=6), (1,)),
]


@pytest.mark.parametrize(("op", "x", "dims"), CASES)
def test_it_is_the_real_part_of_torchs(op: Fourier, x: TensorType, dims: tuple[int, ...]) -> None:
    assert op.infer(x) == x
    agrees(op, x, reference=lambda tensor: torch.fft.fftn(tensor, dim=dims).real)


def test_what_has_no_axes_is_refused() -> None:
    refuses(Fourier("width"), Sequence(7, 4), words="fourier(width) cannot take a sequence (7×4)")
    refuses(Fourier(), Tokens(7, 100), words="fourier cannot take token ids")


def test_a_layer_of_fnet_mixes_by_it() -> None:
    peers.import_torchvision()
    from transformers import FNetConfig
    from transformers.models.fnet.modeling_fnet import FNetLayer

    theirs = FNetLayer(FNetConfig(hidden_size=8, intermediate_size=16)).eval()
    body = """
      let mixed = add(x, fourier) -> layer_norm(eps=1e-12)
      return add(mixed, mixed -> mlp(16, act=gelu(approximate=tanh))) -> layer_norm(eps=1e-12)"""
    ours = archdsl.compile(f"arch A {{ data series(6, 8) model {{ {body} }} }}").module().eval()
    for own, other in zip(ours.parameters(), theirs.parameters(), strict=True):
        own.data = other.data
    x = torch.randn(2, 6, 8)
    torch.testing.assert_close(ours(x), theirs(x)[0])
