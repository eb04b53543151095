"""How what verify finds is told, and what no spec can show."""

from __future__ import annotations

import json

import torch

import archdsl
from archdsl.runtime.module import build
from tests.runtime_live.specs import SPECS
from tests.runtime_live.verdict_cases import UNSOUND


def _of(text):
    return archdsl.verify(text, fits=False).findings


def test_a_finding_stands_at_its_layer_with_what_is_needed_and_a_way_out():
    text = UNSOUND["language model, symmetric convolution"].text
    (found,) = _of(text)
    assert text[found.span.start : found.span.end] == "conv(32, 5)"
    assert "changes with what comes after position" in found.message
    assert found.needed
    assert "causal=true" in found.help


def test_samples_that_mix_are_found(monkeypatch):
    def mixing(graph):
        module = build(graph)
        module.register_forward_hook(lambda _, __, given: given + given.mean(0))
        return module

    monkeypatch.setattr("archdsl.runtime.live.verify.build", mixing)
    assert [found.code for found in _of(SPECS["table"])] == ["V305"]


def test_a_wrong_prediction_is_a_finding(monkeypatch):
    monkeypatch.setattr("archdsl.ops.dense.linear.Linear.params", lambda *_: 1)
    (found,) = _of(SPECS["table"])
    assert (found.code, found.needed) == ("V101", "2")


def test_the_same_seed_gives_the_same_verdict_and_the_callers_numbers_are_left_alone():
    torch.manual_seed(3)
    first = archdsl.verify(SPECS["table"])
    drawn = torch.rand(1)
    torch.manual_seed(3)
    assert torch.equal(torch.rand(1), drawn)
    second = archdsl.verify(SPECS["table"])
    assert second._replace(fit=None) == first._replace(fit=None)
    assert second.fit._replace(seconds=0) == first.fit._replace(seconds=0)


def test_the_document_holds_findings_and_the_fit(run, folder):
    (folder / "soft.arch").write_text(UNSOUND["softmax on logits"].text)
    result = run("verify", "soft.arch", "--format", "json")
    assert result.exit_code == 1
    document = json.loads(result.stdout)
    assert [one["code"] for one in document["findings"]] == ["V401"]
    assert (document["fit"]["fits"], document["fit"]["answers"]) == (False, 8)


def test_without_time_nothing_is_claimed(run):
    result = run("verify", "table.arch", "--seconds", "0.0001")
    assert result.exit_code == 0
    assert "note[V403]" in result.stderr
    assert "learned" not in result.stdout
