"""Published models whose blocks are formulas, written in the language, against their peers."""

from __future__ import annotations

import pytest
import torch
from torch import nn

import archdsl
from tests.ops.emitted import module_of
from tests.peers import import_torchvision
from tests.unjudged import UNJUDGED
from tests.zoo import transfer

RESMLP = """
block affine() = layer_scale(init=1) -> shift(0.0, learned=true)

block mixer(init) {
  let tokens = add(x, affine -> transpose -> linear(x.length) -> transpose -> layer_scale(init))
  let hidden = tokens -> affine -> linear(4 * x.features) -> gelu
  return add(tokens, hidden -> linear(x.features) -> layer_scale(init))
}

arch ResMLP12 {
  data image(3, 224, 224)
  task classify(1000)
  model = conv(384, 16, stride=16, padding=0) -> to_sequence -> 12 * mixer(1e-4) -> affine
          -> mean_over -> linear(classes)
}
"""

REZERO = """
block rezero(f) = add(x, f -> scale(0.0, learned=true))
arch ReZero {
  data table(8)
  task regress(1)
  model = 3 * rezero(linear(8) -> relu) -> linear(targets)
}
"""


def built(text: str) -> nn.Module:
    module: nn.Module = archdsl.compile(text, terms=UNJUDGED).module()
    return module.eval()


def test_resmlp_is_that_of_timm() -> None:
    import_torchvision()
    import timm

    ours, theirs = built(RESMLP), timm.create_model("resmlp_12_224").eval()
    assert sum(p.numel() for p in ours.parameters()) == 15_350_872
    transfer.randomise(theirs)
    x = torch.rand(1, 3, 224, 224)
    own = [(name, p) for name, p in ours.state_dict().items()]
    named = theirs.state_dict()
    ours.load_state_dict(dict(zip((n for n, _ in own), _in_order(named, own), strict=True)))
    with torch.no_grad():
        expected, found = theirs(x), ours(x)
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-4)


def _in_order(
    named: dict[str, torch.Tensor], own: list[tuple[str, torch.Tensor]]
) -> list[torch.Tensor]:
    """The peer's tensors in the order of ours."""
    order = ["stem.proj.weight", "stem.proj.bias"]
    for k in range(12):
        parts = ("norm1.alpha", "norm1.beta", "linear_tokens.weight", "linear_tokens.bias", "ls1")
        more = ("norm2.alpha", "norm2.beta", "mlp_channels.fc1.weight", "mlp_channels.fc1.bias")
        last = ("mlp_channels.fc2.weight", "mlp_channels.fc2.bias", "ls2")
        order += [f"blocks.{k}.{part}" for part in (*parts, *more, *last)]
    order += ["norm.alpha", "norm.beta", "head.weight", "head.bias"]
    assert sorted(order) == sorted(named)
    return [named[name].reshape(p.shape) for name, (_, p) in zip(order, own, strict=True)]


def test_rezero_begins_as_the_identity_and_learns_one_factor_a_block() -> None:
    module = built(REZERO)
    assert sum(p.numel() for p in module.parameters()) == 3 * (72 + 1) + 9
    factors = [p for p in module.parameters() if p.numel() == 1 and p.dim() == 0]
    assert [p.item() for p in factors] == [0.0, 0.0, 0.0]
    x = torch.randn(4, 8)
    torch.testing.assert_close(module(x), list(module.children())[-1](x))
    module(x).sum().backward()
    assert all(p.grad is not None for p in factors)


@pytest.mark.parametrize(
    ("act", "gamma"), [("relu", 1.7139588594436646), ("silu", 1.7881293296813965)]
)
def test_the_scaled_activations_of_nfnets_are_those_of_timm(act: str, gamma: float) -> None:
    import_torchvision()
    from timm.models.nfnet import _nonlin_gamma, act_with_gamma

    ours = module_of(f"{act} -> scale({gamma})", "image(4, 5, 5)")
    x = torch.randn(2, 4, 5, 5)
    torch.testing.assert_close(ours(x), act_with_gamma(act, _nonlin_gamma[act])()(x))
