"""What a task wants of the model's output."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from archdsl.spec.data.graph import Graph
from archdsl.spec.data.image import Image
from archdsl.spec.data.series import Series
from archdsl.spec.data.table import Table
from archdsl.spec.data.tokens import Tokens
from archdsl.spec.data.volume import Volume
from archdsl.spec.outcome import WrongOutput
from archdsl.spec.several import Several
from archdsl.spec.task.classify import Classify
from archdsl.spec.task.contrast import Contrast
from archdsl.spec.task.embed import Embed
from archdsl.spec.task.label import Label
from archdsl.spec.task.next_token import NextToken
from archdsl.spec.task.regress import Regress
from archdsl.types import Auxiliary, Nodes, Outputs, Sequence, Vector
from archdsl.types import Image as ImageType
from archdsl.types import Tokens as TokensType
from archdsl.types import Volume as VolumeType

IMAGE = Image(channels=3, height=32, width=24)
VOLUME = Volume(channels=1, depth=4, height=8, width=8)
SERIES = Series(length=50, features=6)
TOKENS = Tokens(length=128, vocab=1000)
TABLE = Table(features=20)
GRAPH = Graph(features=16, nodes=100, edges=400)
GRAPHS = Graph(features=16, nodes=25, edges=54, graphs=1000)
PAIR = Contrast(dimension=8)
LEARNED = Contrast(dimension=8, temperature="learned")


@pytest.mark.parametrize(
    ("task", "data", "out"),
    [
        (Classify(classes=10), IMAGE, Vector(10)),
        (Classify(classes=10), TABLE, Vector(10)),
        (Regress(), TABLE, Vector(1)),
        (Classify(classes=5, per="pixel"), IMAGE, ImageType(5, 32, 24)),
        (Regress(targets=2, per="pixel"), VOLUME, VolumeType(2, 4, 8, 8)),
        (Classify(classes=5, per="token"), TOKENS, Sequence(128, 5)),
        (Classify(classes=5, per="token"), SERIES, Sequence(50, 5)),
        (Regress(targets=2, per="token", causal=True), SERIES, Sequence(50, 2)),
        (NextToken(), TOKENS, Sequence(128, 1000)),
        (Label(labels=20), IMAGE, Vector(20)),
        (Label(labels=3, per="pixel"), IMAGE, ImageType(3, 32, 24)),
        (Label(labels=3, per="token", causal=True), SERIES, Sequence(50, 3)),
        (Label(labels=7), GRAPHS, Vector(7)),
        (Embed(dimension=64), IMAGE, Vector(64)),
        (Embed(dimension=64), GRAPH, Nodes(100, 64, 400)),
        (Regress(targets=2, horizon=24), SERIES, Sequence(24, 2)),
        (Contrast(dimension=8), IMAGE, Outputs((Vector(8), Vector(8)))),
        (LEARNED, TABLE, Outputs((Vector(8), Vector(8), Vector(1)))),
        (Classify(classes=7), GRAPH, Nodes(100, 7, 400)),
        (Classify(classes=7), GRAPHS, Vector(7)),
        (Classify(classes=7, per="graph"), GRAPHS, Vector(7)),
        (Classify(classes=7, per="node"), GRAPHS, Nodes(25, 7, 54, 1000)),
    ],
)
def test_task_and_data_fix_the_output(task, data, out):
    assert task.outputs(data) == out
    assert task.check(out, data) is None
    parts = out.parts if isinstance(out, Outputs) else (out,)
    assert task.check(Outputs((*parts, Vector(3))), data) is None


@pytest.mark.parametrize(
    ("task", "data", "needed"),
    [
        (Classify(classes=5, per="pixel"), TABLE, "`per=sample`"),
        (Embed(dimension=5, per="pixel"), IMAGE, "no `per`"),
        (Contrast(dimension=5, per="pixel"), IMAGE, "neither `per` nor `of`"),
        (
            Contrast(dimension=5),
            GRAPHS,
            "two `data` clauses, or an input of which two parts are compared",
        ),
        (Regress(horizon=5), TABLE, "`data series(length, features)`, or no `horizon`"),
        (
            Regress(horizon=5, per="token"),
            SERIES,
            "`horizon` without `per` and `causal`, or these without `horizon`",
        ),
        (Classify(classes=5, causal=True), SERIES, "`per=token`, or no `causal`"),
        (Regress(per="pixel", causal=True), IMAGE, "`per=token`, or no `causal`"),
        (Classify(classes=5, per="token"), IMAGE, "`per=sample` or `per=pixel`"),
        (Classify(classes=5, per="graph"), IMAGE, "`per=sample` or `per=pixel`"),
        (Classify(classes=5, per="pixel"), GRAPHS, "`per=sample` or `per=node` or `per=graph`"),
        (Classify(classes=5, per="sample"), GRAPH, "`per=node`, or `graphs=` in the data clause"),
        (NextToken(), SERIES, "`data tokens(length, vocab=…)`"),
        (NextToken(per="sample"), TOKENS, "no `per`"),
    ],
)
def test_a_task_the_data_has_no_answers_for_is_refused(task, data, needed):
    found = task.check(Vector(5), data)
    assert isinstance(found, WrongOutput)
    assert (found.code, found.needed) == ("E441", needed)


@pytest.mark.parametrize(
    ("task", "data", "out", "head"),
    [
        (Classify(classes=10), IMAGE, Vector(1000), "linear(10)"),
        (Classify(classes=10), IMAGE, ImageType(64, 4, 4), "global_avg_pool -> linear(10)"),
        (Classify(classes=10), SERIES, Sequence(50, 8), "global_avg_pool -> linear(10)"),
        (Classify(classes=3), GRAPHS, Nodes(25, 8, 54, 1000), "graph_pool(mean) -> linear(3)"),
        (Classify(classes=3), GRAPH, Nodes(100, 8, 400), "linear(3)"),
        (Classify(classes=3, per="pixel"), IMAGE, ImageType(64, 32, 24), "conv(3, 1)"),
        (NextToken(), TOKENS, Sequence(128, 64), "linear(1000)"),
    ],
)
def test_where_one_layer_makes_it_fit_that_layer_is_offered(task, data, out, head):
    found = task.check(out, data)
    assert (found.code, found.head) == ("E442", head)
    assert f"end with `{head}`" in found.help


def test_another_number_of_classes_is_offered_too():
    found = Classify(classes=10).check(Vector(1000), IMAGE)
    assert found.message == "`classify(10)` needs a vector of 10, the model gives a vector of 1000"
    assert found.help.endswith("or change the task to `classify(1000)`")
    assert "task" not in NextToken().check(Sequence(128, 64), TOKENS).help


@pytest.mark.parametrize(
    ("task", "data", "out", "help"),
    [
        (Classify(classes=3, per="pixel"), IMAGE, ImageType(3, 8, 6), "upsample"),
        (Classify(classes=3), TOKENS, TokensType(128, 1000), "embedding"),
        (Classify(classes=3, per="token"), SERIES, Vector(3), "gathered"),
    ],
)
def test_where_more_is_wrong_the_way_is_told(task, data, out, help):
    found = task.check(out, data)
    assert help in found.help
    assert not found.head


def test_labels_are_counted_by_what_there_is_one_answer_for():
    data = IMAGE.model_copy(update={"samples": 10})
    assert (data.labelled("sample"), data.labelled("pixel")) == (10, 10 * 32 * 24)
    assert GRAPH.labelled("node") == 100
    assert GRAPHS.labelled("graph") == 1000
    assert IMAGE.labelled("sample") is None


@pytest.mark.parametrize(
    ("out", "head"),
    [
        (Vector(9), "linear(horizon * targets) -> reshape(targets, length=horizon)"),
        (Vector(48), "reshape(targets, length=horizon)"),
        (Sequence(50, 8), "last -> linear(horizon * targets) -> reshape(targets, length=horizon)"),
    ],
)
def test_a_forecast_is_told_how_to_end(out, head):
    wrong = Regress(targets=2, horizon=24).check(out, SERIES)
    assert wrong is not None
    assert wrong.head == head


@pytest.mark.parametrize("task", [Embed, Contrast])
def test_a_vector_of_one_number_has_no_direction(task):
    with pytest.raises(ValidationError, match="greater than or equal to 2"):
        task(dimension=1)


@pytest.mark.parametrize(
    ("task", "out", "code", "words"),
    [
        (
            PAIR,
            Vector(8),
            "E450",
            "the model gives 1 result, and `contrast(8)` compares two vectors",
        ),
        (
            PAIR,
            Outputs((Vector(8), Auxiliary(Vector(8), 1.0))),
            "E450",
            "result 2 is one of training",
        ),
        (
            PAIR,
            Outputs((Vector(8), Vector(9))),
            "E442",
            "needs a vector of 8, result 2 is a vector of 9",
        ),
        (PAIR, Outputs((Sequence(4, 8), Vector(8))), "E442", "of 8, result 1 is a"),
        (LEARNED, Outputs((Vector(8), Vector(8))), "E450", "`temperature=learned` takes a third"),
        (LEARNED, Outputs((Vector(8),) * 3), "E450", "takes 1 number as a third result, it is"),
    ],
)
def test_what_is_no_pair_is_told(task, out, code, words):
    found = task.check(out, IMAGE)
    assert found.code == code
    assert words in found.message
    assert found.needed


def test_a_pair_stands_beside_no_other_task():
    found = Several.together({"pair": PAIR, "kind": Classify(classes=3)}).check(
        Outputs((Vector(8), Vector(3))), IMAGE
    )
    assert found.code == "E450"
    assert found.needed == "`task contrast(8)` alone"
