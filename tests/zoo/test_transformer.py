"""The transformer of two inputs is torch's own."""

from __future__ import annotations

import json

import pytest
import torch

import archdsl
from tests import peers
from tests.zoo import transfer
from tests.zoo.published import REFERENCE, spec

NAME, THEIRS = "transformer_base", "transformer_base_d512"


def test_it_computes_what_torchs_does_with_its_weights() -> None:
    theirs = peers.peer(THEIRS)
    ours = transfer.unfilled(lambda: archdsl.build(spec(NAME)))
    transfer.randomise(theirs)
    generator = torch.Generator().manual_seed(1)
    source, target = (torch.randn(1, 64, 512, generator=generator) for _ in range(2))
    transfer.copy(theirs, ours, source, target, maps=transfer.maps_of(spec(NAME)))
    mask = torch.nn.Transformer.generate_square_subsequent_mask(64)
    with torch.no_grad():
        expected = theirs(source, target, tgt_mask=mask)
        assert expected.isfinite().all()
        assert (ours(source, target) - expected).abs().max() <= 1e-5 * expected.abs().max()


def test_it_costs_what_is_published() -> None:
    compiled = archdsl.compile(spec(NAME))
    text = spec(NAME).read_text(encoding="utf-8")
    assert f"{compiled.params:,} parameters, {compiled.macs:,} MACs" in text
    assert archdsl.format(text) == text
    if not REFERENCE.exists():
        pytest.skip("the reference numbers lie outside the repository and are not here")
    models = json.loads(REFERENCE.read_text(encoding="utf-8"))["models"]
    (model,) = (one for one in models if one["name"] == THEIRS)
    assert (compiled.params, compiled.macs) == (model["params"], model["macs"])
