"""The training loop on a graphics card, where there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch

from archdsl.runtime.live.learning.loop import learn
from archdsl.runtime.live.learning.progress import Options, Stopped
from tests.runtime_live.trained import Case, case

if TYPE_CHECKING:
    from archdsl.runtime.live.learning.progress import Learned

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no graphics card")

PRECISIONS = ("fp32", "bf16", "fp16", "amp")
TRAIN = "adam(batch=16, epochs=15, lr=0.02, clip=5, schedule=cosine, precision={})"


def _learned(given: Case, *arguments) -> Learned:
    train = given.clauses.train
    assert train is not None
    options = Options.of(train, device="cuda")
    return learn(given.graph, given.clauses, given.data, options, *arguments)


def _same(one: Learned, other: Learned) -> bool:
    mine, theirs = one.module.state_dict(), other.module.state_dict()
    return all(torch.equal(mine[name], theirs[name]) for name in mine)


@pytest.mark.parametrize("word", PRECISIONS)
def test_every_precision_learns(word: str) -> None:
    found = _learned(case(TRAIN.format(word), device="cuda"))
    assert found.ended == "finished"
    assert found.test()["accuracy"] > 0.7
    assert {value.device.type for value in found.module.parameters()} == {"cuda"}


@pytest.mark.parametrize("word", PRECISIONS)
def test_the_same_seed_gives_the_same_weights_and_so_does_going_on(word: str, tmp_path) -> None:
    given = case(TRAIN.format(word), device="cuda")

    def stop(epoch):
        if epoch.number == 4:
            raise Stopped

    undisturbed = _learned(given)
    assert _same(_learned(given), undisturbed)
    _learned(given, stop, tmp_path / "c")
    assert _same(_learned(given, None, tmp_path / "c"), undisturbed)


def test_chance_on_the_card_is_left_as_it_was() -> None:
    given = case(TRAIN.format("fp32"), device="cuda")
    before = torch.cuda.get_rng_state()
    _learned(given)
    assert torch.equal(torch.cuda.get_rng_state(), before)
    assert not torch.are_deterministic_algorithms_enabled()
