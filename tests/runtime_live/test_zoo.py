"""Every model of the zoo, built and run: shape, parameters and FLOPs are what was foretold, and
the gradients are fine. The largest take a minute each: `LARGE=1 pytest -m slow` runs them, too."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import pytest

from archdsl.cost.counts import macs
from archdsl.resolve.loading import load
from archdsl.runtime.live.verify import verify
from archdsl.source import Source
from tests.designs import evaluate_design
from tests.thinning import thinned

ZOO = Path(__file__).parents[2] / "specs" / "zoo"
MOST = 5_000_000_000  # multiply-accumulates of a sample
CURED_BY_HE = {"squeezenet1_0", "vgg16", "vgg19"}  # known to need it, or a pretraining

APART = {  # what is foretold of them and what is found are not the same, and why
    "swin_v2_t": "the MLP of its biases runs once for a batch, and is told for a batch of one",
    "nfnet_f0": "its branches begin at 0, so that the first step changes their gains alone",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", thinned(sorted(path.stem for path in ZOO.glob("*.arch")), 8))
def test_a_zoo_model_is_what_was_foretold(name):
    path = ZOO / f"{name}.arch"
    program = load(Source(path.read_text(encoding="utf-8"), str(path)), ZOO.parents[1]).program()
    graph = evaluate_design(program, {}).graph
    if macs(graph) > MOST and not os.environ.get("LARGE"):
        pytest.skip("takes a minute or more: LARGE=1 runs it")
    if name in APART:
        pytest.xfail(APART[name])
    found = verify(graph, program.clauses.task, 2, rounds=1, fits=False)
    assert [claim for claim in found.claims if not claim.agrees] == []
    assert found.gradients.word == ("vanishing" if name in CURED_BY_HE else "fine")
    assert found.agrees, found.he
    del found
    gc.collect()
