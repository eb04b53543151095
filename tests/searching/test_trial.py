"""A design as evaluators see it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import archdsl
from archdsl.api import judging_of, read
from archdsl.searching.asking import Asked, plan_of
from archdsl.searching.candidates import Candidates
from archdsl.searching.evaluators.named import evaluator_of
from archdsl.searching.evaluators.trial import Stopped, Subject, Trial, numbers
from archdsl.searching.troubles import SearchError
from tests.searching.searches import SPEC

if TYPE_CHECKING:
    from pathlib import Path


def trial(**given: Any) -> Trial:
    """The first design that is drawn."""
    (design,) = archdsl.sample(SPEC)
    return Trial(Subject(read(SPEC).source), 3, design, **given)


def test_its_text_is_a_spec_without_choices() -> None:
    one = trial()
    assert archdsl.count(one.text).high == 1
    closed = archdsl.compile(one.text)
    assert (closed.params, closed.macs) == (one.compiled.params, one.compiled.macs)


def test_its_document_and_its_spec_are_the_same_network() -> None:
    one = trial()
    again = archdsl.compile(one.spec, design=json.loads(one.document))
    assert again.source == one.compiled.source


def test_it_makes_a_module() -> None:
    import torch

    one = trial()
    assert one.module()(torch.zeros(2, 3, 32, 32)).shape == (2, 10)
    assert sum(p.numel() for p in one.module().parameters()) == one.compiled.params


def test_its_folder_is_made_when_it_is_asked_for(tmp_path: Path) -> None:
    one = trial(folder=tmp_path / "trials" / "00003")
    assert not (tmp_path / "trials").exists()
    assert one.folder.is_dir()
    with pytest.raises(ValueError, match="no folder"):
        _ = trial().folder


def test_what_it_reports_is_heard_and_may_end_it() -> None:
    heard: list[tuple[int, dict[str, float]]] = []

    def report(epoch: int, metrics: Any) -> bool:
        heard.append((epoch, metrics))
        return epoch < 2

    one = trial(report=report)
    one.report(1, {"accuracy": 0.5})
    with pytest.raises(Stopped):
        one.report(2, {"accuracy": 0.25})
    assert heard == [(1, {"accuracy": 0.5}), (2, {"accuracy": 0.25})]
    trial().report(1, {"accuracy": 0.5})  # nobody hears


def test_being_stopped_is_no_exception_that_an_evaluator_would_swallow() -> None:
    assert not issubclass(Stopped, Exception)


def test_metrics_are_any_mapping_of_numbers() -> None:
    import numpy as np

    assert numbers({"a": np.float32(0.5), "b": True, 3: 1}) == {"a": 0.5, "b": 1.0, "3": 1.0}
    for wrong in ([0.5], 3, None):
        with pytest.raises(TypeError, match="an evaluator gives a mapping"):
            numbers(wrong)


def test_the_representation_is_short() -> None:
    assert repr(trial()).startswith('Trial(3, {"depth"')


class _Unshown:
    def __repr__(self) -> str:
        raise ValueError


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("good", "the metric `accuracy` is 'good'; it has to be a number"),
        (None, "the metric `accuracy` is None; it has to be a number"),
        (
            10**400,
            "the metric `accuracy` is a number beyond those of 64 bits, which end at 1.8e308",
        ),
        ("a" * 1000, f"the metric `accuracy` is '{'a' * 59}…; it has"),
        (_Unshown(), "the metric `accuracy` is _Unshown that cannot be shown;"),
    ],
)
def test_a_metric_that_is_no_number_is_told_by_its_name(value: Any, told: str) -> None:
    with pytest.raises(TypeError) as caught:
        numbers({"loss": 0.5, "accuracy": value})
    assert str(caught.value).startswith(told)


def _of_two(trial: Trial, other: int) -> dict[str, float]:
    return {}


async def _later(trial: Trial) -> dict[str, float]:
    return {}


@pytest.mark.parametrize(
    ("evaluator", "told"),
    [
        ("math:pow", "`math:pow` cannot be called with a trial: it takes"),
        ("math:pi", "`math:pi` cannot be called"),
        ("math:sinn", "`math` has no `sinn`"),
        (_of_two, r"`_of_two` cannot be called with a trial: it takes \(trial: .*, other: "),
        (_later, "`_later` does not return when it is called"),
    ],
)
def test_what_cannot_take_a_trial_is_refused_before_any(evaluator: Any, told: str) -> None:
    judging = judging_of(read(SPEC), None)
    with pytest.raises(SearchError, match=f"E917: .*{told}"):
        plan_of(judging, Candidates(judging), Asked(evaluator=evaluator))


def test_an_evaluator_of_a_module_that_is_not_loaded_yet_is_held_to_it_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "of_two_alone.py").write_text("def f(a, b): ...\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(SearchError, match=r"E917: .* it takes \(a, b\)"):
        evaluator_of("of_two_alone:f")
    assert evaluator_of("math:floor")  # which takes one


@pytest.mark.parametrize("evaluator", ["math:floor", None])
def test_targets_without_data_are_refused(evaluator: str | None) -> None:
    with pytest.raises(SearchError, match="E922: targets are columns of a table"):
        archdsl.search(SPEC, targets=("y",), evaluator=evaluator)
