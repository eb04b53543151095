"""What a spec requires of its designs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archdsl.cost.counts import params
from archdsl.diagnostics import Diagnostic, SpecError
from archdsl.limits.requirements import Violation, check_requirements
from archdsl.resolve.loading import load
from archdsl.source import Source
from archdsl.spec.constants import Quantity

if TYPE_CHECKING:
    from archdsl.evaluate.program import Requirement


def findings(clauses: str) -> list[Diagnostic]:
    text = f"arch A {{ data image(3, 32, 32) train adam(batch=4) {clauses} model = conv(8, 3) }}"
    program = load(Source(text)).program()
    return check_requirements(program, program.evaluate(lambda path, point: 0))


@pytest.mark.parametrize(
    "condition",
    [
        "params <= 224",
        "macs < 1M",
        "weights_size <= 1 KiB",
        "memory(training) <= 1 MiB",
        "memory(inference, batch=2) < 100 KiB",
        "latency(mobile_cpu) < 1 ms",
        "throughput(mobile_cpu, batch=8) > 1000",
        "all(params > 1, depth == 1)",
    ],
)
def test_a_requirement_that_holds_is_silent(condition: str) -> None:
    assert findings(f"require {condition}") == []


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("params <= 223", "it is 224"),
        ("weights_size <= 0.5 KiB", "it is 896 B"),
        ("depth >= 2", "it is 1"),
    ],
)
def test_a_requirement_that_is_missed_says_by_how_much(condition: str, words: str) -> None:
    (found,) = findings(f'require {condition}, "for the phone"')
    assert found.code == "E430"
    assert words in found.message
    assert "for the phone" in found.message


@pytest.mark.parametrize(
    ("condition", "code", "help"),
    [
        ("latency(mobile_cpo) < 1 s", "E432", "`mobile_cpu`"),
        ("memory(trainign) < 1 GiB", "E431", "`training`"),
        ("memory(training, batch=0) < 1 GiB", "E431", ""),
        ("latency() < 1 s", "E431", "`latency(t4)`"),
        ("throughput < 1", "E431", "`throughput(t4)`"),
        ("memory(training) < 5", "E226", "`weights_size` or `memory(…)` is told in bytes"),
        ("params < 5 ms", "E226", "`latency(…)` is told in seconds"),
        ("memory(training) < 5 s", "E226", ""),
    ],
)
def test_a_requirement_that_makes_no_sense_is_told(condition: str, code: str, help: str) -> None:
    with pytest.raises(SpecError) as caught:
        findings(f"require {condition}")
    (found,) = caught.value.diagnostics
    assert found.code == code
    assert help in found.help


@pytest.mark.parametrize(
    "condition", ["memory(inference) > 1 GiB", "latency(t4) >= 1 s", "1 KiB >= memory(inference)"]
)
def test_what_is_no_limit_of_a_metric_is_told_as_it_is_written(condition: str) -> None:
    (found,) = findings(f"require {condition}")
    assert found.code == "E430"
    assert condition in found.message


@pytest.mark.parametrize(
    ("condition", "amount"),
    [
        ("params <= 223", (224, 223)),
        ("weights_size <= 0.5 KiB", (896, 512)),
        ("1 KiB >= memory(inference)", (45952, 1024)),
        ("latency(t4) >= 1 s", (5.1436e-06, 1)),
        ("params / 2 == depth", (112, 1)),
        ("memory(inference) == 5", None),
        ("all(depth == 2)", None),
        ("depth == all(depth == 2)", None),
    ],
)
def test_a_requirement_that_is_missed_has_its_two_sides_as_numbers(condition, amount) -> None:
    (found,) = findings(f"require {condition}")
    assert found.rule == ""
    assert found.amount == (amount and pytest.approx(amount, rel=1e-5))


def test_what_no_float_holds_is_no_amount() -> None:
    assert Violation(requirement(), 10**400, 5).amount is None
    assert Violation(requirement(), float("inf"), 5).amount is None
    assert Violation(requirement(), Quantity(5, "bytes"), Quantity(5, "seconds")).amount is None


def requirement() -> Requirement:
    text = "arch A { data table(8) require params > 0 model = linear(8) }"
    return load(Source(text)).program().requirements[0]


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("params <= 223", "224"),
        ("44 KiB >= memory(inference)", "44.88 KiB"),
        ("memory(inference) == 44 KiB", "44.88 KiB"),
        ("latency(t4) == 5.14 us", "5.1436 us"),
    ],
)
def test_a_value_is_told_apart_from_its_limit(condition: str, told: str) -> None:
    (found,) = findings(f"require {condition}")
    assert told in found.message


def test_an_unknown_device_of_training_is_told() -> None:
    text = "arch A { data table(8) train sgd(batch=1, device=mobile_cpo) model = linear(8) }"
    program = load(Source(text)).program()
    with pytest.raises(SpecError) as caught:
        check_requirements(program, program.evaluate(lambda path, point: 0))
    (found,) = caught.value.diagnostics
    assert (found.code, found.span and found.span.text) == ("E432", "mobile_cpo")
    assert "`mobile_cpu`" in found.help


def test_a_device_of_the_spec_comes_before_one_that_ships() -> None:
    text = "device mobile_cpu(compute=1, bandwidth=1)\narch A { data image(3, 32, 32) "
    text += "require latency(mobile_cpu) > 1 s model = conv(8, 3) }"
    program = load(Source(text)).program()
    assert check_requirements(program, program.evaluate(lambda path, point: 0)) == []


@pytest.mark.parametrize("let", ["params", "depth + 1", "traffic(batch=4)"])
def test_no_let_can_read_a_metric_of_the_design_it_makes(let: str) -> None:
    text = f"arch A {{ data table(8) let width = {let} model = linear(width) }}"
    with pytest.raises(SpecError) as caught:
        load(Source(text)).program().evaluate(lambda path, point: 0)
    assert [one.code for one in caught.value.diagnostics] == ["E433"]


def test_a_block_may_be_called_like_a_metric() -> None:
    text = "block traffic(n) = linear(n)\narch A { data table(8) require traffic() > 1 KiB / 1024 "
    text += "let head = traffic(3) model { let a = traffic(3) return a -> head } }"
    program = load(Source(text)).program()
    evaluation = program.evaluate(lambda path, point: 0)
    assert check_requirements(program, evaluation) == []
    assert params(evaluation.graph) == 8 * 3 + 3 + 3 * 3 + 3
