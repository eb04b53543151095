"""First designs for several inputs: a tower for each, joined before a hidden layer."""

from __future__ import annotations

import re

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import archdsl
from archdsl import api
from archdsl.cli import exits
from archdsl.cli.group import archdsl as command
from archdsl.cost.counts import params
from archdsl.cost.profiles import shipped
from archdsl.resolve.loading import load
from archdsl.source import Source
from archdsl.starting.budget import budgets, parameters
from archdsl.starting.choosing import choose
from archdsl.starting.description import BESIDE, SEVERAL, Description, Input
from archdsl.starting.writing import first_design
from tests.starting.accepted import accepted_or_refused, is_accepted

PICTURE, FACTS = Input("picture", "image", (1, 16, 16)), Input("facts", "table", (6,))
TOWN = Input("town", "category", (400,))
MOLECULE = Input("molecule", "graph", (16, 20, 44))
ONE, OTHER = Input("one", "tokens", (40, 500)), Input("other", "tokens", (40, 500))


def of(*inputs: Input, samples: int = 20_000, **others: object) -> Description:
    return Description(SEVERAL, (), samples, inputs=inputs, **{"targets": 4, **others})  # type: ignore[arg-type]


def model_of(data: Description) -> str:
    return api.format(choose(data).trial.text)


def test_each_input_is_read_by_what_it_would_be_read_by_alone() -> None:
    text = model_of(of(PICTURE, FACTS, TOWN))
    assert "data  picture = image(1, 16, 16, samples=20_000, augment=basic)" in text
    assert "data  facts = table(6)\n" in text
    assert "picture -> picture_tower" in text
    assert "concat(facts, town -> embedding(46)) -> 2 * (linear(64) -> relu)" in text
    assert "concat(picture_features, columns_features) -> linear(64) -> relu" in text


def test_inputs_of_one_kind_and_size_share_their_weights() -> None:
    text = model_of(of(ONE, OTHER))
    assert text.count("module tower = one_tower") == 1
    assert "subtract(one_features, other_features) -> abs" in text
    assert "mul(one_features, other_features)" in text
    single = choose(of(ONE, OTHER)).trial
    apart = single.text.replace("other -> tower", "other -> one_tower")
    program = load(Source(single.family.blocks(single.size) + apart)).program()
    assert params(program.evaluate(lambda path, point: 0).graph) > 1.5 * single.params


def test_what_is_to_find_each_other_is_not_joined() -> None:
    text = model_of(of(PICTURE, FACTS, task="contrast"))
    assert (
        "return picture_features -> linear(dimension), facts_features -> linear(dimension)" in text
    )
    alike = model_of(of(ONE, OTHER, task="contrast"))
    assert "module projection = linear(dimension)" in alike
    assert "return one_features -> projection, other_features -> projection" in alike
    told = first_design(of(FACTS, TOWN, task="contrast"))
    assert "facts -> linear(dimension), town -> embedding(46) -> linear(dimension)" in told
    assert "gradient boosting" not in told


def test_a_graph_counts_the_samples_and_is_pooled_before_it_meets_the_others() -> None:
    text = model_of(of(FACTS, MOLECULE))
    assert "data  facts = table(6)\n" in text
    assert "data  molecule = graph(16, nodes=20, edges=44, graphs=20_000)" in text
    assert re.search(r"molecule -> 3 \* gin_block\(\d+, drop=0.2\) -> graph_pool\(sum\)", text)
    whole = first_design(of(FACTS, MOLECULE))
    assert "archdsl baselines" not in whole  # which learn from rows of numbers
    assert "molecule: graphs of about 20 nodes and 44 edges" in whole.replace("\n# ", " ")


def test_columns_are_one_table() -> None:
    trial = choose(of(FACTS, TOWN)).trial
    assert trial.family.name == "Mlp"
    assert "return columns_features -> linear(classes)" in trial.text
    assert "gradient boosting" in first_design(of(FACTS, TOWN))


def test_few_samples_are_for_a_line_over_all_of_it() -> None:
    assert "arch Linear {" in first_design(of(FACTS, TOWN, samples=200))


def test_what_is_small_is_not_made_smaller_for_what_is_large() -> None:
    data = of(PICTURE, FACTS, samples=2_000)
    trial = choose(data).trial
    assert "facts -> 2 * (linear(64) -> relu)" in trial.text
    assert parameters(trial.evaluation.graph).body <= budgets(data)[1].body
    towers = trial.family
    counts = [
        params(
            load(Source(towers.blocks(size) + _arch(towers, size)))
            .program()
            .evaluate(lambda path, point: 0)
            .graph
        )
        for size in towers.sizes()[::8]
    ]
    assert counts == sorted(counts)


def _arch(family: object, size: object) -> str:
    from archdsl.starting.sizing import arch

    return arch(family, size, 32)  # type: ignore[arg-type]


@st.composite
def descriptions(draw: st.DrawFn) -> Description:
    most = {"image": 200, "volume": 40, "series": 5_000, "tokens": 5_000}
    inputs: list[Input] = []
    for number in range(draw(st.integers(2, 4))):
        kinds = {*BESIDE} - {one.kind for one in inputs if one.kind == "graph"}  # of which one is
        kind = draw(st.sampled_from(sorted(kinds)))
        size = tuple(draw(st.integers(1, most.get(kind, 1_000))) for _ in BESIDE[kind])
        if inputs and inputs[-1].kind != "graph" and draw(st.booleans()):
            kind, size = inputs[-1][1:]
        inputs.append(Input(f"in{number}", kind, size))
    graphs = any(one.kind == "graph" for one in inputs)
    pairs = ["contrast"] if len(inputs) == 2 and not graphs else []
    return of(
        *inputs,
        samples=int(10 ** draw(st.floats(0.5, 7))),
        task=draw(st.sampled_from(["classify", "regress", "label", "embed", *pairs])),
        targets=draw(st.integers(2, 50)),
        device=draw(st.sampled_from([None, *shipped()])),
    )


@pytest.mark.parametrize(
    "data",
    [
        of(PICTURE, FACTS, TOWN, samples=300, task="regress"),
        of(Input("a", "series", (50, 2)), Input("b", "series", (50, 2)), FACTS),
        of(PICTURE, ONE, task="contrast"),
        of(FACTS, TOWN, samples=12, task="contrast"),
        of(FACTS, MOLECULE, samples=5_000),
    ],
)
def test_strict_check_accepts_it(data: Description) -> None:
    is_accepted(first_design(data))


@pytest.mark.slow
@settings(max_examples=12, deadline=None)
@given(descriptions())
def test_strict_check_accepts_it_for_any_inputs(data: Description) -> None:
    accepted_or_refused(data)


REST = ("--samples", "5k", "--classes", "3")


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(command, ["new", *arguments])
    return result.exit_code, result.stdout + result.stderr


def test_the_command_takes_a_kind_and_a_size_for_each() -> None:
    code, text = run(
        "--kind", "photo=image", "--size", "3x8x8", "--kind", "table", "--size", "4", *REST
    )
    assert code == exits.CLEAN
    assert "data  photo = image(3, 8, 8, samples=5000, augment=basic)" in text
    assert "data  facts = table(4)" in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("--kind image --size 3x3x3 --size 4", "2 sizes, and one kind of data"),
        ("--kind image --kind table --size 3", "there are 2 kinds and 1 size"),
        ("--kind conv=image --kind table --size 3x3x3 --size 3", "'conv' cannot be the name"),
        ("--kind tower=image --kind table --size 3x3x3 --size 3", "the spec itself needs"),
        ("--kind a=image --kind a=table --size 3x3x3 --size 3", "2 inputs are called 'a'"),
        ("--kind graph --kind graph --size 3x3x3 --size 3x3x3", "one graph at most"),
        ("--kind imag --kind table --size 3x3 --size 3", "did you mean `image`?"),
        ("--kind image --kind table --size 3x3 --size 3", "the size of an image"),
        ("--kind table --kind table --size 3 --size 4 --pretrained", "--pretrained is of one"),
        ("--kind table --kind table --size 3 --size 4 --graphs", "--graphs needs --kind graph"),
        ("--kind tokens --kind tokens --size 3x9 --size 4x9 --next-token", "is of one input"),
        ("--kind table --kind table --size 3 --size 4", "--samples, --classes"),
        ("--kind table --size 3 --samples 9 --contrast 4", "--contrast takes two inputs"),
        (
            "--kind table --size 3 --kind graph --size 3x4x5 --samples 9 --contrast 4",
            "--contrast takes two inputs, no graphs",
        ),
        ("--kind table --kind table --size 3 --size 4 --samples 9 --contrast 1", "no direction"),
    ],
)
def test_what_does_not_go_together_is_told(arguments: str, said: str) -> None:
    code, text = run(*arguments.split())
    assert code == exits.USAGE
    assert said in text


@pytest.mark.slow
def test_what_takes_both_inputs_is_learned() -> None:
    chance = np.random.default_rng(0)
    a, b = chance.integers(0, 2, (2, 1_000))  # independent: the answer is in neither alone
    x = 0.5 * chance.normal(size=(1_000, 1, 8, 8))
    for picture, upright, at in zip(x, a, chance.integers(1, 7, 1_000), strict=True):
        picture[0].T[at] += 1.5 * upright
        picture[0][at] += 1.5 * (1 - upright)
    facts = chance.normal(size=(1_000, 6))
    facts[:, 0] += 4 * b - 2
    text = first_design(of(PICTURE._replace(size=(1, 8, 8)), FACTS, samples=1_000, targets=2))
    data = {"picture": x, "facts": facts}
    found = archdsl.train(text, (data, a ^ b), arch="Towers", epochs=30)
    assert found.test["accuracy"] > 0.9
