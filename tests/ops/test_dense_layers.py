"""The dense layers that ops declare are those of their modules, each called at most once."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.nn.utils.parametrize import is_parametrized

from archdsl.ops import catalog
from archdsl.ops.base import DenseLayer
from archdsl.ops.parameters import Bound
from tests.ops.against_torch import Built
from tests.ops.reading import CASES, Case

BATCH = 3
FAMILIES = sorted({catalog.family(case.word) for case in CASES})


def called(case: Case) -> list[DenseLayer]:
    """What flows through each dense layer of a module when it runs: no rows through one that waits
    for a finetuning."""
    built = Built(case.op, *case.takes)
    found: list[DenseLayer] = []
    ran: list[nn.Module] = []
    samples = 1 if case.takes[0].kind == "nodes" else BATCH

    def note(layer: nn.Module, given: tuple[torch.Tensor, ...], result: torch.Tensor) -> None:
        assert isinstance(layer, nn.Linear)
        once = len(given[0]) != samples  # the offsets of a bias, the same whatever the batch
        rows = result.numel() // layer.out_features // (1 if once else samples)
        found.append(DenseLayer(layer.in_features, layer.out_features, rows))
        ran.append(layer)

    parts = [] if built.module is None else list(built.module.modules())
    dense = [part for part in parts if isinstance(part, nn.Linear) and not is_parametrized(part)]
    for part in dense:
        part.register_forward_hook(note)
    if dense:
        built.run_module(*built.tensors(samples))
    assert len(set(ran)) == len(ran)
    waiting = [part for part in dense if part not in ran]
    return [*found, *(DenseLayer(part.in_features, part.out_features, 0) for part in waiting)]


@pytest.mark.parametrize("family", FAMILIES)
def test_they_are_those_that_run(family: str) -> None:
    cases = [case for case in CASES if catalog.family(case.word) == family]
    plain = [one for one in cases if not any(isinstance(v, Bound) for v in vars(one.op).values())]
    assert plain
    wrong = [one for one in plain if sorted(called(one)) != sorted(one.op.dense(*one.takes))]
    assert [str(one) for one in wrong] == []
