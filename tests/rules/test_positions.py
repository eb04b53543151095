"""What rules say of positions, held to the gradients and the permutations of random models."""

from __future__ import annotations

from random import Random

import pytest
import torch
from torch import nn

import archdsl
from archdsl.diagnostics import Severity
from archdsl.rules.config import Config
from archdsl.terms import Terms
from tests.rules.literate import judged
from tests.rules.sequence_models import FEATURES, LENGTH, VOCAB, body

SAMPLES = 6
SILENT = Terms(Config(select=("P202",)))  # models are built whatever is wrong with them


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.slow)])
def test_an_answer_leaks_where_gradients_come_from_later_positions(seed: int) -> None:
    wrong = []
    for number in range(40 if seed == 0 else 220):
        text = spec(body(Random(f"{seed} {number}")))
        said = {finding.severity for finding in judged(text, Config(select=("P801",)))}
        trained = leaks(text, training=False)
        there = (trained, trained or leaks(text, training=True))
        if there != (Severity.ERROR in said, bool(said)):
            wrong.append(f"{text}: {said}, measured {there}")
    assert wrong == []


def spec(parts: str) -> str:
    return f"""arch Test {{
  data  tokens({LENGTH}, vocab={VOCAB}, samples=1_000)
  task  next_token()
  model = embedding({FEATURES}) -> {parts} -> linear(vocab)
}}
"""


def leaks(text: str, training: bool) -> bool:
    """Whether some position of the answer has a gradient to what is embedded at a later one."""
    for draw in range(3):
        model, embedded = drawn(text, draw, training)
        answer = model(torch.zeros(SAMPLES, LENGTH, dtype=torch.long))
        weight = torch.randn(answer.shape, dtype=torch.float64)
        for place in range(LENGTH - 1):
            told = (answer[:, place] * weight[:, place]).sum()
            (slope,) = torch.autograd.grad(told, embedded, retain_graph=True, allow_unused=True)
            if slope is not None and bool((slope[:, place + 1 :] != 0).any()):
                return True
    return False


def drawn(text: str, draw: int, training: bool) -> tuple[nn.Module, torch.Tensor]:
    """A model with random weights, in double precision, and what its embedding is made to give."""
    torch.manual_seed(draw)
    model = archdsl.compile(text, terms=SILENT).module().double().train(training)
    for weight in model.parameters():
        nn.init.normal_(weight, std=0.7)
    for name, buffer in model.named_buffers():
        if name.endswith(("running_mean", "running_var")):
            nn.init.uniform_(buffer, 0.5, 2)
    embedded = torch.randn(SAMPLES, LENGTH, FEATURES, dtype=torch.float64, requires_grad=True)
    (words,) = (part for part in model.modules() if isinstance(part, nn.Embedding))
    words.register_forward_hook(lambda *_: embedded)
    return model, embedded
