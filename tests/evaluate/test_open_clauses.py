"""Choices in clauses: part of a design, of its memory and training, not of its graph."""

from __future__ import annotations

from typing import Any

import pytest

import archdsl
from archdsl.cost.counts import macs, params
from archdsl.diagnostics import SpecError
from archdsl.evaluate.designs import design_of, load_design, sampler
from archdsl.limits.requirements import missed_requirements
from archdsl.spec.train.adamw import Adamw
from archdsl.spec.train.sgd import Sgd
from archdsl.stages import unmet
from tests.designs import evaluate_design
from tests.evaluate.conftest import fitting, program
from tests.unjudged import UNJUDGED


def arch(train: str = "", data: str = "", model: str = "linear(3)", more: str = "") -> str:
    clause = f"train {train}" if train else ""
    return f"""arch A {{
      data table(4, samples=1_000{data})
      task classify(3)
      {clause}
      {more}
      model = {model}
    }}"""


def designs(text: str) -> list[dict[str, Any]]:
    return [design_of(found) for found in fitting(program(text))]


def codes(text: str) -> list[tuple[str, str]]:
    try:
        program(text)
    except SpecError as error:
        return [(f.code, f.span.text) for f in error.diagnostics]
    return []


def test_each_argument_chooses_under_its_own_path() -> None:
    text = arch("adamw(lr=1e-3, batch=64 | 128, precision=fp32 | bf16)", ", augment=none | basic")
    space = program(text)
    found = fitting(space)
    assert [list(design_of(one).values()) for one in found] == [
        [augment, batch, precision]
        for augment in ("none", "basic")
        for batch in (64, 128)
        for precision in ("fp32", "bf16")
    ]
    assert list(design_of(found[0])) == ["data.augment", "train.batch", "train.precision"]
    last = found[-1].clauses
    assert (last.train.batch, last.train.precision, last.train.lr) == (128, "bf16", 1e-3)
    assert last.data.augment == "basic"
    assert last.data.samples == 1_000


def test_the_optimizer_is_a_choice_and_its_arguments_have_their_own_paths() -> None:
    text = arch("(sgd(lr=0.1, momentum=0.8 | 0.9) | adamw(lr=1e-3))")
    assert designs(text) == [
        {"train.optimizer": "sgd", "train.sgd.momentum": 0.8},
        {"train.optimizer": "sgd", "train.sgd.momentum": 0.9},
        {"train.optimizer": "adamw"},
    ]
    trains = [found.clauses.train for found in fitting(program(text))]
    assert trains == [Sgd(lr=0.1, momentum=0.8), Sgd(lr=0.1, momentum=0.9), Adamw(lr=1e-3)]


def test_optimizers_may_have_names() -> None:
    text = arch("slow: sgd(lr=0.01) | fast: sgd(lr=0.1 | 0.2)")
    assert designs(text) == [
        {"train.optimizer": "slow"},
        {"train.optimizer": "fast", "train.sgd_2.lr": 0.1},
        {"train.optimizer": "fast", "train.sgd_2.lr": 0.2},
    ]


def test_a_continuous_argument_is_drawn_and_reproduced() -> None:
    space = program(arch("adamw(lr=1e-4 to 1e-2 log, weight_decay=0.0 to 0.1)"))
    for seed in range(20):
        drawn = space.evaluate(sampler(seed))
        train, design = drawn.clauses.train, design_of(drawn)
        assert design == {"train.lr": train.lr, "train.weight_decay": train.weight_decay}
        assert 1e-4 <= train.lr <= 1e-2
        assert evaluate_design(space, design).clauses == drawn.clauses
    with pytest.raises(SpecError) as caught:
        evaluate_design(space, {"train.lr": 1.0, "train.weight_decay": 0.0})
    assert [f.code for f in caught.value.diagnostics] == ["E502"]


def test_choices_of_clauses_leave_the_graph_alone() -> None:
    graphs = [found.graph for found in fitting(program(arch("sgd(batch=1 | 2 | 4)")))]
    assert len({(params(graph), macs(graph)) for graph in graphs}) == 1


def test_memory_and_its_limit_are_those_of_the_batch_chosen() -> None:
    text = arch(
        "adam(batch=16 to 256 log 2)",
        model="linear(1_000) -> relu -> linear(3)",
        more="require memory(training) <= 400 kB",
    )
    space = program(text)
    found = [one for one in fitting(space) if not missed_requirements(space, one)]
    valid = [one.clauses.train.batch for one in found]
    each = {}
    for batch in (16, 32, 64, 128, 256):
        alone = program(text.replace("16 to 256 log 2", str(batch)))
        each[batch] = not missed_requirements(alone, alone.evaluate(lambda path, point: 0))
    assert valid == [batch for batch, fits in each.items() if fits]
    assert 0 < len(valid) < 5


def test_the_precision_chosen_is_the_one_that_is_measured() -> None:
    text = arch("sgd(precision=fp32 | bf16)", more="require weights_size <= 0.00004 MB")
    space = program(text)
    met = {f.clauses.train.precision: not unmet(space, f) for f in fitting(space)}
    assert met == {"fp32": False, "bf16": True}


def test_rules_look_at_the_clauses_of_the_design() -> None:
    from archdsl.rules.case import Case

    space = program(arch("sgd(batch=8 | 16)", ", augment=none | strong"))
    seen = [(Case(space, f).train.batch, Case(space, f).data.augment) for f in fitting(space)]
    assert seen == [(8, "none"), (16, "none"), (8, "strong"), (16, "strong")]


def test_a_design_is_compiled_by_the_paths_of_its_clauses() -> None:
    compiled = archdsl.compile(
        arch("adamw(batch=64 | 128)"), design={"train.batch": 128}, terms=UNJUDGED
    )
    assert compiled.design == {"train.batch": 128}
    with pytest.raises(SpecError, match=r"`train\.batch` is open"):
        archdsl.compile(arch("adamw(batch=64 | 128)"), terms=UNJUDGED)


def test_a_choice_that_became_a_constant_is_left_out_of_an_older_design() -> None:
    loaded = load_design(program(arch("adamw(batch=64)")), {"train.batch": 64})
    assert [f.code for f in loaded.warnings] == ["W518"]


def test_first_options_stand_for_the_clauses_of_the_whole_space() -> None:
    clauses = program(arch("(sgd(batch=8 | 16) | adam(lr=1e-4 to 1e-2 log))")).clauses
    assert clauses.train == Sgd(batch=8)
    assert clauses.calls["train"].span.text == "sgd(batch=8 | 16)"


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (arch("sgd(batch=0 | 16)"), [("E407", "0")]),
        (arch("sgd(batch=16 | 32 | 0.5)"), [("E406", "0.5")]),
        (arch("sgd(batch=0 to 64 by 16)"), [("E407", "0 to 64 by 16")]),
        (arch("sgd(lr=0.0 to 0.1)"), [("E407", "0.0 to 0.1")]),
        (arch("sgd(precision=fp32 | fp31, batch=relu | 3)"), [("E406", "fp31"), ("E406", "relu")]),
        (arch("sgd(lr=0.1, momentum=0.9 | (0.5 to 1.0))"), [("E407", "0.5 to 1.0")]),
        (arch("sgd(batch=8 | 8)"), [("E501", "8")]),
        (arch("sgd(device=t4 | a100_80gb)"), [("E409", "t4 | a100_80gb")]),
        (arch("sgd(seed=1 to 3)"), [("E409", "1 to 3")]),
        (arch("sgd(bacth=1 | 2)"), [("E402", "bacth")]),
        (arch("(sgd() | adamm())"), [("E401", "adamm")]),
        (arch(data=", augment=none | some"), [("E406", "some")]),
        (arch().replace("table(4", "table(4 | 8"), [("E409", "4 | 8")]),
        (arch().replace("samples=1_000", "samples=10 | 20"), [("E409", "10 | 20")]),
        (arch().replace("classify(3)", "classify(3 | 4)"), [("E409", "3 | 4")]),
        (arch(more="search random(trials=1 | 2)"), [("E409", "1 | 2")]),
    ],
)
def test_what_a_clause_does_not_take_is_told_at_its_place(text: str, wrong: list) -> None:
    assert codes(text) == wrong


def test_the_largest_batch_is_no_fix_where_the_batch_is_a_choice() -> None:
    text = arch("adam(batch=128 | 256)", model="linear(100) -> relu -> linear(3)")
    text = text.replace("task", "require memory(training) <= 50 kB\n      task")
    open_, fixed = (
        [f for f in archdsl.check(spec).diagnostics if f.code == "P601"]
        for spec in (text, text.replace("128 | 256", "256"))
    )
    assert open_
    assert all(finding.fix is None for finding in open_)
    assert any(finding.fix is not None for finding in fixed)
