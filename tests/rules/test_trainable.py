"""What training changes of a design."""

from __future__ import annotations

import pytest

from archdsl.evaluate.designs import sampler
from archdsl.rules.case import Case
from archdsl.rules.facts_regularisation import FROZEN, regularisers
from archdsl.rules.facts_trainable import frozen, frozen_share, trainable
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
    [("", 0), ("freeze=body", 36), ("freeze=list(body, neck)", 72), ("freeze=neck", 36)],
)
def test_frozen_weights_are_not_changed(freeze: str, held: int) -> None:
    design = case(f"adam({freeze})")
    assert (design.fact(frozen), design.fact(trainable)) == (held, 104 - held)
    assert design.fact(frozen_share) == held / 104


def test_freezing_regularises_by_the_share_of_weights_that_is_frozen() -> None:
    (found,) = (one for one in case("adam(freeze=body)").fact(regularisers))
    assert (found.kind, found.amount, found.effective) == (FROZEN, 36 / 104, True)
    assert found.strength == pytest.approx(2 * 36 / 104)
    assert not case("adam()").fact(regularisers)


@pytest.mark.parametrize(("outputs", "counts"), [(9, True), (10, False)])
def test_a_tenth_of_the_weights_counts(outputs: int, counts: bool) -> None:
    parts = f"{{ let body = linear(1, bias=false) return body -> linear({outputs}, bias=false) }}"
    program, _ = loaded(f"data table(1)\ntrain adam(freeze=body)\nmodel {parts}\n")
    design = Case(program, program.evaluate(sampler(0)))
    assert design.fact(frozen_share) == 1 / (1 + outputs)
    assert bool(design.fact(regularisers)) is counts
