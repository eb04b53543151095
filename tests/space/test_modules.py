"""Spaces with modules: in every design their choices are made once and their weights count once."""

from __future__ import annotations

import pytest

from archdsl.space.explore.explorer import Unexplorable
from archdsl.space.space import Space
from tests.space.brute_force import program, tried
from tests.space.random_spaces import modular
from tests.space.test_metrics_against_brute_force import _compare, _compare_relaxed
from tests.thinning import mostly_slow, thinned

CHUNK = 40
CHUNKS = [range(first, first + CHUNK) for first in range(1, 100, CHUNK)]
WIDE = thinned([range(first, first + 200) for first in range(10_000, 12_000, 200)], 5)
NESTED = """\
block cell(f, w) {
  module inner = conv(w, 3 | 5) -> (relu | gelu)
  let a = x -> inner
  return a -> inner -> (f | identity)
}
arch Nested {
  data image(4, 16, 16)
  task classify(10)
  module outer = conv(4, 1 | 3)
  model {
    let k = 3 | 5
    module tower = conv(4, k) -> (batch_norm | identity)
    let a = x -> (tower | relu | outer)
    let b = a -> cell(tower, 4) -> (cell(outer, 4) | identity)
    return add(b -> (1 to 2) * tower, a, conv(4, k)) -> global_avg_pool -> linear(classes)
  }
}
"""


def _tried(text: str) -> bool:
    """Whether a space was held against all its designs, and not too large or refused."""
    made = program(text)
    designs = None if made is None or "module " not in text else tried(made, 300)
    if made is None or not designs:
        return False
    try:
        _compare(made, designs, 0)
        _compare_relaxed(made, designs, 0)
    except Unexplorable:
        return False
    return True


def _seeds(seeds: range) -> str:
    return str(seeds.start)


@pytest.mark.parametrize("seeds", mostly_slow(CHUNKS, 3), ids=_seeds)
def test_metrics_of_random_spaces_are_those_of_all_their_designs(seeds):
    assert sum(_tried(modular(seed)) for seed in seeds) > CHUNK // 8


@pytest.mark.slow
@pytest.mark.parametrize("seeds", WIDE, ids=_seeds)
def test_metrics_of_many_random_spaces_are_those_of_all_their_designs(seeds):
    assert sum(_tried(modular(seed)) for seed in seeds) > len(seeds) // 8


@pytest.mark.slow
def test_modules_in_blocks_that_are_handed_modules_are_chosen_once_for_each_call():
    made = program(NESTED)
    assert made is not None
    designs = tried(made, 5_000)
    assert designs is not None
    assert len(designs) == 2_816
    _compare(made, designs, 0)


PYRAMID = """\
arch Pyramid {
  data image(4, 16, 16)
  model {
    let k = 1 | 3
    let w = 2 | 4 | 8
    module head = HEAD
    return add(head, max_pool(2) -> head -> upsample(2)) -> conv(w, k)
  }
}
"""


@pytest.mark.parametrize(
    ("head", "designs"),
    [
        ("conv(4, 1 | 3)", 12),
        ("conv(4 | 8, 3) -> relu -> (batch_norm | identity) -> conv(4, 1)", 24),
        ("conv(w, k) -> (conv(w, 1) | relu) -> conv(4, 1)", 12),
        ("(1 to 2) * conv(4, 1 | 3)", 24),
        ("residual(layer_norm -> conv(4, k)) -> (gelu | (1 to 2) * conv(4, k))", 18),
        ("when(w > 4, conv(4, 3), else=conv(4, 1) -> (relu | silu))", 10),
    ],
)
def test_a_module_with_choices_may_see_two_sizes(head: str, designs: int) -> None:
    made = program(PYRAMID.replace("HEAD", head))
    assert made is not None
    found = tried(made, 300)
    assert found is not None
    assert len(found) == designs == Space(made).count()
    _compare(made, found, 0)
    _compare_relaxed(made, found, 0)


def test_a_module_whose_weights_fit_one_size_in_every_design_fits_no_design() -> None:
    of_size = "flatten -> linear(4 | 8) -> linear(1024) -> reshape(4, 16, 16)"
    made = program(PYRAMID.replace("HEAD", of_size).replace("upsample(2)", "identity"))
    assert made is not None
    assert Space(made).count() == 0


def test_where_weights_fit_two_sizes_in_some_designs_alone_it_is_not_counted() -> None:
    some = "layer_norm(over=all) | layer_norm"
    made = program(PYRAMID.replace("HEAD", some))
    assert made is not None
    with pytest.raises(Unexplorable, match="different sizes"):
        Space(made).count()
