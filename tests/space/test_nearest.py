"""The nearest designs to a wish are those that going through all designs finds: on random spaces
with and without limits, whatever is wished."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from archdsl.api import judging_of, read
from archdsl.diagnostics import SpecError
from archdsl.space.nearest import nearest
from archdsl.space.space import Space
from tests.space.brute_force import program
from tests.space.random_spaces import space
from tests.thinning import mostly_slow

if TYPE_CHECKING:
    from archdsl.space.designs import Designs

MOBILE = Path("specs/spaces/mobilenet_v2_like.arch")
CELL = Path("specs/spaces/nas_bench_201.arch")


def _designs(seed: int) -> Designs | None:
    """The designs of a random space; None of one without choices, or with too many."""
    made = program(space(seed))
    if made is None:
        return None
    try:
        valid = Space(made).valid()
    except SpecError:
        return None
    return valid.designs if 1 < valid.count <= 400 else None


def _changes(wish: dict[str, Any], design: dict[str, Any]) -> int:
    return sum(_differ(design[name], value) for name, value in wish.items() if name in design)


def _differ(one: Any, other: Any) -> bool:
    return (isinstance(one, bool), one) != (isinstance(other, bool), other)


def _wish(designs: Designs, random: Random) -> dict[str, Any]:
    """Some choices of one design, and some of another, of alternatives that exclude each other,
    too."""
    one, other = (designs.design(random.randrange(designs.count)) for _ in range(2))
    both = {**one, **other}
    mixed = {name: random.choice((one, other)).get(name, value) for name, value in both.items()}
    return {name: value for name, value in mixed.items() if random.random() < 0.8}


@pytest.mark.parametrize("first", mostly_slow(range(1, 300, 50), 3))
def test_no_design_is_nearer_than_the_one_found(first: int) -> None:
    looked_at = 0
    for seed in range(first, first + 50):
        designs = _designs(seed)
        if designs is None or designs.reader.is_continuous:
            continue
        looked_at += 1
        random = Random(seed)
        wish = _wish(designs, random)
        found = nearest(designs.reader.sites, wish, random)
        assert found is not None
        assert designs.rank(found) is not None, space(seed)
        least = min(_changes(wish, designs.design(rank)) for rank in range(designs.count))
        assert _changes(wish, found) == least, space(seed)
    assert looked_at > 5


@pytest.mark.parametrize("first", mostly_slow(range(1, 300, 100), 3))
def test_a_fixed_choice_is_as_wished_or_there_is_no_such_design(first: int) -> None:
    for seed in range(first, first + 100):
        designs = _designs(seed)
        if designs is None or designs.reader.is_continuous:
            continue
        random = Random(seed)
        every = [designs.design(rank) for rank in range(designs.count)]
        wish, other = random.choice(every), random.choice(every)
        name = random.choice([*other, ""])
        if not name:
            continue
        wish = {**wish, name: other[name]}
        found = nearest(designs.reader.sites, wish, random, (name,))
        if found is None:  # the nearest with nothing of the kind lacks the choice
            unfixed = {key: value for key, value in wish.items() if key != name}
            least = min(_changes(unfixed, one) for one in every if name not in one)
            with_it = [one for one in every if name in one and not _differ(one[name], other[name])]
            assert all(_changes(unfixed, one) >= least for one in with_it), space(seed)
        else:
            assert not _differ(found[name], other[name]), space(seed)


def test_each_of_the_nearest_is_as_likely_as_any_other() -> None:
    designs = Space(judging_of(read(CELL), None).program).valid().designs
    wish = {"cell.node2.edge": "zero", "cell.node2.edge_2": "zero", "cell.node3.edge": "zero"}
    wish |= {"cell.node3.edge_2": "zero", "cell.node1.edge": "zero"}
    random = Random(0)
    drawn = Counter(
        str(nearest(designs.reader.sites, wish, random)["cell.node3.edge_3"])  # type: ignore[index]
        for _ in range(500)
    )
    assert len(drawn) == 5
    assert min(drawn.values()) > 70  # 100 expected; four standard deviations are 36


@pytest.mark.parametrize(
    ("path", "limit"), [(CELL, "500k"), pytest.param(MOBILE, "1M", marks=pytest.mark.slow)]
)
def test_under_a_limit_what_has_to_give_way_does(path: Path, limit: str) -> None:
    text = path.read_text(encoding="utf-8").replace(
        "  model", f"  require params <= {limit}\n  model", 1
    )
    judging = judging_of(read(text), None)
    designs = Space(judging.program, judging.terms.bounds._replace(work=10**8)).valid().designs
    random = Random(1)
    for _ in range(20):
        design = designs.design(random.randrange(designs.count))
        assert nearest(designs.reader.sites, design, random) == design
        other = designs.design(random.randrange(designs.count))
        name = random.choice([name for name in design if name in other])
        found = nearest(designs.reader.sites, {**design, name: other[name]}, random, (name,))
        assert found is not None
        assert found[name] == other[name]
        assert designs.rank(found) is not None


def test_past_the_sites_allowed_a_near_design_is_found_instead() -> None:
    designs = Space(judging_of(read(CELL), None).program).valid().designs
    random = Random(0)
    wish = designs.design(7_000)
    assert nearest(designs.reader.sites, wish, random, most=1) == wish


def test_wishes_for_an_alternative_that_is_not_taken_change_nothing_of_the_one_that_is() -> None:
    """What is wished inside one block is not met in another, whose let is chosen in a place of its
    own."""
    text = """
block deep(width) {
  let depth = 1 to 3
  return each(i = 1 to depth, linear(width) -> relu | tanh)
}
block wide(width) {
  let drop = 0 | 0.1
  return linear(width) -> dropout(drop)
}
arch A {
  data  table(8, samples=10_000)
  task  classify(2)
  model = deep(16) | wide(16) -> linear(classes)
}
"""
    designs = Space(judging_of(read(text), None).program).valid().designs
    every = [designs.design(rank) for rank in range(designs.count)]
    random = Random(0)
    for design in every:
        for other in every:
            wish = {**other, "choice": design["choice"]}
            found = nearest(designs.reader.sites, wish, random)
            assert found is not None
            assert _changes(wish, found) == min(_changes(wish, one) for one in every)
