"""The numbers that the principles are explained by come out exactly."""

from __future__ import annotations

import pytest

from archdsl.cost import counts
from archdsl.diagnostics import Severity
from archdsl.evaluate.designs import sampler
from archdsl.resolve.loading import load
from archdsl.rules.case import Case
from archdsl.rules.config import Config
from archdsl.rules.facts_capacity import ratio
from archdsl.rules.facts_ladder import Reading, for_sequence, for_table
from archdsl.source import Source
from tests.rules.literate import judged
from tests.rules.specs import SPECS, found_in

HOUSES = "data table(20, samples=1_000)\ntask regress(1)\nmodel = {}\n"
TRANSFORMER = (
    "reshape(1, length=20) -> linear(416) -> 5 * transformer_encoder(8, hidden=1547)"
    " -> layer_norm -> mean_over -> linear(180) -> relu -> linear(1)"
)


def case_of(body: str) -> Case:
    program = load(Source(f"arch Test {{\n{body}}}\n", "test.arch")).program()
    return Case(program, program.evaluate(sampler(0)))


def test_a_linear_model_of_house_prices_has_21_parameters_and_nothing_is_said() -> None:
    assert counts.params(case_of(HOUSES.format("linear(1)")).graph) == 21
    assert judged(HOUSES.format("linear(1)"), Config()) == []


def test_a_transformer_of_house_prices_has_ten_thousand_parameters_a_sample() -> None:
    case = case_of(HOUSES.format(TRANSFORMER))
    assert counts.params(case.graph) == 10_000_000
    assert case.fact(ratio) == 10_000


def test_a_transformer_of_house_prices_is_rejected_by_three_rules() -> None:
    found = judged(HOUSES.format(TRANSFORMER), Config())
    errors = {finding.code for finding in found if finding.severity is Severity.ERROR}
    assert errors == {"P104", "P107", "P501"}


def test_resnet50_on_imagenet_is_warned_of_at_20_parameters_a_picture() -> None:
    found = found_in(next(SPECS.rglob("resnet50.arch")))
    (capacity,) = [finding for finding in found if finding.code == "P501"]
    assert capacity.severity is Severity.WARNING
    assert (capacity.label, capacity.needed) == ("19.9 parameters a sample", "below 10")


def test_dropout_is_put_before_the_last_layer_and_the_finding_is_gone() -> None:
    body = "data table(9, samples=9)\nmodel = 2 * linear(9) -> linear(2)\n"
    config = Config(select=("no_regularisation",))
    (finding,) = judged(body, config)
    assert finding.fix is not None
    (edit,) = finding.fix.edits
    text = edit.span.source.text
    fixed = text[: edit.span.start] + edit.replacement + text[edit.span.end :]
    assert fixed == text.replace("linear(2)", "dropout(0.5) -> linear(2)")
    assert judged(fixed, config) == []


def test_no_dropout_is_put_into_a_block() -> None:
    config = Config(select=("no_regularisation",))
    block = "block head(n) = linear(n)\n"
    body = "arch Test {\n  data table(9, samples=9)\n  model = head(2)\n}\n"
    (finding,) = judged(block + body, config)
    assert finding.fix is None


@pytest.mark.parametrize(("samples", "notes"), [(10_000, 0), (10_001, 1)])
def test_small_data_is_not_called_underused_whatever_ratio_is_set(samples: int, notes: int) -> None:
    config = Config(select=("P502",), rules={"undercapacity": {"ratio": 0.01}})
    assert len(judged(f"data table(9, samples={samples})\nmodel = linear(1)\n", config)) == notes


@pytest.mark.parametrize(
    ("length", "samples", "word"),
    [
        (100, 500, "gru"),
        (101, 99_999, "tcn_block"),
        (101, 100_000, "transformer_encoder"),
        (4_000, None, "transformer_encoder"),
        (4_001, 100_000, "longformer_block"),
    ],
)
def test_what_a_sequence_calls_for(length: int, samples: int | None, word: str) -> None:
    assert f"{word}(" in for_sequence(Reading(length, samples))


@pytest.mark.parametrize(
    ("samples", "words"),
    [
        (None, "a linear model"),
        (999, "a linear model"),
        (1_000, "an MLP of two or three layers"),
        (100_000, "an MLP of two or three layers"),
        (100_001, "a larger MLP"),
    ],
)
def test_what_a_table_calls_for(samples: int | None, words: str) -> None:
    assert for_table(samples).startswith(words)
