"""Trials that end early: by the published rule, as Optuna applies it, and saving epochs."""

from __future__ import annotations

import logging
from random import Random
from typing import TYPE_CHECKING, get_args

import optuna
import pytest

from archdsl.searching.fidelity import POLICIES, Halving, Hyperband, pruning, rungs
from archdsl.spec.search.auto import Auto

if TYPE_CHECKING:
    from collections.abc import Iterator

EPOCHS = 27


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logger = logging.getLogger("optuna")
    level = logger.level
    logger.setLevel(logging.ERROR)
    yield
    logger.setLevel(level)


def _learning(trial: int) -> list[float]:
    """The accuracy of a trial after each epoch: it rises to a height of its own, with noise."""
    random = Random(trial)
    height, pace = random.uniform(0.5, 1), random.uniform(0.1, 0.6)
    return [height * (1 - (1 - pace) ** e) + random.gauss(0, 0.01) for e in range(1, EPOCHS + 1)]


def _run(policy: Halving, trials: int) -> dict[int, dict[int, float]]:
    curves: dict[int, dict[int, float]] = {}
    for number in range(trials):
        curves[number] = {}
        for epoch, value in enumerate(_learning(number), 1):
            curves[number][epoch] = value
            if epoch < EPOCHS and policy.stops(number, epoch, curves):
                break
    return curves


def test_rungs_grow_by_the_factor_and_end_before_the_last_epoch() -> None:
    assert rungs(1, 3, 27) == (1, 3, 9)
    assert rungs(2, 2, 17) == (2, 4, 8, 16)
    assert rungs(5, 3, 5) == ()


@pytest.mark.parametrize("direction", ["maximize", "minimize"])
@pytest.mark.parametrize("factor", [2, 3, 4])
def test_halving_stops_the_trials_that_optuna_stops(direction: str, factor: int) -> None:
    policy = Halving(direction, EPOCHS, 1, factor)
    study = optuna.create_study(
        direction=direction,
        pruner=optuna.pruners.SuccessiveHalvingPruner(min_resource=1, reduction_factor=factor),
    )
    sign = 1 if direction == "maximize" else -1
    curves: dict[int, dict[int, float]] = {}
    states, stopped = optuna.trial.TrialState, 0
    for number in range(60):
        trial = study.ask()
        curves[number] = {}
        values = sorted(_learning(number))  # rising: the best value is the last one
        for epoch, value in enumerate(values, 1):
            curves[number][epoch] = sign * value
            trial.report(sign * value, epoch)
            ours = policy.stops(number, epoch, curves)
            assert ours == trial.should_prune(), (number, epoch)
            if ours:
                break
        stopped += ours
        study.tell(trial, None if ours else sign * value, states.PRUNED if ours else None)
    assert 20 < stopped < 60


def test_halving_takes_a_fraction_of_the_epochs_and_keeps_a_good_trial() -> None:
    curves = _run(Halving("maximize", EPOCHS), 81)
    epochs = sum(map(len, curves.values()))
    assert epochs < 0.3 * 81 * EPOCHS
    whole = sorted((max(_learning(i)) for i in range(81)), reverse=True)
    best = max(max(c.values()) for c in curves.values() if len(c) == EPOCHS)
    assert best >= whole[4]


def test_what_is_decided_follows_from_the_reports_alone() -> None:
    curves = _run(Halving("maximize", EPOCHS), 40)
    for number in (7, 23, 39):
        before = {i: c for i, c in curves.items() if i < number}
        for epoch in curves[number]:
            so_far = {e: v for e, v in curves[number].items() if e <= epoch}
            again = Halving("maximize", EPOCHS).stops(number, epoch, {**before, number: so_far})
            assert again == (epoch == max(curves[number]) < EPOCHS)


def test_the_best_value_up_to_a_rung_counts_and_no_number_is_the_worst() -> None:
    policy = Halving("maximize", 9, first=3)
    fallen = {0: {1: 0.9, 2: 0.8, 3: 0.1}, 1: {3: 0.5}, 2: {3: 0.6}}
    assert not policy.stops(0, 3, fallen)
    assert policy.stops(1, 3, fallen)
    assert policy.stops(3, 3, {**fallen, 3: {1: float("nan"), 3: float("nan")}})


def test_a_rung_between_two_reports_is_decided_at_the_second_and_once() -> None:
    policy = Halving("maximize", 27, first=3)
    good = {i: {2: 0.9, 4: 0.9} for i in range(3)}
    assert not policy.stops(9, 2, {**good, 9: {2: 0.1}})
    assert policy.stops(9, 4, {**good, 9: {2: 0.1, 4: 0.2}})
    assert not policy.stops(9, 6, {**good, 9: {2: 0.1, 4: 0.2, 6: 0.3}})


def test_the_first_trial_to_come_to_a_rung_goes_on() -> None:
    assert not Halving("minimize", 9).stops(0, 1, {0: {1: 5.0}, 1: {}})


def test_brackets_of_hyperband_begin_later_and_cost_about_the_same() -> None:
    policy = Hyperband("maximize", EPOCHS)
    trials = 2_000
    brackets = [policy.bracket(number) for number in range(trials)]
    counts = [brackets.count(b) for b in range(4)]
    assert [policy.rungs(brackets.index(b)) for b in range(4)] == [(1, 3, 9), (3, 9), (9,), ()]
    # As published for R = 27, η = 3: 27, 12, 6 and 4 configurations begin in the brackets.
    for count, published in zip(counts, (27, 12, 6, 4), strict=True):
        assert count / trials == pytest.approx(published / 49, abs=0.04)


def test_hyperband_holds_a_trial_against_its_own_bracket() -> None:
    policy = Hyperband("maximize", EPOCHS)
    of_first = [n for n in range(100) if policy.bracket(n) == 0]
    others = [n for n in range(100) if policy.bracket(n) == 1]
    better = {n: {1: 0.9} for n in others}
    assert not policy.stops(of_first[0], 1, {**better, of_first[0]: {1: 0.1}})
    rivals = {n: {1: 0.9} for n in of_first[1:5]}
    assert policy.stops(of_first[0], 1, {**rivals, of_first[0]: {1: 0.1}})


def test_a_search_clause_names_the_policy() -> None:
    assert pruning(Auto(), "minimize", 9) is None
    assert type(pruning(Auto(prune="halving"), "minimize", 9)) is Halving
    found = pruning(Auto(prune="hyperband", rung=2), "minimize", 9)
    assert type(found) is Hyperband
    assert found.first == 2
    every = get_args(Auto.model_fields["prune"].annotation)
    assert set(every) == {"none", *POLICIES}


def test_a_factor_of_one_is_refused() -> None:
    with pytest.raises(ValueError, match="factor"):
        Halving("minimize", 9, 1, 1)
