"""The rules of training on spaces: where choices decide, and on more designs than are tried."""

from __future__ import annotations

import pytest

import archdsl
from archdsl.diagnostics import Severity
from archdsl.rules.case import Case
from archdsl.rules.catalog import find
from archdsl.rules.config import Config
from archdsl.rules.training.learning_rate_out_of_range import LearningRateOutOfRange
from archdsl.spec import catalog
from archdsl.terms import Terms
from tests.rules.literate import loaded

SPEC = """\
arch Space {{
  data  table(40, samples=1_000)
  train {train}
  model = linear({width}) -> relu -> dropout({rate}) -> linear(2)
}}
"""


def found(code: str, train: str, width: str = "8", rate: str = "0.5"):
    text = SPEC.format(train=train, width=width, rate=rate)
    found = archdsl.check(text, terms=Terms(Config(select=(code,)))).diagnostics
    (one,) = (one for one in found if one.code == code)
    return one


@pytest.mark.parametrize(
    ("code", "train", "cause"),
    [
        ("P901", "adamw(lr=10 | 0.001)", "train.lr=10"),
        ("P904", "adamw(batch=64 | 2_000)", "train.batch=2000"),
        ("P907", "adamw(weight_decay=0.1 | 20)", "train.weight_decay=20"),
        ("P906", "adamw(weight_decay=0.1 | 1e-9)", "train.weight_decay=1e-09"),
        ("P903", "adamw(precision=fp16 | bf16, loss_scaling=false)", "train.precision=fp16"),
    ],
)
def test_what_one_choice_of_training_makes_is_a_note_that_names_it(code, train, cause):
    one = found(code, train)
    assert one.severity is Severity.NOTE
    assert one.message.startswith(f"with `{cause}`: ")
    assert "proven for 1 of the 2 designs; the others do not have it" in one.notes[1]
    assert one.fix is None


def test_what_one_rate_makes_is_named_too():
    assert found("P905", "adam()", rate="(0.1 | 0.9)").severity is Severity.NOTE
    assert found("P906", "adam()", rate="(0.1 | 0.001)").severity is Severity.NOTE


@pytest.mark.parametrize(
    ("code", "train", "rejected"),
    [
        ("P901", "adamw(lr=10)", True),
        ("P901", "adamw(lr=1)", False),  # a linear model would bear it
        ("P901", "adamw(lr=10 | 0.001)", False),
        ("P904", "sgd(batch=2_000)", True),
        ("P904", "sgd(batch=2_000 | 32)", False),
        ("P904", "sgd(batch=1_000)", False),
        ("P907", "sgd(weight_decay=5)", True),
        ("P907", "sgd(weight_decay=0.5)", False),  # a warning
        ("P907", "sgd(weight_decay=5 | 0)", False),
    ],
)
def test_an_error_of_a_clause_that_is_not_chosen_rejects_all_designs(code, train, rejected):
    program, _ = loaded(SPEC.format(train=train, width="8", rate="0.5"))
    case = Case(program, program.evaluate(lambda path, point: point.at(0)))
    rule = find(code)
    assert rule is not None
    assert rule().rejects_all(case, lambda metric: 1) is rejected


@pytest.mark.slow
def test_it_is_proven_for_more_designs_than_can_be_tried():
    one = found("P901", "adamw(lr=10)", "8 to 900) -> linear(8 to 900) -> linear(8 to 900")
    assert one.severity is Severity.ERROR
    assert one.notes[-1] == "proven for all designs, by the one that has least"


def test_the_table_of_rates_is_that_of_the_optimizers():
    told = {}
    page = LearningRateOutOfRange.__doc__.splitlines()
    for row in (line for line in page if line.strip().startswith("| `")):
        names, *numbers = (cell.strip() for cell in row.strip().strip("|").split("|"))
        told |= {name: [*map(float, numbers)] for name in names.split(", ")}
    assert told.pop("`sgd` without") == [1e-10, 0.1, 50]
    assert told.pop("`sgd` with momentum") == [1e-10, 0.1, 5]
    own = {f"`{word}`": catalog.find("train", word)().rates for word in catalog.words("train")}
    own.pop("`sgd`")
    assert told == {word: [rates.least, rates.usual, rates.most] for word, rates in own.items()}


@pytest.mark.parametrize(
    ("samples", "least", "rejected"),
    [(50, 999_999, False), (50, 1_000_000, True), (500, 4_999_999, False), (500, 5_000_000, True)],
)
def test_few_series_are_held_to_the_line_of_a_network_that_averages_them(samples, least, rejected):
    program, _ = loaded(f"data series(50, 1, samples={samples})\nmodel = conv(4, 3) -> flatten\n")
    case = Case(program, program.evaluate(lambda path, point: point.at(0)))
    rule = find("P501")
    assert rule is not None
    assert rule().rejects_all(case, lambda metric: least) is rejected


ON_A_DEVICE = """\
device toy(compute=1G, bandwidth=1G, memory=100 KiB)
arch Space {{
  data  table(40, samples=1_000)
  task  classify(2{deployed})
  train sgd(batch={batch}, device=toy)
  model = linear(8 | 16) -> relu -> linear(classes)
}}
"""


@pytest.mark.parametrize(
    ("batch", "deployed", "least", "rejected"),
    [
        ("32", "", 102_401, True),
        ("32", "", 102_400, False),  # just what the device has
        ("32", ", deployed=true", 102_401, False),
        ("32 | 16", "", 102_401, False),  # others may be trained on fewer at once
    ],
)
def test_a_device_without_the_memory_rejects_all_that_are_trained_on_it(
    batch, deployed, least, rejected
):
    program, _ = loaded(ON_A_DEVICE.format(batch=batch, deployed=deployed))
    case = Case(program, program.evaluate(lambda path, point: point.at(0)))
    rule = find("P601")
    assert rule is not None
    assert rule().rejects_all(case, lambda metric: least) is rejected
