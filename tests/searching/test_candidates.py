"""Candidates are sound designs, and what is made of them is sound too."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from archdsl.api import judging_of, read
from archdsl.diagnostics import SpecError
from archdsl.searching.candidates import Candidates

CELL = Path("specs/spaces/nas_bench_201.arch")
TINY = """
arch Tiny {
  data table(8, samples=1_000)
  task classify(3)
  let width = 8 | 12 | 16
  let hidden = relu | gelu
  require params <= 350
  model = linear(width) -> hidden -> linear(classes)
}
"""
CONTINUOUS = """
arch Rates {
  data table(8, samples=1_000)
  task classify(3)
  train adamw(lr=1e-4 to 1e-1 log, epochs=3)
  model = linear(8 | 16) -> relu -> dropout(0.0 to 0.5) -> linear(classes)
}
"""


def _candidates(text: str | Path, work: int | None = None) -> Candidates:
    judging = judging_of(read(text), None)
    return Candidates(judging) if work is None else Candidates(judging, work)


def test_what_is_drawn_mutated_and_crossed_is_sound() -> None:
    candidates, random = _candidates(CELL), Random(0)
    one, other = candidates.drawn(random), candidates.drawn(random)
    assert one is not None
    assert other is not None
    for _ in range(20):
        mutant = candidates.mutated(one.design, random)
        child = candidates.crossed(one.design, other.design, random)
        assert mutant is not None
        assert child is not None
        assert candidates.candidate(mutant.design) == mutant
        assert candidates.candidate(child.design) == child
        assert sum(mutant.design[path] != one.design[path] for path in one.design) == 1
        assert all(child.design[p] in (one.design[p], other.design[p]) for p in child.design)


def test_the_neighbours_of_a_cell_are_the_24_with_one_other_option() -> None:
    candidates, random = _candidates(CELL), Random(0)
    design = candidates.drawn(random)
    assert design is not None
    found = list(candidates.neighbours(design.design, random))
    rejected = sum(candidates.rejected.values())
    assert len(found) + rejected == 6 * 4
    assert len({str(sorted(one.design.items())) for one in found}) == len(found)


def test_a_space_ends_when_all_of_its_designs_were_seen() -> None:
    candidates, random = _candidates(TINY), Random(0)
    seen: set[str] = set()
    while (found := candidates.unseen(seen, random)) is not None:
        assert found.key not in seen
        seen.add(found.key)
        assert candidates.computed(found.design, "params") <= 350
    # 8 * w + w + 3 * w + 3 = 12 * w + 3 for widths 8, 12 and 16: all are within 350
    assert len(seen) == 6


def test_designs_of_one_network_trained_alike_have_one_key() -> None:
    candidates = _candidates(TINY.replace("relu | gelu", "relu | gelu | (gelu -> identity)"))
    narrow = [one for one in candidates.every() if one.design["width"] == 8]
    by_option = {str(one.design["hidden"]): one.key for one in narrow}
    assert len(by_option) == 3
    assert by_option["gelu"] == by_option["gelu -> identity"]
    assert by_option["relu"] != by_option["gelu"]


def test_what_is_trained_otherwise_is_another_candidate() -> None:
    candidates, random = _candidates(CONTINUOUS), Random(0)
    one = candidates.drawn(random)
    assert one is not None
    name = next(name for name in one.design if name.endswith("lr"))
    other = candidates.candidate({**one.design, name: one.design[name] / 2})
    assert other.key != one.key


def test_a_continuous_choice_is_moved_within_its_range() -> None:
    candidates, random = _candidates(CONTINUOUS), Random(0)
    found = candidates.drawn(random)
    assert found is not None
    name = next(name for name in found.design if name.endswith("lr"))
    rates = set()
    for _ in range(40):
        found = candidates.mutated(found.design, random)
        assert found is not None
        assert 1e-4 <= found.design[name] <= 1e-1
        rates.add(found.design[name])
    assert len(rates) > 5


def test_a_design_that_is_none_is_refused_as_everywhere() -> None:
    candidates = _candidates(CELL)
    with pytest.raises(SpecError) as caught:
        candidates.candidate({"cell.node1.edge": "nothing"})
    assert caught.value.diagnostics[0].code == "E502"


def test_a_space_too_large_to_be_described_gives_candidates_all_the_same() -> None:
    text = TINY.replace("params <= 350", "params <= 10k")
    candidates, random = _candidates(text, work=0), Random(0)
    candidates.space.work = 0
    assert candidates.count is None
    one = candidates.drawn(random)
    assert one is not None
    assert {choice.path for choice in candidates.choices} >= set(one.design) - {""}
    mutant = candidates.mutated(one.design, random)
    assert mutant is not None
    assert mutant.design != one.design


def test_what_breaks_a_principle_is_counted_and_drawn_again() -> None:
    text = TINY.replace("8 | 12 | 16", "8 | 12 | 20_000").replace("params <= 350", "params <= 10M")
    candidates, random = _candidates(text), Random(0)
    for _ in range(30):
        found = candidates.drawn(random)
        assert found is not None
        assert found.design["width"] != 20_000
    assert candidates.rejected["P501"] > 0
    assert "P501" in candidates.reasons


def test_choices_that_stand_at_too_many_places_are_learned_from_designs(monkeypatch) -> None:
    from archdsl.api import judging_of, read
    from archdsl.searching import moves
    from archdsl.searching.candidates import Candidates
    from archdsl.space.explore.explorer import Unexplorable
    from tests.searching.searches import SPEC

    def too_many(*_arguments):
        raise Unexplorable(None)

    known = {choice.path for choice in Candidates(judging_of(read(SPEC), None)).choices}
    monkeypatch.setattr(moves, "shares", too_many)
    assert {choice.path for choice in Candidates(judging_of(read(SPEC), None)).choices} == known
