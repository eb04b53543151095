"""The learning rate over a training, held to torch's own schedules."""

from __future__ import annotations

from typing import get_args

import pytest
import torch
from torch.optim import SGD, lr_scheduler

from archdsl.runtime.extras import BadInput
from archdsl.runtime.live.learning.schedules import SCHEDULES, schedule_of
from archdsl.spec.train import Train
from archdsl.spec.train.sgd import Sgd
from tests.runtime_live.trained import case

EPOCHS, STEPS = 6, 5


def _optimizer() -> SGD:
    return SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.4)


def _rates(train: Train) -> list[float]:
    optimizer = _optimizer()
    schedule = schedule_of(train, optimizer, EPOCHS, STEPS)
    found = []
    for step in range(EPOCHS * STEPS):
        schedule.set(optimizer, step)
        found.append(optimizer.param_groups[0]["lr"])
    return found


def _theirs(make, steps: int = EPOCHS * STEPS) -> list[float]:
    optimizer = _optimizer()
    schedule = make(optimizer)
    found = []
    for _ in range(steps):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    return found


def test_every_word_of_the_clause_is_a_schedule() -> None:
    assert get_args(Train.model_fields["schedule"].annotation) == tuple(SCHEDULES)


PEERS = {
    "constant": lambda steps: lambda o: lr_scheduler.ConstantLR(o, factor=1),
    "linear": lambda steps: lambda o: lr_scheduler.LinearLR(o, 1, 0, steps),
    "cosine": lambda steps: lambda o: lr_scheduler.CosineAnnealingLR(o, steps),
    "step": lambda steps: lambda o: lr_scheduler.StepLR(o, steps // 3, gamma=0.1),
}


@pytest.mark.parametrize("word", SCHEDULES)
def test_it_is_that_of_torch(word: str) -> None:
    wanted = _theirs(PEERS[word](EPOCHS * STEPS))
    assert _rates(Sgd(schedule=word)) == pytest.approx(wanted)


@pytest.mark.parametrize("word", SCHEDULES)
def test_after_a_warm_up_it_goes_as_without_over_the_steps_that_are_left(word: str) -> None:
    found = _rates(Sgd(schedule=word, warmup=3))
    rising = _theirs(lambda o: lr_scheduler.LinearLR(o, 1 / 15, 1, 14), 15)
    assert found[:15] == pytest.approx(rising)
    assert found[15:] == pytest.approx(_theirs(PEERS[word](15), 15))


def test_a_warm_up_of_part_of_an_epoch_is_as_many_steps() -> None:
    assert _rates(Sgd(warmup=0.4))[:3] == pytest.approx([0.2, 0.4, 0.4])


def test_a_warm_up_that_never_ends_is_refused() -> None:
    with pytest.raises(BadInput, match="warmup=6 leaves nothing of a training of 6 epochs"):
        schedule_of(Sgd(warmup=6), _optimizer(), EPOCHS, STEPS)


def test_each_epoch_tells_the_rate_of_its_last_step() -> None:
    found = case("sgd(batch=30, lr=0.3, epochs=3, schedule=linear)").learned()
    assert [epoch.rate for epoch in found.epochs] == pytest.approx(
        [0.3 * (1 - step / 9) for step in (2, 5, 8)]
    )
