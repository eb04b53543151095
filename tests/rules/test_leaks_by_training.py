"""What P801 names reaches a loss that nothing which only looks back can reach, on tokens drawn
anew at every step; what it passes does not."""

from __future__ import annotations

from math import log

import pytest
import torch
import torch.nn.functional as F

import archdsl
from archdsl.rules.config import Config
from archdsl.terms import Terms
from tests.rules.literate import judged

LENGTH, VOCAB = 12, 8
SILENT = Terms(Config(select=("P202",)))
LEAKS = (
    "position_embedding -> transformer_encoder(4, drop=0)",
    "residual(conv(32, 3) -> relu)",
    "lstm(16, bidirectional=true)",
    "residual(layer_norm -> transpose -> linear(12) -> transpose)",
)
LOOKS_BACK = (
    "position_embedding -> gpt_block(4, drop=0)",
    "residual(pad(2, after=0) -> conv(32, 3, padding=0) -> relu)",
    "lstm(32)",
    "residual(layer_norm -> attention(4, causal=true, rotary=true))",
)


@pytest.mark.slow
@pytest.mark.parametrize("body", [*LEAKS, *LOOKS_BACK])
def test_a_loss_below_that_of_guessing_is_a_leak(body: str) -> None:
    text = f"""arch Test {{
  data  tokens({LENGTH}, vocab={VOCAB}, samples=100_000)
  task  next_token()
  model = embedding(32) -> {body} -> linear(vocab)
}}
"""
    named = bool(judged(text, Config(select=("P801",))))
    assert named == (body in LEAKS)
    loss = _trained(text)
    assert loss < 0.8 * log(VOCAB) if named else loss > 0.97 * log(VOCAB)


def _trained(text: str) -> float:
    """The mean loss of the last 50 of 400 steps, no token ever seen twice."""
    torch.manual_seed(0)
    model = archdsl.compile(text, terms=SILENT).module()
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    losses = []
    for _ in range(400):
        ids = torch.randint(VOCAB, (64, LENGTH + 1))
        logits = model(ids[:, :-1])
        loss = F.cross_entropy(logits.flatten(0, 1), ids[:, 1:].flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return sum(losses[-50:]) / 50
