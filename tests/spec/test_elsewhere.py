"""Names of other libraries in clauses lead to ours, and are offered as fixes."""

import pytest

import archdsl
from archdsl.spec import catalog

MODEL = "model = conv(16, 3) -> global_avg_pool -> linear(classes)"
MODELS = [
    model
    for clause in catalog.CLAUSES
    for word in catalog.words(clause)
    if (model := catalog.find(clause, word)) is not None
]


def spec(data: str = "image(3, 32, 32)", task: str = "classify(10)", more: str = "") -> str:
    return f"arch A {{\n data {data}\n task {task}\n {more}\n {MODEL}\n}}\n"


@pytest.mark.parametrize(
    ("text", "help", "fixed"),
    [
        (spec(more="train adam(batch_size=64)"), "`batch_size` is called `batch` here", "batch=64"),
        (spec(more="train sgd(learning_rate=0.1)"), "`learning_rate` is called `lr`", "lr=0.1"),
        (spec(more="search random(n_trials=9)"), "`n_trials` is called `trials`", "trials=9"),
        (spec("image(3, 32, 32, num_samples=9k)"), "is called `samples`", "samples=9k"),
        (spec("image(num_channels=3, height=32, width=32)"), "`channels`", "image(channels=3"),
        (spec("images(3, 32, 32)"), "`images` is `image` here", "data image("),
        (spec(task="classification(10)"), "`classification` is `classify` here", "classify(10)"),
        (spec(more="search bayesian()"), "`bayesian` is `tpe` here", "search tpe()"),
    ],
)
def test_what_is_meant_is_told_and_offered(text: str, help: str, fixed: str) -> None:
    (found,) = [d for d in archdsl.check(text).diagnostics if d.severity == "error"]
    assert help in found.help
    after = archdsl.fix(text, unsafe=True).text
    assert fixed in after
    assert archdsl.check(after).ok


def test_a_word_may_stand_for_an_argument_too() -> None:
    model = "model = conv(classes, 1)"
    text = spec(task="segmentation(10)").replace(MODEL, model)
    after = archdsl.fix(text, unsafe=True).text
    assert "classify(10, per=pixel)" in after
    assert archdsl.check(after).ok


@pytest.mark.parametrize("model", MODELS)
def test_other_names_are_nobodys_and_lead_to_arguments(model: type) -> None:
    for base in model.__mro__:
        for name, ours in base.__dict__.get("synonyms", {}).items():
            assert ours in model.model_fields, (name, ours)
            assert name not in model.model_fields or base is not model, name


@pytest.mark.parametrize("clause", catalog.CLAUSES)
def test_a_word_of_elsewhere_means_one_thing(clause: str) -> None:
    models = [catalog.find(clause, word) for word in catalog.words(clause)]
    words = [word for model in models if model is not None for word in model.elsewhere]
    assert len(words) == len(set(words))
    assert not {*words} & {*catalog.words(clause)}


def test_labels_are_no_argument_of_classes() -> None:
    text = "arch A {\n data table(8)\n task classify(3, multi_label=true)\n model = linear(3)\n}"
    (found,) = archdsl.check(text).diagnostics
    assert found.code == "E402"
    assert found.help == "`label(20)` scores labels of which any may be right"
