"""Twenty models of the zoo, built and run: shape, parameters and FLOPs are what was foretold."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest
import torch

from archdsl.design.designs import evaluate_design
from archdsl.design.loading import load
from archdsl.runtime.live.verify import verify
from archdsl.source import Source

ZOO = Path(__file__).parents[2] / "specs" / "zoo"
MODELS = """
alexnet bert_base convnext_tiny deit_tiny densenet121 efficientnet_b0 gat gcn gin googlenet gpt2
gru2_128_256 lenet5 lstm4_256_512 mixer_b16 mlp_784_512_512_10 mobilenet_v2 mobilenet_v3_small
resnet18 resnet50 sage shufflenet_v2_x1_0 squeezenet1_0 swin_t vgg11 vit_b_16
""".split()


@pytest.fixture(autouse=True)
def all_threads():
    threads = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(threads)
    gc.collect()


@pytest.mark.nightly
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", MODELS)
def test_a_zoo_model_is_what_was_foretold(name):
    path = ZOO / f"{name}.arch"
    program = load(Source(path.read_text(encoding="utf-8"), str(path)), ZOO.parents[1]).program()
    found = verify(evaluate_design(program, {}).graph, program.clauses.task, 2, rounds=1)
    assert [claim for claim in found.claims if not claim.agrees] == []
    assert found.agrees, found.gradients
