"""Names of other libraries lead to our ops."""

from __future__ import annotations

import pytest
import torch

import archdsl
from archdsl.fixing import Fixing
from archdsl.graph.nodes import OpNode
from archdsl.graph.walk import every
from archdsl.likeness import MOST, at_least, distance, likeliest
from archdsl.ops import catalog
from archdsl.ops.binding import parameters
from archdsl.ops.synonyms import foreign

WRITTEN = {
    "Conv2d(3, 64, 3)": "conv(64, 3, padding=0)",
    "Conv2d(3, 64, kernel_size=3, stride=2, padding=1, bias=False)": (
        "conv(64, 3, stride=2, padding=1, bias=false)"
    ),
    "BatchNorm2d(64)": "batch_norm",
    "ReLU": "relu",
    "ReLU(inplace=True)": "relu",
    "MaxPool2d(2)": "max_pool(2, padding=0)",
    "Dropout(0.2)": "dropout(0.2)",
    "Dropout(p=0.2)": "dropout(0.2)",
    "Flatten": "flatten",
    "Flatten()": "flatten",
    "flatten -> Linear(3072, 10)": "flatten -> linear(10)",
    "flatten -> fc(10)": "flatten -> linear(10)",
    "flatten -> Dense(10)": "flatten -> linear(10)",
    'flatten -> Dense(units=10, activation="relu")': "flatten -> (linear(10) -> relu)",
    'Conv2D(8, 3, padding="same")': "conv(8, 3, padding=same)",
    'Conv2D(8, 3, padding="valid")': "conv(8, 3, padding=0)",
    "Conv2D(filters=8, kernel_size=3, strides=2)": "conv(8, 3, stride=2, padding=0)",
    "conv(8, kernel_size=3)": "conv(8, kernel=3)",
    'conv(8, 3, padding="same")': "conv(8, 3, padding=same)",
    "conv(8, 3, padding=valid)": "conv(8, 3, padding=0)",
    "conv(8, 3, activation=relu)": "(conv(8, 3) -> relu)",
    "softmax(dim=1)": "softmax",
    "LayerNorm(64)": "layer_norm",
    "layernorm": "layer_norm",
    "nn.ReLU": "relu",
    "nn.Conv2d(3, 64, 3)": "conv(64, 3, padding=0)",
    "conv(8, 3, bias=False)": "conv(8, 3, bias=false)",
    "conv(x.chanels, 3)": "conv(x.channels, 3)",
}


def spec(model: str) -> str:
    return f"arch A {{ data image(3, 32, 32) model = {model} }}"


@pytest.mark.parametrize(("theirs", "ours"), WRITTEN.items())
def test_what_is_written_elsewhere_is_mended_to_what_is_written_here(theirs, ours):
    fixed = Fixing(unsafe=True, principles=False).run(spec(theirs))
    assert fixed.text == spec(ours)


def test_each_class_of_torch_that_an_op_emits_leads_to_the_op():
    emitted: dict[str, set[str]] = {}
    for word in catalog.words():
        for op, inputs in examples(word):
            module = op.spelling(*inputs).module
            if module is not None and hasattr(torch.nn, module.callee.removeprefix("nn.")):
                emitted.setdefault(module.callee.removeprefix("nn."), set()).add(word)
    assert len(emitted) > 30
    for name, words in emitted.items():
        found = foreign(name)
        assert found is not None, name
        assert found.word in words, name


DATA = ("image(3, 32, 32)", "series(32, 3)", "volume(3, 8, 32, 32)", "table(32)", "tokens(9, 16)")
GRAPH = "graph(32, nodes=10, edges=40)"


def examples(word: str) -> list[tuple[object, tuple[object, ...]]]:
    """The op of a word as its example makes it, for each kind of data that it takes."""
    op = catalog.find(word)
    found = []
    for data in (*DATA, GRAPH):
        try:
            made = archdsl.compile(f"arch A {{ data {data} model = {op.example} }}")
        except archdsl.SpecError:
            continue
        nodes = (node for node in every(made.graph.model) if isinstance(node, OpNode))
        found += [(node.op, node.inputs) for node in nodes if type(node.op) is op]
    return found


def test_a_name_of_elsewhere_is_told_as_such():
    (found,) = archdsl.check(spec("Conv2d(3, 8, 3)")).diagnostics
    assert (found.code, found.help) == ("E202", "`Conv2d` is PyTorch's name for `conv`")
    (found,) = archdsl.check(spec("flatten -> Dense(10)")).diagnostics
    assert (found.code, found.help) == ("E202", "`Dense` is Keras' name for `linear`")


def test_each_name_of_elsewhere_leads_to_one_op_and_is_no_word_of_ours():
    seen: dict[str, str] = {}
    for word in catalog.words():
        names = catalog.find(word).synonyms
        for name in {*names.torch, *names.keras, *names.others}:
            assert seen.setdefault(name, word) == word, name
            assert catalog.find(name) is None, name
        known = {parameter.name for parameter in parameters(catalog.find(word))}
        known |= set(catalog.find(word).branches.optional)
        assert {*names.takes, *names.arguments.values(), *names.defaults} <= {"", *known}


@pytest.mark.parametrize(
    ("name", "known", "meant"),
    [
        ("same", ["sage", "slice", "add"], ""),
        ("fooo", ["pool", "flatten"], ""),
        ("bar", ["var", "map"], ""),
        ("widht", ["width", "height"], "width"),
        ("cov", ["conv", "concat"], "conv"),
        ("LayerNorm", ["layer_norm", "lstm"], "layer_norm"),
        ("batchnorm", ["batch_norm"], "batch_norm"),
        ("kernal", ["kernel"], "kernel"),
        ("mobile", ["server", "mobile_cpu"], "mobile_cpu"),
        ("", ["a"], ""),
    ],
)
def test_a_guess_is_never_far_fetched(name, known, meant):
    assert likeliest(name, known) == meant


def test_letters_never_tell_that_more_is_needed_than_is():
    known = sorted(catalog.words())
    mistyped = [word[:at] + word[at + 1 :][::-1] for word in known for at in (0, 3)]
    for name in mistyped[:60]:
        for other in known[::3]:
            apart = distance(name, other)
            assert at_least(name, other) <= apart or apart > MOST


def test_where_a_value_is_needed_no_layer_is_guessed():
    (found,) = archdsl.check(spec("conv(8, convv)")).diagnostics
    assert (found.code, found.help, found.fix) == ("E201", "", None)


@pytest.mark.parametrize(
    ("name", "word"),
    [("conv2d", "conv"), ("max_pool2d", "max_pool"), ("Batchnorm2D", "batch_norm")],
)
def test_functions_and_other_spellings_are_known(name: str, word: str) -> None:
    found = foreign(name)
    assert found is not None
    assert (found.name, found.word) == (name, word)


@pytest.mark.parametrize("name", ["Global_Avg_Pool", "re_lu", "convolve2d"])
def test_what_is_our_own_or_nobodys_is_not_taken_for_theirs(name: str) -> None:
    assert foreign(name) is None
