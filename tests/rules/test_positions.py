"""What rules say of positions, held to the gradients and the permutations of random models."""

from __future__ import annotations

from random import Random

import pytest
import torch
from torch import nn

import archdsl
from archdsl.diagnostics import Severity
from archdsl.evaluate.designs import sampler
from archdsl.rules.case import Case
from archdsl.rules.config import Config
from archdsl.rules.facts_order import unordered, unordered_attention
from archdsl.terms import Terms
from tests.rules.literate import judged, loaded
from tests.rules.sequence_models import FEATURES, LENGTH, VOCAB, body

SAMPLES = 6
# A mean of sums is a sum of means, so that positions that were added make no difference to it: a
# coincidence of arithmetic, which something that is not linear before the mean rules out.
ENDS = (
    "",
    " -> linear(4) -> tanh -> mean_over",
    " -> linear(4) -> tanh -> max_over",
    " -> group_norm(1) -> tanh -> global_avg_pool",
    " -> first",
    " -> class_token -> attention(1) -> first",
    " -> flatten",
)
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


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.slow)])
def test_no_order_is_told_where_answers_only_change_places(seed: int) -> None:
    wrong = []
    for number in range(40 if seed == 0 else 220):
        rng = Random(f"{seed} {number}")
        text = spec(body(rng) + rng.choice(ENDS))
        case = _case(text)
        said = bool(case.fact(unordered))
        there = [stays(text, training) for training in (False, True)]
        if there != [said, said]:
            wrong.append(f"{text}: {said}, measured {there}")
        told = bool(judged(text, Config(select=("P802",))))
        if told != bool(said and case.fact(unordered_attention)) or (told and not said):
            wrong.append(f"{text}: told {told}")
    assert wrong == []


def stays(text: str, training: bool) -> bool:
    """Whether the answers of a model are the same, in the new order where there is one at each
    position, when what is embedded changes places."""
    for draw in range(2):
        model, embedded = drawn(text, draw, training)
        order = torch.randperm(LENGTH).roll(1)
        while bool((order == torch.arange(LENGTH)).any()):
            order = torch.randperm(LENGTH)
        ids = torch.zeros(SAMPLES, LENGTH, dtype=torch.long)
        with torch.no_grad():
            before = model(ids)
            embedded.copy_(embedded.clone()[:, order])
            after = model(ids)
        wanted = before[:, order] if before.dim() == 3 else before
        if not torch.allclose(after, wanted, rtol=1e-7, atol=1e-9):
            return False
    return True


def _case(text: str) -> Case:
    program, _ = loaded(text)
    return Case(program, program.evaluate(sampler(0)))


def spec(parts: str) -> str:
    """A language model of these parts, or, where they give one vector, a classifier."""
    whole = parts.endswith(ENDS[1:])
    task, out = ("classify(11)", "classes") if whole else ("next_token()", "vocab")
    return f"""arch Test {{
  data  tokens({LENGTH}, vocab={VOCAB}, samples=1_000)
  task  {task}
  model = embedding({FEATURES}) -> {parts} -> linear({out})
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
