"""Random specs whose rows are of different lengths: refused, or deaf to what stands in padding."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import torch

import archdsl
from archdsl.types import Auxiliary, Outputs, Sequence, Tokens, padding
from tests.property.authoring import spec
from tests.property.running import BATCH, counted_macs, inputs
from tests.property.test_valid_specs import design
from tests.unjudged import UNJUDGED

if TYPE_CHECKING:
    from torch import Tensor, nn

    from archdsl.api import Compiled
    from archdsl.types import TensorType

CHUNK = 100
CHUNKS = [
    pytest.param(
        range(first, first + CHUNK), id=str(first), marks=[pytest.mark.slow] if first else []
    )
    for first in range(0, 1_000, CHUNK)
]
ROWS = re.compile(r"(data (?:series|tokens)\([^()]*)\)")


@pytest.mark.filterwarnings("ignore:dropout option adds dropout:UserWarning")
@pytest.mark.parametrize("seeds", CHUNKS)
def test_what_stands_in_padding_changes_nothing(seeds: range) -> None:
    tried, wrong = 0, {}
    for seed in seeds:
        pair = _compiled(seed)
        if pair is not None:
            tried += 1
            if told := _complaint(*pair):
                wrong[seed] = told
    assert wrong == {}
    assert tried >= len(seeds) // 50


def _compiled(seed: int) -> tuple[Compiled, Compiled] | None:
    """A spec of one series or text with rows of one length, and of different ones; None where
    that is refused, or it has another kind of data."""
    drawn = spec(seed)
    if not ROWS.search(drawn.text):
        return None
    chosen = design(drawn)
    try:
        text = ROWS.sub(r"\1, padded=true)", drawn.text)
        padded = archdsl.compile(text, design=chosen, terms=UNJUDGED)
    except archdsl.SpecError as refused:
        if {found.code for found in refused.diagnostics} != {"E302"}:
            raise
        return None
    return archdsl.compile(drawn.text, design=chosen, terms=UNJUDGED), padded


def _complaint(plain: Compiled, padded: Compiled) -> str:
    """What padding changes that it should not."""
    if (plain.params, counted_macs(plain, 1)) != (padded.params, counted_macs(padded, 1)):
        return "other costs"
    one, other = plain.module().eval(), padded.module().eval()
    weights = zip(other.state_dict(), one.state_dict().values(), strict=True)  # named otherwise
    other.load_state_dict(dict(weights))
    takes = plain.graph.model.takes
    assert isinstance(takes, (Sequence, Tokens))
    (x,) = inputs(takes)
    lengths = torch.full((BATCH,), takes.length)
    pairs = zip(_results(one, x), _results(other, x, lengths), strict=True)
    if not all(torch.allclose(a, b, atol=1e-5, equal_nan=True) for a, b in pairs):
        return "full rows give something else"
    lengths = torch.tensor([takes.length, takes.length - 1])
    changed = x.clone()
    changed[1, -1] = (x[1, -1] + 1) % takes.vocab if isinstance(takes, Tokens) else 9.0
    before, after = (_results(other, given, lengths) for given in (x, changed))
    out = padded.graph.model.out
    parts = out.parts if isinstance(out, Outputs) else (out,)
    parts = tuple(part for part in parts if not isinstance(part, Auxiliary))
    for part, a, b in zip(parts, before, after, strict=True):
        if not all(map(_alike, _rows(part, a, lengths), _rows(part, b, lengths))):
            return f"padding is read: {part}"
    return ""


def _results(module: nn.Module, *tensors: Tensor) -> tuple[Tensor, ...]:
    with torch.no_grad():
        found: Any = module(*tensors)
    return found if isinstance(found, tuple) else (found,)


def _rows(part: TensorType, result: Tensor, lengths: Tensor) -> list[Tensor]:
    """Of each sample what is told: where it has rows, what is within them."""
    rows = padding(part)
    if rows is None:
        return list(result)
    within = (lengths + rows.more) // rows.per
    return [row[: int(length)] for row, length in zip(result, within, strict=True)]


def _alike(one: Tensor, other: Tensor) -> bool:
    return torch.allclose(one, other, atol=1e-5, equal_nan=True)
