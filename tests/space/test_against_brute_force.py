"""Exploring a space finds the designs that trying every design finds: on random small spaces.

A failure names the seed and prints the spec: ``space(seed)`` is its text.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from archdsl.space.designs import Designs
from archdsl.space.explore.explorer import Explorer, Unexplorable
from archdsl.space.explore.program import explored
from tests.space.brute_force import named, program, tried
from tests.space.random_lists import FIRST
from tests.space.random_spaces import space
from tests.thinning import mostly_slow, thinned

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archdsl.evaluate.program import Program

CHUNK = 50
FAST = [range(first, first + CHUNK) for first in range(1, 501, CHUNK)]
LISTED = [range(first, first + CHUNK) for first in range(2_000, 2_200, CHUNK)]
WIDE = thinned([range(first, first + 500) for first in range(100_000, 105_000, 500)], 5)
WITH_LISTS = [range(first, first + CHUNK) for first in range(FIRST, FIRST + 200, CHUNK)]
WORK = 20_000  # of an exploration: some spaces want more, a few seconds each


def _seeds(seeds: range) -> str:
    return str(seeds.start)


def _complaint(text: str, limit: int) -> str | None:
    """What is wrong with what is found of a space; empty when nothing is, None when it was not
    looked at: too many designs to try, or too much work to explore."""
    made = program(text)
    designs = None if made is None else tried(made, limit)
    if made is None or designs is None:
        return None
    every = range(len(made.requirements))
    asked = [(strict, held) for strict in (False, True) for held in ((), every)]
    asked += [(False, (n,)) for n in every]
    try:
        found = [_counted(made, strict, held) for strict, held in asked]
    except Unexplorable:
        return None
    wanted = [
        Counter(
            one.graph.model.out
            for one in designs
            if (one.within or not strict) and all(one.met[n] for n in held)
        )
        for strict, held in asked
    ]
    return "" if found == wanted else f"{found} found, of {wanted}\n{text}"


def _counted(made: Program, strict: bool, held: Iterable[int]) -> Counter[Any]:
    """How many designs give each output, of those that meet some requirements; with ``strict``
    those inside bodies, too."""
    found: Counter[Any] = Counter()
    needs = tuple(made.requirements[n] for n in held)
    for group, node in explored(made, Explorer(work=WORK, strict=strict, needs=needs)):
        found[group.out] += node.count
    return found


def _agree(seeds: range, limit: int) -> None:
    told = {seed: _complaint(space(seed), limit) for seed in seeds}
    wrong = {seed: text for seed, text in told.items() if text}
    assert not wrong, "\n".join(f"seed {seed}: {text}" for seed, text in wrong.items())
    looked_at = sum(text is not None for text in told.values())
    assert looked_at >= 0.7 * len(seeds)  # over a thousand of all the seeds together


@pytest.mark.parametrize("seeds", mostly_slow(FAST, 3), ids=_seeds)
def test_exploring_counts_the_designs_that_trying_every_one_finds(seeds: range) -> None:
    _agree(seeds, limit=400)


@pytest.mark.parametrize("seeds", mostly_slow(WITH_LISTS, 3), ids=_seeds)
def test_exploring_counts_the_designs_of_spaces_with_lists_and_functions(seeds: range) -> None:
    texts = [space(seed) for seed in seeds]
    assert sum("[" in text for text in texts) > 0.6 * len(seeds)
    assert any("function" in text for text in texts)
    _agree(seeds, limit=400)


@pytest.mark.slow
@pytest.mark.parametrize("seeds", WIDE, ids=_seeds)
def test_exploring_counts_the_designs_of_many_more_spaces(seeds: range) -> None:
    _agree(seeds, limit=2_000)


@pytest.mark.parametrize("seeds", LISTED, ids=_seeds)
def test_the_designs_explored_are_those_found_by_trying_every_one(seeds: range) -> None:
    for seed in (*seeds, *range(FIRST + 10 * seeds.start, FIRST + 10 * seeds.start + 10)):
        made = program(space(seed))
        designs = None if made is None else tried(made, 200)
        if made is not None and designs is not None:
            found = [named(design) for design in _listed(made)]
            assert len(found) == len(set(found)), seed
            assert set(found) == {named(one.design) for one in designs}, seed


def _listed(made: Program) -> Iterator[dict[str, Any]]:
    for _, node in explored(made, Explorer()):
        designs = Designs(node)
        yield from map(designs.design, range(node.count))
