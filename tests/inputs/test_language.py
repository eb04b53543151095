"""What specs with several inputs mean, and what is said of those that mean nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import archdsl
from archdsl.resolve.loading import load
from archdsl.source import Source
from archdsl.syntax.format import format_source
from archdsl.types import Category, Image, Inputs, Vector
from tests.inputs.specs import SPECS

REFERENCE = Path(__file__).parents[3] / "shared" / "reference" / "models.json"


def codes(text: str) -> list[str]:
    return [found.code for found in archdsl.check(text).diagnostics]


def told(text: str) -> str:
    return archdsl.check(text).render("concise")


@pytest.mark.parametrize("name", SPECS)
def test_specs_with_several_inputs_are_in_order_and_keep_their_text(name: str) -> None:
    report = archdsl.check(SPECS[name])
    assert report.ok, report.render()
    once = format_source(SPECS[name])
    assert format_source(once) == once
    assert archdsl.compile(once).source == archdsl.compile(SPECS[name]).source


def test_the_inputs_are_known_by_their_names_in_the_order_of_their_clauses() -> None:
    program = load(Source(SPECS["image_and_table"])).program()
    assert program.input == Inputs(("picture", "facts"), (Image(3, 32, 32), Vector(12)))
    source = archdsl.compile(SPECS["image_and_table"]).source
    assert "def forward(self, picture: Tensor, facts: Tensor) -> Tensor:" in source
    assert "Takes picture (3x32x32 image) and facts (12 vector), gives 10 vector." in source


def test_a_single_input_may_have_a_name_beside_x() -> None:
    plain = "arch A { data table(8) model = linear(4) -> add(x -> linear(4), identity) }"
    named = plain.replace("data table", "data facts = table").replace("(x ->", "(facts ->")
    assert (
        archdsl.compile(named).source.splitlines()[2:]
        == (archdsl.compile(plain).source.splitlines()[2:])
    )


def test_sizes_of_inputs_are_attributes_of_their_names() -> None:
    text = """arch A {
      data one = tokens(8, vocab=50)
      data other = tokens(6, vocab=70)
      model = concat(one -> embedding(one.vocab // 5), other -> embedding(10), axis=length)
              -> linear(other.vocab + other.length)
    }"""
    assert archdsl.compile(text).shapes["output"] == (14, 76)


def test_what_one_input_alone_says_has_a_plain_name() -> None:
    text = """arch A {
      data words = tokens(8, vocab=50)
      data facts = table(3)
      model = concat(words -> embedding(4) -> mean_over, facts) -> linear(vocab)
    }"""
    assert archdsl.compile(text).shapes["output"] == (50,)


def test_a_category_is_one_id_and_an_embedding_makes_a_vector_of_it() -> None:
    text = "arch A { data category(vocab=40) model = embedding(6) -> linear(2) }"
    compiled = archdsl.compile(text)
    assert compiled.graph.model.takes == Category(40)
    assert compiled.shapes == {"input": (), "output": (2,)}
    assert compiled.params == 40 * 6 + 6 * 2 + 2
    assert "linear cannot take an id below 40 (give the id an embedding first)" in told(
        "arch A { data category(vocab=40) model = linear(2) }"
    )


def test_the_transformer_costs_what_pytorchs_does() -> None:
    found = archdsl.compile(SPECS["transformer"])
    known = json.loads(REFERENCE.read_text(encoding="utf-8"))
    wanted = _entry(known, "transformer_base_d512")
    assert (found.params, found.macs) == (wanted["params"], wanted["macs"])


def _entry(known: object, name: str) -> dict[str, int]:
    if isinstance(known, dict) and name in known:
        return dict(known[name])
    models = known["models"] if isinstance(known, dict) else known
    assert isinstance(models, (dict, list))
    if isinstance(models, dict):
        return dict(models[name])
    return next(dict(one) for one in models if one["name"] == name)


GRAPHS = "graph(3, nodes=5, edges=6, graphs=9)"
TWO_TEXTS = "data a = tokens(3, vocab=5) data b = tokens(3, vocab=6)"
JOINED = "concat(a -> embedding(4), b -> embedding(4))"
IMAGE_AND_TABLE = "data picture = image(3, 32, 32) data facts = table(12) task classify(10)"


@pytest.mark.parametrize(
    ("body", "code", "words"),
    [
        (f"{IMAGE_AND_TABLE} model = conv(8, 3)", "E330", "the name of an input before it"),
        (f"{IMAGE_AND_TABLE} model = concat(picture, linear(3))", "E330", "a vector of 12"),
        (f"{IMAGE_AND_TABLE} model = identity", "E330", "gives what flows into it"),
        (f"{IMAGE_AND_TABLE} model = x -> linear(10)", "E201", "`picture`, `facts`"),
        (f"{IMAGE_AND_TABLE} model = linear(3) -> facts", "E330", "several flow in"),
        (f"{IMAGE_AND_TABLE} let facts = 3 model = facts -> relu", "E207", "bound already"),
        ("data a = table(3) data table(4) model = a -> relu", "E425", "`data facts = table(…)`"),
        ("data table(3) data table(4) model = relu", "E420", "several inputs have names"),
        ("data a = table(3) data a = table(4) model = a -> relu", "E207", "`a` is bound"),
        ("data x = table(3) model = relu", "E207", "`x` is bound already"),
        (
            "data a = table(3, samples=5) data b = table(4, samples=6) model = add(a, b)",
            "E426",
            "not as many",
        ),
        (
            "data a = graph(3, nodes=5, edges=6) data b = table(4) model = b -> relu",
            "E427",
            "needed: `graphs=`",
        ),
        (
            f"data a = {GRAPHS} data b = {GRAPHS} model = b -> gcn(2) -> graph_pool(sum)",
            "E427",
            "one graph at most",
        ),
        (f"data a = {GRAPHS} data b = table(4, samples=8) model = b -> relu", "E426", "8 samples"),
        (f"data batch = table(4) data a = {GRAPHS} model = batch -> relu", "E207", "a part of the"),
        (f"data a = {GRAPHS} data b = table(3) model = concat(a, b)", "E301", "graph_pool"),
        (f"data a = {GRAPHS} data b = table(3) model = add(a -> gcn(3), b)", "E301", "graph_pool"),
        ("data a = table(3) task classify(2, of=b) model = linear(2)", "E428", "`b`"),
        ("data table(3) task classify(2, of=b) model = linear(2)", "E428", "`b`"),
        (
            f"{TWO_TEXTS} task next_token() model = {JOINED} -> linear(6)",
            "E448",
            "`next_token(of=b)`",
        ),
        (
            f"{TWO_TEXTS} model = {JOINED} -> linear(vocab)",
            "E201",
            "`a.vocab`, `b.vocab`",
        ),
        ("data a = tabel(3) data b = table(4) model = add(a, b)", "E401", "`tabel`"),
    ],
)
def test_specs_that_make_no_sense_are_refused_with(body: str, code: str, words: str) -> None:
    report = archdsl.check(f"arch A {{ {body} }}")
    found = [one for one in report.diagnostics if one.code == code]
    assert found, report.render()
    assert words in report.render(), report.render()


def test_an_input_that_is_not_read_is_an_error() -> None:
    text = SPECS["image_and_table"].replace("concat(seen, known)", "seen")
    (found,) = [one for one in archdsl.check(text).diagnostics if one.code == "P821"]
    assert "nothing depends on `facts`" in found.message


def test_half_of_an_input_that_is_not_read_is_told_of_by_its_name() -> None:
    text = SPECS["image_and_table"].replace("facts -> linear", "facts -> slice(0, 6) -> linear")
    (found,) = [one for one in archdsl.check(text).diagnostics if one.code == "P821"]
    assert found.message.startswith("6 of 12 features of `facts` are never read")


def test_a_decoder_may_read_all_of_the_source_and_not_what_comes_in_the_target() -> None:
    assert "P801" not in codes(SPECS["encoder_decoder"])
    leaks = SPECS["encoder_decoder"].replace("causal=true", "causal=false")
    (found,) = [one for one in archdsl.check(leaks).diagnostics if one.code == "P801"]
    assert "reads `target` up to position 15" in found.message


def test_a_source_whose_order_nothing_tells_is_told_of() -> None:
    assert "P802" not in codes(SPECS["encoder_decoder"])
    first = "embedding(64) -> position_embedding -> 2 * transformer"
    lost = SPECS["encoder_decoder"].replace(first, "embedding(64) -> 2 * transformer")
    assert "P802" in codes(lost)


def test_the_sum_of_two_inputs_is_no_skip() -> None:
    text = """arch A {
      data one = table(8)
      data other = table(8)
      model = add(one -> linear(8) -> relu -> linear(8), other) -> linear(1)
    }"""
    assert not [code for code in codes(text) if code.startswith("P2")]


def test_a_block_takes_of_several_inputs_those_that_it_is_handed() -> None:
    text = """block joined(a, b) = concat(a, b) -> linear(8) -> relu
    arch A {
      data picture = image(3, 8, 8)
      data facts = table(12)
      data kind = category(vocab=9)
      model {
        let first = joined(picture -> conv(8, 3) -> relu -> global_avg_pool, facts)
        return add(first, kind -> embedding(8))
      }
    }"""
    source = archdsl.compile(text).source
    assert "def forward(self, picture: Tensor, facts: Tensor) -> Tensor:" in source
    assert "self.first(picture, facts)" in source


def test_what_a_loop_reads_in_every_turn_keeps_its_name() -> None:
    source = archdsl.compile(SPECS["transformer"]).source
    assert "x = layer(x, memory)" in source
    assert source.count("    memory = ") == 1


def test_names_of_inputs_that_python_takes_are_written_with_a_line_behind() -> None:
    text = "arch A { data class = table(3) data F = table(3) model = add(class, F) -> relu }"
    assert (
        "def forward(self, class_: Tensor, F_: Tensor) -> Tensor:" in archdsl.compile(text).source
    )
