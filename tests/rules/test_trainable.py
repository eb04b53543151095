"""What training changes of a design."""

from __future__ import annotations

import pytest

from archdsl.evaluate.designs import sampler
from archdsl.rules.case import Case
from archdsl.rules.facts_capacity import body, embedded
from archdsl.rules.facts_trainable import adapters, frozen, trainable
from tests.rules.literate import loaded

MODEL = """model {
  let body = linear(9, bias=false) -> relu
  let neck = body -> linear(4, bias=false)
  return neck -> linear(8, bias=false)
}
"""


def case(train: str) -> Case:
    program, _ = loaded(f"data table(4)\ntrain {train}\n{MODEL}")
    return Case(program, program.evaluate(sampler(0)))


@pytest.mark.parametrize(
    ("freeze", "held"),
    [("", 0), ("freeze=body", 36), ("freeze=[body, neck]", 72), ("freeze=neck", 36)],
)
def test_frozen_weights_are_not_changed(freeze: str, held: int) -> None:
    design = case(f"adam({freeze})")
    assert (design.fact(frozen), design.fact(trainable)) == (held, 104 - held)


def test_adapters_are_learned_and_what_they_adapt_is_not() -> None:
    design = case("adam(freeze=body, adapter_rank=2)")
    found = design.fact(frozen), design.fact(adapters), design.fact(trainable)
    assert found == (36, 26, 104 - 36 + 26)
    assert design.fact(body) == 94


def test_what_is_frozen_learns_nothing_by_heart() -> None:
    assert case("adam(freeze=[body, neck])").fact(body) == 32
    text = """data tokens(4, vocab=100, samples=50)
task classify(2)
train adam(freeze=words)
model {
  let words = embedding(8)
  return words -> mean_over -> linear(classes)
}
"""
    program, _ = loaded(text)
    design = Case(program, program.evaluate(sampler(0)))
    assert (design.fact(embedded), design.fact(body)) == (0, 18)
