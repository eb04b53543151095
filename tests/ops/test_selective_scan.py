"""``selective_scan`` is the scan of Mamba, as transformers has it."""

from __future__ import annotations

import warnings

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from archdsl.ops.base import DenseLayer
from archdsl.ops.sequence.selective_scan import SelectiveScan
from archdsl.types import Image, Sequence
from tests.ops.against_torch import Built, agrees, module, refuses
from tests.peers import import_torchvision


@pytest.mark.parametrize("length", [1, 2, 3, 4, 5, 7, 9, 10, 12, 13, 16, 17])
def test_it_does_what_it_foretold(length: int) -> None:
    agrees(SelectiveScan(4, 2), Sequence(length, 6))


@pytest.mark.parametrize("x", [Sequence(10, 1), Sequence(11, 70), Sequence(40, 33)])
def test_it_does_what_it_foretold_of_few_and_of_many_features(x: Sequence) -> None:
    agrees(SelectiveScan(1), x)
    agrees(SelectiveScan(), x)


def step_by_step(m: nn.Module, x: torch.Tensor) -> torch.Tensor:
    """The recurrence as the paper writes it (algorithm 2)."""
    step, into, out = m.x_proj(x).split(m.sizes, dim=-1)
    step = F.softplus(m.dt_proj(step))
    h, found = torch.zeros(*x[:, 0].shape, into.shape[-1]), []
    for t in range(x.shape[1]):
        decay = torch.exp(-torch.exp(m.A_log) * step[:, t, :, None])
        h = decay * h + (step[:, t] * x[:, t])[..., None] * into[:, t, None]
        found.append((h * out[:, t, None]).sum(-1) + m.D * x[:, t])
    return torch.stack(found, 1)


@pytest.mark.parametrize("length", [1, 2, 6, 64, 65, 100])
def test_chunks_side_by_side_are_step_after_step(length: int) -> None:
    agrees(SelectiveScan(4), Sequence(length, 6), reference=step_by_step)


def test_it_is_the_scan_of_transformers() -> None:
    import_torchvision()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from transformers import MambaConfig
        from transformers.models.mamba.modeling_mamba import MambaMixer

        config = MambaConfig(hidden_size=24, state_size=5, time_step_rank=3, num_hidden_layers=1)
        mixer = MambaMixer(config, 0).eval()
    ours = Built(SelectiveScan(5, 3), Sequence(21, 48)).module
    assert ours is not None
    state = mixer.state_dict()
    nn.init.normal_(state["A_log"])
    nn.init.normal_(state["D"])
    ours.load_state_dict({name: state[name] for name in ours.state_dict()}, strict=True)
    x = torch.randn(2, 21, 24)
    inner, gate = mixer.in_proj(x).chunk(2, dim=-1)
    inner = F.silu(mixer.conv1d(inner.mT)[..., :21]).mT
    found = mixer.out_proj(ours(inner) * F.silu(gate))
    torch.testing.assert_close(found, mixer(x), rtol=1e-5, atol=1e-5)


def test_steps_that_wipe_out_all_states_give_finite_gradients() -> None:
    built = Built(SelectiveScan(4, 2), Sequence(50, 6))
    x = 1e4 * built.tensors(2)[0].detach()
    built.run(x.requires_grad_()).sum().backward()
    assert x.grad is not None
    assert x.grad.isfinite().all()


def test_steps_begin_between_a_thousandth_and_a_tenth() -> None:
    m = Built(SelectiveScan(), Sequence(9, 64)).module
    assert m is not None
    steps = F.softplus(m.dt_proj.bias)
    assert steps.min() >= 0.001 - 1e-6
    assert steps.max() <= 0.1 + 1e-6


def test_it_is_spelled_with_its_sizes() -> None:
    spelled = module(SelectiveScan(), Sequence(9, 65))
    assert spelled == "SelectiveScan(65, state=16, rank=3)"
    layers = SelectiveScan(16, 48).dense(Sequence(9, 1536))
    assert layers == (DenseLayer(1536, 80, 9), DenseLayer(48, 1536, 9))


def test_other_kinds_are_refused() -> None:
    error = refuses(SelectiveScan(), Image(3, 4, 4), words="selective_scan cannot take an image")
    assert error.help == "to_sequence makes an image a sequence of its positions"
