"""HRNet, whose blocks take and give several branches, is timm's."""

from __future__ import annotations

import torch
from torch.utils.flop_counter import FlopCounterMode

import archdsl
from tests import peers
from tests.zoo import transfer
from tests.zoo.published import spec

NAME = "hrnet_w18_small"
LINES = 60


def test_it_is_timms() -> None:
    theirs = transfer.unfilled(lambda: peers.timm_model(NAME))
    ours = transfer.unfilled(lambda: archdsl.build(spec(NAME)))
    images = torch.rand(1, 3, 224, 224, generator=torch.Generator().manual_seed(1))
    transfer.randomise(theirs)
    transfer.copy(theirs, ours, images)
    with torch.no_grad():
        expected = theirs(images)
        assert expected.isfinite().all()
        assert expected.std() > 0.1
        assert (ours(images) - expected).abs().max() <= 1e-5 * expected.abs().max()


def test_it_costs_what_timms_does_and_takes_less_than_a_page() -> None:
    compiled = archdsl.compile(spec(NAME))
    with torch.device("meta"):
        theirs = peers.timm_model(NAME)
        images = torch.rand(1, 3, 224, 224)
    with FlopCounterMode(display=False) as counter:
        theirs(images)
    assert compiled.params == sum(weight.numel() for weight in theirs.parameters())
    assert 2 * compiled.macs == counter.get_total_flops()
    text = spec(NAME).read_text(encoding="utf-8")
    assert f"{compiled.params:,} parameters, {compiled.macs:,} MACs" in text
    assert len(text.splitlines()) < LINES
