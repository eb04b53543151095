"""Every metric is one file, found by its name, and says what there is to know of it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from archdsl.cost.catalog import every, find, takes_arguments, words
from archdsl.cost.compose import total
from archdsl.cost.metrics.memory import training
from archdsl.diagnostics import SpecError
from archdsl.evaluate.measures import measures_in
from archdsl.limits.meter import bound as bound_by
from archdsl.resolve.loading import load
from archdsl.source import Source
from archdsl.spec.constants import Quantity
from archdsl.spec.train.adafactor import Adafactor
from tests.cost.conftest import zoo

if TYPE_CHECKING:
    from archdsl.cost.metric import Metric

METRICS = pytest.mark.parametrize("metric", every(), ids=lambda metric: metric.word())
MODES = {
    "memory": (
        *("memory(training)", "memory(inference, batch=3)"),
        "memory(inference, precision=int8)",
    ),
    "weights_size": ("weights_size", "weights_size(precision=int8)"),
}


def calls(word: str) -> tuple[str, ...]:
    """A metric as a spec may write it, in every mode it has."""
    metric = find(word)
    assert metric is not None
    written = metric.signature.replace("DEVICE", "t4").replace("batch=", "batch=2") or word
    return MODES.get(word, (written,))


def bound(call: str, train: str = "") -> Metric:
    """A metric as a spec means it."""
    text = f"arch A {{ data table(8) {train} require {call} > 0 model = linear(8) }}"
    program = load(Source(text)).program()
    (measure,) = measures_in(program.requirements[0].condition)
    return bound_by(program, measure, program.clauses)


BOUND = pytest.mark.parametrize("call", [call for word in words() for call in calls(word)])


def test_there_are_the_metrics_that_the_language_promises() -> None:
    promised = "params macs flops weights_size depth min_width max_width receptive_field memory"
    assert {*promised.split(), "latency", "throughput"} <= {*words()}
    assert find("accuracy") is None


@METRICS
def test_a_metric_is_called_as_its_file_and_says_what_it_means(metric: type[Metric]) -> None:
    assert find(metric.word()) is metric
    assert metric.meaning().endswith(".")
    assert "\n" not in metric.meaning()
    assert metric.dimension in ("", "bytes", "seconds")
    assert metric.signature.partition("(")[0] in ("", metric.word())
    assert takes_arguments(metric.word()) is bool(metric.signature)


@BOUND
def test_a_bound_metric_measures_in_its_unit(call: str) -> None:
    metric = bound(call)
    value: Any = metric.of(zoo("resnet18"))
    number, dimension = value if isinstance(value, Quantity) else (value, "")
    assert number > 0
    assert dimension == metric.dimension


@BOUND
def test_a_sum_that_a_metric_follows_from_gives_its_value(call: str) -> None:
    metric: Any = bound(call)
    graph = zoo("resnet18")
    totals = [total(cost, graph) for cost in metric.compositions]
    assert metric.value(*totals) == metric.of(graph)
    if metric.weights is None:
        assert metric.rising is None
        return
    amounts = [amount for one in totals for amount in one]
    exact = sum(w * a for w, a in zip(metric.weights, amounts, strict=True))
    assert metric.of_sum(int(exact)) == metric.of(graph)
    assert (metric.of_sum(2 * int(exact)) > metric.of(graph)) is metric.rising


@BOUND
def test_metrics_that_read_alike_are_equal(call: str) -> None:
    assert bound(call) == bound(call)
    assert hash(bound(call)) == hash(bound(call))
    assert bound(call) != bound("params" if call == "macs" else "macs")


@METRICS
@pytest.mark.parametrize("arguments", ["3", "t4, t4", "t4, size=2", "t4, batch=0", "batch=1.5"])
def test_arguments_that_a_metric_does_not_take_are_refused(
    metric: type[Metric], arguments: str
) -> None:
    with pytest.raises(SpecError) as caught:
        bound(f"{metric.word()}({arguments})")
    (found,) = caught.value.diagnostics
    assert found.code == "E431"
    assert (metric.signature or metric.word()) in found.needed


def test_arguments_that_are_needed_are_asked_for() -> None:
    with pytest.raises(SpecError) as caught:
        bound("latency")
    (found,) = caught.value.diagnostics
    assert (found.code, found.needed) == ("E431", "`latency(DEVICE, batch=)`")


def test_a_part_of_a_byte_is_dropped_once() -> None:
    graph = zoo("resnet18")
    kept = training(graph, None, 3).saved
    exact = Fraction(2 * 11_689_512) * (2 + Fraction(66, 100)) + Fraction(kept, 2)
    metric = bound("memory(training)", "train adafactor(batch=3, precision=bf16)")
    assert metric.of(graph) == Quantity(int(exact), "bytes")
    assert sum(training(graph, Adafactor(precision="bf16"), 3)) == int(exact)
