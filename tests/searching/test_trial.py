"""A design as evaluators see it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import archdsl
from archdsl.api import read
from archdsl.searching.evaluators.trial import Stopped, Subject, Trial, numbers
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
    for wrong in ([0.5], 3, None, {"a": "much"}, {"a": None}):
        with pytest.raises(TypeError, match="an evaluator gives a mapping"):
            numbers(wrong)


def test_the_representation_is_short() -> None:
    assert repr(trial()).startswith('Trial(3, {"depth"')
