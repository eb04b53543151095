"""A layer that merges others counts for itself alone where rules speak of single layers."""

from __future__ import annotations

import re

import pytest

import archdsl

MODELS = [
    "add(linear(100) -> relu -> linear(100) -> relu -> linear(100), identity) -> linear(classes)",
    "concat(linear(90), linear(200) -> linear(70)) -> relu -> linear(classes)",
    "mul(add(linear(100), linear(100)), mix(linear(100) -> sigmoid, linear(100), x)) -> linear(10)",
    "2 * add(linear(120) -> relu -> linear(100), x) -> linear(classes)",
    "linear(100) -> add(x, zero) -> linear(classes)",
]


@pytest.mark.parametrize("model", MODELS)
def test_the_largest_layer_is_the_one_torch_has(model: str) -> None:
    text = f"arch B {{ data table(100, samples=1000) task classify(10) model = {model} }}"
    (finding,) = (one for one in archdsl.check(text).diagnostics if one.code == "P501")
    named = re.search(r"the largest layer has ([\d,]+)", finding.help)
    assert named
    # an error has no module, so what is built is the same model without its samples
    module = archdsl.compile(text.replace(", samples=1000", "")).module()
    leaves = [part for part in module.modules() if not list(part.children())]
    largest = max(sum(p.numel() for p in leaf.parameters()) for leaf in leaves)
    assert int(named.group(1).replace(",", "")) == largest


def test_a_fault_reported_of_a_merge_names_its_own_layer() -> None:
    text = f"arch B {{ data table(100, samples=1000) task classify(10) model = {MODELS[0]} }}"
    (finding,) = (one for one in archdsl.check(text).diagnostics if one.code == "P501")
    assert "the largest layer has 10,100" in finding.help


def test_attention_of_an_odd_width_does_not_answer_for_its_memory() -> None:
    text = "arch B {{ data series(16, 8) train adamw(precision=bf16) model = linear(9) -> {} }}"
    memory = "attention(3, memory=linear(4096) -> linear(4096) -> linear(64)) -> linear(8)"
    assert "P707" not in [one.code for one in archdsl.check(text.format(memory)).diagnostics]
    alone = "attention(3) -> linear(8)"
    assert "P707" in [one.code for one in archdsl.check(text.format(alone)).diagnostics]
