"""What the best have in common is told where it is more than chance."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from archdsl.api import judging_of, read
from archdsl.searching.candidates import Candidates
from archdsl.searching.traits import _chance, traits, valid_shares

CELL = Path("specs/spaces/nas_bench_201.arch")
LIMITED = CELL.read_text(encoding="utf-8").replace(
    "  model", "  require params <= 200k\n  model", 1
)


def _candidates(text: str | Path) -> Candidates:
    return Candidates(judging_of(read(text), None))


def test_options_of_all_designs_have_the_shares_that_counting_them_gives() -> None:
    candidates = _candidates(LIMITED)
    designs = list(candidates.designs.every(0))
    for path, options in valid_shares(candidates).items():
        for (_, label), share in options.items():
            counted = sum(design[path] == label for design in designs) / len(designs)
            assert share == pytest.approx(counted)


def test_an_option_that_all_of_the_best_have_is_a_trait_and_its_share_among_all_is_told() -> None:
    candidates, random = _candidates(CELL), Random(0)
    drawn = [candidates.designs.drawn(random) or {} for _ in range(400)]
    best = [one for one in drawn if one["cell.node1.edge"] == "identity"][:20]
    found = traits(candidates, best)
    assert found[0][:3] == ("cell.node1.edge", "identity", 1.0)
    assert found[0].valid == pytest.approx(0.2)
    assert found[0].chance == pytest.approx(0.2**20)
    assert {one.path for one in found} == {"cell.node1.edge"}


def test_designs_drawn_at_random_have_no_traits() -> None:
    candidates, random = _candidates(CELL), Random(3)
    assert traits(candidates, [candidates.designs.drawn(random) or {} for _ in range(30)]) == []


def test_the_chance_is_the_tail_of_the_binomial_distribution() -> None:
    assert _chance(2, 2, 0.5) == 0.25
    assert _chance(0, 3, 0.5) == 0.125
    assert _chance(1, 3, 0.25) == pytest.approx(1 - 0.75**3)
