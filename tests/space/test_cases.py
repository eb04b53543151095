"""Spaces that other people met, each with what is right of it."""

from __future__ import annotations

import pytest

import archdsl
from archdsl.resolve.loading import load
from archdsl.source import Source
from archdsl.space.space import Space
from tests.thinning import mostly_slow

BITS = range(20)
CASES = {
    "copies of one design": (
        "image(3, 64, 64)",
        "classify(10)",
        "",
        """{
        let a = 2 * (conv(8 | 16 | 24 | 32, 3 | 5 | 7) -> (relu | gelu | silu))
        let b = a -> 2 * (conv(32 | 48 | 64 | 96, 3 | 5 | 7) -> (relu | gelu | silu))
        let c = b -> 2 * (conv(64 | 96 | 128 | 160, 3 | 5 | 7) -> (relu | gelu | silu))
        let d = c -> 2 * (conv(64 | 96 | 128 | 160, 3 | 5 | 7) -> (relu | gelu | silu))
        return d -> global_avg_pool -> linear(classes)
        }""",
        36**4,
    ),
    "a divisor that may be zero": ("table(4)", "", "", "= (linear(12 // (0 | 2)) | relu)", 2),
    "many bits read together": (
        "table(20)",
        "regress(1)",
        " ".join(f"let b{i} = 0 | 1" for i in BITS),
        f"= linear(8 + {' + '.join(f'b{i}' for i in BITS)}) -> linear(targets)",
        2**20,
    ),
    "an output that may fit": (
        "table(4)",
        "classify(10)",
        "",
        "= (linear(10) | linear(12) | linear(14))",
        1,
    ),
    "a pick of none": (
        "table(4)",
        "",
        "",
        "= (add(identity, pick(0 to 2, relu, gelu)) | tanh)",
        4,
    ),
    "a vector at each position of a sequence": (
        "series(6, 4)",
        "",
        "",
        """= add(linear(4) | linear(8) | (linear(8) -> mean_over),
        linear(8) | (mean_over -> linear(4 | 8)))""",
        5,
    ),
    "a range that depends": (
        "table(4)",
        "",
        "let a = 1 to 3 let b = 2 to a",
        "= linear(a) -> linear(b)",
        3,
    ),
    "two wide lets that nothing reads": (
        "table(20)",
        "regress(1)",
        "let a = 1 to 10_000 let b = 1 to 10_000",
        "= linear(8) -> relu -> linear(targets)",
        10**8,
    ),
    "merges of wide branches that must agree": (
        "image(3, 64, 64)",
        "classify(10)",
        "",
        "= "
        + " -> ".join(["add(conv(1 to 40, 3, stride=1 to 3), conv(1 to 40, 3, stride=1 to 3))"] * 3)
        + " -> global_avg_pool -> linear(classes)",
        120**3,
    ),
}


def program(data: str, task: str, lets: str, model: str, blocks: str = ""):
    named = f"task {task}" if task else ""
    return load(
        Source(f"{blocks}\narch A {{ data {data} {named} {lets} model {model} }}")
    ).program()


@pytest.mark.parametrize("name", mostly_slow(CASES, 3))
def test_it_is_counted_as_it_should_be(name: str) -> None:
    *parts, count = CASES[name]
    assert Space(program(*parts)).count() == count


def test_a_shared_cell_with_other_inputs_is_one_choice_wherever_it_is() -> None:
    blocks = """
    block plain(width) = conv(width, 1)
    block projected(width) = conv(width, 1, bias=false) -> batch_norm
    shared block cell(width) =
      when(x.channels == width, plain(width), else=projected(width)) -> (relu | gelu | tanh)
    """
    cells = " -> ".join(f"cell({16 if i % 3 else 32})" for i in range(10))
    model = f"= {cells} -> global_avg_pool -> linear(classes)"
    assert Space(program("image(3, 32, 32)", "classify(10)", "", model, blocks)).count() == 3


def test_a_range_that_depends_in_a_block_is_counted() -> None:
    block = "block f() { let a = 1 to 3 let b = 2 to a return linear(a) -> linear(b) }"
    assert Space(program("table(4)", "", "", "= (f() | linear(3))", block)).count() == 4


def test_a_product_that_must_be_leaves_the_two_ways_to_have_it() -> None:
    lets = "let a = 1 to 30 let b = 1 to 30 require a * b == 323"
    model = "= linear(a) -> relu -> linear(b) -> relu -> linear(targets)"
    space = Space(program("table(4, samples=100_000)", "regress(1)", lets, model))
    assert (space.count(), space.count(valid=True)) == (900, 2)
    assert {(d["a"], d["b"]) for d in space.designs()} == {(17, 19), (19, 17)}


ONE_GOOD = """
block u(k) = when(k == 7, residual(conv(32, 3, bias=false) -> batch_norm -> relu),
                  else=(conv(32, 3, bias=false) -> batch_norm -> relu))
arch OneGood {
  data image(3, 32, 32, samples=50_000, augment=strong)
  task classify(10)
  train adamw(batch=128)
  let k = 1 to 300
  model = conv(32, 3, stride=2) -> 24 * u(k) -> global_avg_pool -> linear(classes)
}
"""


@pytest.mark.slow
def test_the_one_sound_design_of_many_is_sampled_and_the_space_is_not_rejected() -> None:
    assert archdsl.check(ONE_GOOD).ok
    assert archdsl.sample(ONE_GOOD, 5) == [{"k": 7}]
