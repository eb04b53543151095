"""The training loop: what it does as its clause says, and how it ends."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pytest
import torch

from archdsl.runtime.extras import BadInput
from archdsl.runtime.live.learning import loop
from archdsl.runtime.live.learning import settled as settled_module
from archdsl.runtime.live.learning.batches import mixed
from archdsl.runtime.live.learning.progress import Epoch, Stopped, best_of
from archdsl.runtime.live.learning.settled import settled
from archdsl.runtime.module import build
from archdsl.spec import catalog
from tests.runtime_live.trained import case

LINEAR = "linear(classes)"


def _weights(learned):
    return {name: value.clone() for name, value in learned.module.state_dict().items()}


def _same(one, other):
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


@pytest.mark.parametrize("word", catalog.words("train"))
def test_every_optimizer_learns(word: str) -> None:
    rate = {"sgd": 0.1, "adadelta": 1.0, "adagrad": 0.1, "lion": 0.003}.get(word, 0.02)
    found = case(f"{word}(batch=16, epochs=12, lr={rate})").learned()
    assert found.ended == "finished"
    assert found.test()["accuracy"] > 0.7
    assert found.epochs[-1].loss < found.epochs[0].loss


def test_it_learns_what_a_loop_by_hand_learns() -> None:
    given = case("sgd(batch=30, lr=0.1, momentum=0.9, epochs=3)", LINEAR)
    found = given._replace(data=given.data._replace(validation=None)).learned()
    torch.manual_seed(0)
    by_hand = build(given.graph)
    optimizer = torch.optim.SGD(by_hand.parameters(), lr=0.1, momentum=0.9)
    for number in (1, 2, 3):
        for (x,), y in given.data.training.epoch(mixed(0, number)):
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(by_hand(x), y).backward()
            optimizer.step()
    assert _same(by_hand.state_dict(), found.module.state_dict())


def test_the_same_seed_gives_the_same_weights_whatever_chance_was_before() -> None:
    given = case("adam(batch=16, epochs=2)")
    one = _weights(given.learned())
    torch.rand(5)
    assert _same(one, _weights(given.learned()))
    assert not _same(one, _weights(given.learned(seed=1)))


def test_chance_and_threads_are_left_as_they_were() -> None:
    torch.manual_seed(5)
    state, threads = torch.get_rng_state(), torch.get_num_threads()
    given = case("adam(batch=16, epochs=1)")
    state = torch.get_rng_state()
    torch.set_num_threads(2)
    given.learned()
    assert torch.get_num_threads() == 2
    assert torch.equal(torch.get_rng_state(), state)
    with settled(given.graph, 16, "cpu"):
        assert torch.get_num_threads() == 1
    with settled(given.graph, 10**9, "cpu"):
        assert torch.get_num_threads() == 2
    torch.set_num_threads(threads)


def test_kernels_that_add_up_in_one_order_are_asked_for_on_a_card_alone() -> None:
    with settled_module._deterministic():
        assert torch.are_deterministic_algorithms_enabled()
        assert torch.is_deterministic_algorithms_warn_only_enabled()
        assert not torch.utils.deterministic.fill_uninitialized_memory
    assert not torch.are_deterministic_algorithms_enabled()
    assert torch.utils.deterministic.fill_uninitialized_memory
    with settled(case("adam(batch=16)").graph, 16, "cpu"):
        assert not torch.are_deterministic_algorithms_enabled()


def test_the_weights_kept_are_those_of_the_best_epoch() -> None:
    given = case("sgd(batch=8, lr=1.5, epochs=10)")
    found = given.learned()
    ranks = [(e.validation["error"], e.validation["loss"], e.number) for e in found.epochs]
    assert found.best == min(ranks)[-1] < 10
    judged = given._replace(data=given.data._replace(test=given.data.validation))
    stopped = judged.learned(_stopping_at(found.best))
    assert _same(stopped.module.state_dict(), found.module.state_dict())
    assert stopped.test()["error"] == found.metrics["error"]


def _stopping_at(last: int):
    def report(epoch):
        if epoch.number == last:
            raise Stopped

    return report


def _epochs(*errors: float) -> list[Epoch]:
    return [
        Epoch(number, 1.0, {"error": error, "loss": 1 - number / 100}, 0.1, 0.0)
        for number, error in enumerate(errors, 1)
    ]


def test_the_best_epoch_has_the_least_error_and_of_equals_the_least_loss() -> None:
    assert best_of(_epochs(0.5, 0.2, 0.2, 0.3), ("error", "loss")) == 3
    assert (
        best_of([epoch._replace(validation={}) for epoch in _epochs(0.1, 0.2)], ("error", "loss"))
        == 2
    )
    assert best_of([], ("error", "loss")) == 0


def test_patience_ends_a_training_that_gets_no_better() -> None:
    found = case("sgd(batch=16, lr=1e-9, epochs=50, patience=3, momentum=0)", LINEAR).learned()
    assert found.ended == "patience"
    assert len(found.epochs) == found.best + 3 < 50
    assert "3 epochs brought nothing better" in found.reason


def test_gradients_are_clipped_to_a_norm() -> None:
    given = case("sgd(batch=150, lr=1, epochs=1, clip=0.01)", LINEAR)
    torch.manual_seed(0)
    start = build(given.graph).state_dict()
    found = given.learned().module.state_dict()
    moved = math.sqrt(sum(float((found[n] - start[n]).square().sum()) for n in found))
    assert moved == pytest.approx(0.01, rel=1e-4)


def test_a_loss_that_is_no_number_ends_it_with_the_reason() -> None:
    found = case("sgd(batch=16, lr=1e30, epochs=9)", "linear(8) -> linear(classes)").learned()
    assert found.ended == "diverged"
    assert found.reason in ("the loss was nan in epoch 1", "the loss was inf in epoch 1")
    assert found.best == 0
    assert found.metrics == {}


def test_what_diverges_later_keeps_what_it_had() -> None:
    def spoil(epoch):
        if epoch.number == 2:
            with torch.no_grad():
                module.get_parameter("linear.weight").fill_(math.inf)

    given = case("sgd(batch=16, lr=0.1, epochs=9)", LINEAR)
    module = build(given.graph)
    found = given.learned(spoil, None, module)
    assert found.ended == "diverged"
    assert "in epoch 3" in found.reason
    assert found.best in (1, 2)
    assert found.module is module
    assert torch.isfinite(module.get_parameter("linear.weight")).all()
    assert found.test()["accuracy"] > 0.4


def test_a_report_may_stop_it() -> None:
    def report(epoch):
        if epoch.number == 2:
            raise Stopped("the others are better")

    found = case("adam(batch=16, epochs=9)").learned(report)
    assert (found.ended, found.reason) == ("stopped", "the others are better")
    assert len(found.epochs) == 2


def test_what_else_a_report_raises_goes_on_to_the_caller() -> None:
    def report(epoch):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        case("adam(batch=16, epochs=9)").learned(report)


def test_time_ends_it_in_the_middle_of_an_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter(range(10_000))
    monkeypatch.setattr(loop, "time", SimpleNamespace(perf_counter=lambda: float(next(ticks))))
    found = case("adam(batch=2, epochs=9)").learned(seconds=20)
    assert (found.ended, found.reason) == ("time", "20 seconds are over")
    assert len(found.epochs) == 1
    assert found.epochs[0].validation["error"] > 0


def test_without_samples_for_validation_the_last_epoch_is_kept() -> None:
    given = case("adam(batch=16, epochs=3, patience=1)")
    found = given._replace(data=given.data._replace(validation=None)).learned()
    assert (found.best, found.ended, found.metrics) == (3, "finished", {})


def test_numbers_are_learned() -> None:
    given = case("adam(batch=16, epochs=40, lr=0.02)", "linear(16) -> relu -> linear(targets)", 0)
    found = given.learned()
    assert found.test()["r2"] > 0.6
    assert set(found.metrics) == {"rmse", "loss", "mae", "r2"}


def test_two_classes_are_learned_by_one_score() -> None:
    found = case("adam(batch=16, epochs=20, lr=0.02)", LINEAR, classes=1).learned()
    assert found.test()["auroc"] > 0.8


def test_a_device_that_is_not_there_is_refused() -> None:
    given = case("adam(batch=16)")
    with pytest.raises(BadInput, match="a device is cpu or cuda, not tpu"):
        given.learned(device="tpu")
    if not torch.cuda.is_available():
        with pytest.raises(BadInput, match="PyTorch finds no graphics card here"):
            given.learned(device="cuda")


@pytest.mark.parametrize("word", ["fp32", "bf16", "fp16", "amp"])
def test_every_precision_learns_on_a_processor(word: str) -> None:
    found = case(f"adam(batch=16, epochs=15, lr=0.02, precision={word})").learned()
    stored = {value.dtype for value in found.module.parameters()}
    assert stored == {torch.bfloat16 if word == "bf16" else torch.float32}
    assert found.test()["accuracy"] > 0.7
    assert found.precision.startswith(word)


def test_half_precision_without_a_graphics_card_is_told() -> None:
    found = case("adam(batch=16, epochs=1, precision=fp16)").learned()
    assert found.precision == "fp16, which is bfloat16 on a processor"
