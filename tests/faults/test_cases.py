"""Faults that people met: each file says in its first line what is right, and that is told."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import archdsl
from archdsl.fixing import fix
from archdsl.runtime.module import load

if TYPE_CHECKING:
    from collections.abc import Callable

CASES = Path(__file__).parents[3] / "shared" / "cases" / "faults"

pytestmark = pytest.mark.skipif(not CASES.exists(), reason="the cases are not at hand")


def error(text: str, code: str) -> archdsl.Diagnostic:
    """The one error of a text, which has this code."""
    (found,) = [d for d in archdsl.check(text).diagnostics if d.severity is archdsl.Severity.ERROR]
    assert found.code == code
    return found


def finding(text: str, code: str) -> archdsl.Diagnostic:
    (found,) = [d for d in archdsl.check(text).diagnostics if d.code == code]
    return found


def mended(text: str) -> archdsl.Report:
    """What is left of a text whose fixes are all applied, which changes something."""
    fixed = fix(text, unsafe=True)
    assert fixed.text != text
    return fixed.report


def avg_pool_of_a_volume(text: str) -> None:
    found = error(text, "E301")
    written = found.help.partition("`")[2].partition("`")[0]
    assert found.span is not None
    call = "avg_pool(3, stride=1)"
    assert call in text
    assert archdsl.check(text.replace(call, written)).ok


def batch_of_one(text: str) -> None:
    found = error(text, "P709")
    assert found.span is not None
    assert found.span.text == "batch_norm"


def bytes_are_no_unit(text: str) -> None:
    assert archdsl.check(text).ok


def class_named_like_an_import(text: str) -> None:
    module = archdsl.compile(text).module()
    assert sum(type(part).__module__.startswith("torch_geometric") for part in module.modules()) > 1


def constructor_that_lies(text: str) -> None:
    import torch

    cell: Any = load(archdsl.compile(text).source, "cells").Cell
    assert [*inspect.signature(cell).parameters][:3] == ["in_channels", "width", "stride"]
    assert cell(8, 16, stride=4)(torch.zeros(2, 8, 32, 32)).shape == (2, 16, 8, 8)


def even_kernels_grow(text: str) -> None:
    found = [d for d in archdsl.check(text).diagnostics if d.code == "P710"]
    told = " ".join(part for one in found for part in (one.message, one.help, *one.notes))
    assert all(word in told for word in ("33", "29", "TensorFlow", "PyTorch"))


def fix_behind_outputs(text: str) -> None:
    """With `linear(1000)` all layers were one linear map (P803): where they bend it is a fix."""
    assert error(text, "E442").fix is None
    assert mended(text.replace("-> global_avg_pool", "-> relu -> global_avg_pool")).ok


def fix_renames_into_a_wrong_type(text: str) -> None:
    assert error(text, "E402").fix is None
    assert fix(text, unsafe=True).text == text


def flow_thrown_away(text: str) -> None:
    error(text, "E214")


def largest_layer_of_a_merge(text: str) -> None:
    assert "the largest layer has 10,100" in finding(text, "P501").help


def lateral_of_another_size(text: str) -> None:
    found = error(text, "E301")
    assert found.span is not None
    assert found.span.text.startswith("add(")
    told = " ".join((found.message, *(label.text for label in found.trail)))
    assert "16×85×170" in told
    assert "16×86×170" in told
    assert mended(text).ok


def metric_in_a_let(text: str) -> None:
    found = error(text, "E433")
    assert "`require params" in found.help


def norm_of_one_value(text: str) -> None:
    error(text, "E301")


def odd_stride_decoder(text: str) -> None:
    found = error(text, "E442")
    assert "3198" in found.message
    assert "stride=5, output_padding=1" in found.help
    assert mended(text).ok


def one_class_for_two_slopes(text: str) -> None:
    source = archdsl.compile(text).source
    assert source.count("\nclass ") == 2


RIGHT: dict[str, Callable[[str], None]] = {
    check.__name__: check
    for check in (
        avg_pool_of_a_volume,
        batch_of_one,
        bytes_are_no_unit,
        class_named_like_an_import,
        constructor_that_lies,
        even_kernels_grow,
        fix_behind_outputs,
        fix_renames_into_a_wrong_type,
        largest_layer_of_a_merge,
        lateral_of_another_size,
        metric_in_a_let,
        norm_of_one_value,
        odd_stride_decoder,
        one_class_for_two_slopes,
    )
} | dict.fromkeys(("flow_thrown_away_copies", "flow_thrown_away_parentheses"), flow_thrown_away)


def test_every_case_is_looked_at():
    assert {file.stem for file in CASES.glob("*.arch")} == RIGHT.keys()


@pytest.mark.parametrize("name", RIGHT)
def test_a_case_is_told_as_it_should(name: str):
    RIGHT[name]((CASES / f"{name}.arch").read_text(encoding="utf-8"))
