"""Bodies that return several results, and lets that take them apart."""

from __future__ import annotations

import pytest

import archdsl
from archdsl.types import Auxiliary, Image, Outputs, Vector
from tests.unjudged import UNJUDGED

FORK = "block fork(c) {\n  let a = conv(c, 3)\n  return a, a -> conv(2 * c, 3, stride=2)\n}\n"
LOW = "a 4×4×4 image"
BEGINS = "outputs begins with a result that is there in training only"
END = "global_avg_pool -> linear(4)"


def told(body: str, blocks: str = FORK) -> list[str]:
    """The errors of a model, by their codes and places."""
    text = f"{blocks}arch A {{ data image(3, 8, 8) task regress(4) model {{ {body} }} }}"
    found = archdsl.check(text, terms=UNJUDGED).diagnostics
    return [f"{one.code} {one.span.text}: {one.message}" for one in found]


def compiled(body: str, blocks: str = FORK) -> archdsl.Compiled:
    text = f"{blocks}arch A {{ data image(3, 8, 8) task regress(4) model {{ {body} }} }}"
    return archdsl.compile(text, terms=UNJUDGED)


def test_a_block_gives_its_results_in_order() -> None:
    made = compiled(f"let both = fork(2) let (a, b) = both return b -> {END}")
    (both,) = [one for one in made.graph.model.bindings if one.name == "both"]
    assert both.node.out == Outputs((Image(2, 8, 8), Image(4, 4, 4)))


def test_return_says_what_outputs_says() -> None:
    one = compiled(f"return {END}, tanh")
    other = compiled(f"return outputs({END}, tanh)")
    assert one.source == other.source
    assert one.graph.model.out == Outputs((Vector(4), Image(3, 8, 8)))


def test_results_flow_into_blocks_and_rows_of_blocks_as_they_are() -> None:
    blocks = f"{FORK}block swap() {{ let (a, b) = x return a -> relu, b -> tanh }}\n"
    made = compiled(f"let (a, b) = fork(2) -> 3 * swap return add(a, a) -> {END}, b", blocks)
    assert made.graph.model.out == Outputs((Vector(4), Image(4, 4, 4)))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            f"let (a, b, c) = fork(2) return a -> {END}",
            "E261 a, b, c: `(a, b, c)` takes apart 3 results, and there are 2",
        ),
        (
            f"let (a, b) = conv(2, 3) return a -> {END}",
            "E261 a, b: `(a, b)` takes apart 2 results, and there is one",
        ),
        (
            f"let (a, b) = 3 return {END}",
            "E261 3: `(a, b)` takes results of a layer apart, and this is a value",
        ),
        (
            f"return fork(2) -> relu -> {END}",
            "E260 relu: `relu` takes one tensor, and 2 flow in: a 2×8×8 image and a 4×4×4 image",
        ),
        (
            f"let f = fork(2) return mul(f, x) -> {END}",
            "E260 mul(f, x): `mul` takes one tensor, and 2 flow in: a 2×8×8 image and " + LOW,
        ),
        (
            f"let f = fork(2) return conv(f.channels, 3) -> {END}",
            "E260 f.channels: `f` holds 2 results, so it has no one `channels`",
        ),
        (
            f"let (a, a) = fork(2) return a -> {END}",
            "E207 a: `a` is bound already in this body",
        ),
        (
            "return train_only(tanh), tanh",
            f"E262 train_only(tanh), tanh: {BEGINS}",
        ),
        (
            f"let a = train_only({END}) return a -> relu",
            "E262 relu: `relu` would read a result that is there in training only",
        ),
        (
            f"let (a, b) = outputs({END}, train_only({END})) return add(a, b)",
            "E262 b: `b` would be a result that is there in training only",
        ),
        (
            "return fork(2), tanh",
            "E301 fork(2), tanh: outputs cannot hold further outputs",
        ),
    ],
)
def test_a_mistake_is_told_where_it_is(body: str, expected: str) -> None:
    assert expected in told(body)


def test_a_result_of_training_only_answers_the_task_as_the_first_does() -> None:
    wrong = told(f"return {END}, train_only(global_avg_pool -> linear(5))")
    message = "`regress(4)` needs a vector of 4, the model gives a vector of 5"
    assert wrong == [f"E442 linear(5): {message}"]


def test_its_weight_is_part_of_the_type() -> None:
    out = compiled(f"return {END}, train_only({END}, weight=0.3)").graph.model.out
    assert out == Outputs((Vector(4), Auxiliary(Vector(4), 0.3)))


def test_a_result_that_nothing_reads_has_no_name() -> None:
    assert told(f"let (_, b) = fork(2) return b -> {END}") == []
    text = f"{FORK}arch A {{ data image(3, 8, 8) model {{ let (a, b) = fork(2) return b }} }}"
    (found,) = [one for one in archdsl.check(text).diagnostics if one.code == "P706"]
    assert found.message == "`a` never reaches the result"
    assert found.fix is not None
    assert [(one.span.text, one.replacement) for one in found.fix.edits] == [("a", "_")]
    assert not found.fix.safe


def test_results_outside_bodies_are_not_taken_apart() -> None:
    text = f"{FORK}arch A {{ data image(3, 8, 8) let (a, b) = fork(2) model = {END} }}"
    (found, *_) = archdsl.check(text).diagnostics
    assert found.code.startswith("E1")


def test_layout_keeps_what_is_written() -> None:
    text = (
        "block swap() {\n  let (a, b) = x\n  # behind\n  return b, a\n}\n\n"
        "block both() = outputs(relu, tanh)\n"
    )
    assert archdsl.format(text) == text
