"""What is chosen of the training is no more work for a space: its models are explored, and held to
limits, once for all ways to train them."""

from __future__ import annotations

import pytest

from archdsl.evaluate.bounds import DEFAULT
from archdsl.resolve.loading import load
from archdsl.source import Source
from archdsl.space.space import Space

SPEC = """arch A {
  data table(8, samples=100_000)
  task classify(2)
  train adam(TRAIN)
  require params <= 900
  require memory(training) <= MEMORY
  let w = 8 | 16 | 24 | 32
  model = linear(w) -> (0 to 3) * (linear(8 | 16 | 24 | 32) -> relu) -> linear(w) -> linear(classes)
}
"""
FEW = "batch=32, lr=0.01"
MANY = "batch=32 | 64, lr=0.1 | 0.01 | 0.001"


def described(train: str, memory: str = "1GiB") -> tuple[Space, int]:
    """A space, and the work that it takes to find its valid designs."""
    text = SPEC.replace("TRAIN", train).replace("MEMORY", memory)
    space = Space(load(Source(text)).program(), DEFAULT)
    space.valid()
    return space, DEFAULT.work - space.work


def test_choices_of_the_training_are_next_to_no_work():
    (alone, few), (trained, many) = described(FEW), described(MANY)
    assert trained.count(valid=True) == 6 * alone.count(valid=True) > 0
    assert many < 1.1 * few


def test_models_are_the_same_nodes_whatever_the_training():
    space, _ = described(MANY)
    models = {id(part.node.parts[1].node) for part in space.valid().parts}
    assert (len(space.valid().parts), len(models)) == (6, 1)


@pytest.mark.parametrize("memory", ["32KiB", "40KiB", "48KiB", "64KiB"])
def test_a_limit_on_what_the_training_changes_is_held_to_by_each_of_them(memory: str):
    together = described("batch=32 | 64, lr=0.01", memory)[0].count(valid=True)
    each = [described(f"batch={n}, lr=0.01", memory)[0].count(valid=True) for n in (32, 64)]
    assert together == sum(each)
    assert each[0] >= each[1]


def test_the_choices_of_the_training_stand_in_designs_as_before():
    space, _ = described(MANY)
    designs = list(space.designs())
    assert len(designs) == space.count(valid=True)
    assert {design["train.batch"] for design in designs} == {32, 64}
    assert {design["train.lr"] for design in designs} == {0.1, 0.01, 0.001}
