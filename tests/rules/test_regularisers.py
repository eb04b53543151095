"""What regularises a design, by effect."""

from __future__ import annotations

import pytest

from archdsl.evaluate.designs import sampler
from archdsl.rules.case import Case
from archdsl.rules.facts_regularisation import in_name_only, regularisers, strength
from tests.rules.literate import loaded


def case(clauses: str, model: str = "linear(1)", data: str = "table(4)") -> Case:
    program, _ = loaded(f"data {data}\n{clauses}\nmodel = {model}\n")
    return Case(program, program.evaluate(sampler(0)))


def told(design: Case) -> dict[str, tuple[float, bool]]:
    return {one.kind: (round(one.strength, 9), one.effective) for one in design.fact(regularisers)}


@pytest.mark.parametrize(
    ("clauses", "expected"),
    [
        ("train sgd(weight_decay=1e-4)", {"weight_decay": (1, True)}),
        ("train sgd(weight_decay=1e-12)", {"weight_decay": (1e-8, False)}),
        ("train adamw()", {"weight_decay": (1, True)}),
        ("train adamw(weight_decay=1e-5)", {"weight_decay": (0.001, True)}),
        ("train adamw(weight_decay=1e-7)", {"weight_decay": (1e-5, False)}),
        ("train adam(weight_decay=1e-7)", {"weight_decay": (0.001, True)}),
        ("train adam(epochs=10, patience=3)", {"patience": (1, True), "epochs": (1, True)}),
        ("train adam(epochs=11)", {}),
        ("", {}),
    ],
)
def test_training_regularises_by_the_dose(clauses, expected):
    assert told(case(clauses)) == expected


def test_data_regularise_by_augmentation_and_pretraining():
    data = "image(3, 8, 8, augment=strong, pretrained=true)"
    found = told(case("", "flatten -> linear(1)", data))
    assert found == {"augment": (2, True), "pretrained": (1, True)}


def test_the_largest_rate_of_each_kind_speaks_for_the_design():
    rising = "add(x, linear(4) -> drop_path(0.001)) -> add(x, linear(4) -> drop_path(0.2))"
    found = told(case("", f"{rising} -> dropout(0.0001) -> linear(1)"))
    assert found == {"drop_path": (2, True), "dropout": (0.001, False)}


def test_dropout_inside_attention_and_recurrence_counts():
    found = told(case("", "lstm(8, layers=2, dropout=0.3)", "series(9, 4)"))
    assert found == {"dropout": (3, True)}


def test_only_what_has_an_effect_adds_to_the_strength():
    design = case("train adamw(weight_decay=0.05)", "dropout(0.0001) -> linear(1)")
    assert strength(design) == strength(design, ("weight_decay",)) == 5
    assert [one.kind for one in design.fact(in_name_only)] == ["dropout"]
    assert strength(design, ("dropout",)) == 0
