"""Bounds, distributions and shares of a space are those of all its designs: on random spaces."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from archdsl.diagnostics import SpecError
from archdsl.evaluate.designs import Given
from archdsl.evaluate.points import ContinuousPoint
from archdsl.space.explore.explorer import Unexplorable
from archdsl.space.metrics import metric_of, sort_key
from archdsl.space.space import Space
from archdsl.space.survey import choices_of
from tests.space.brute_force import Tried, program, tried
from tests.space.random_spaces import space
from tests.thinning import mostly_slow, thinned

if TYPE_CHECKING:
    from archdsl.evaluate.program import Program

CHUNK = 25
REFUSED = 2  # of 250 spaces
CHUNKS = [range(first, first + CHUNK) for first in range(3_000, 3_200, CHUNK)]
WIDE = thinned([range(first, first + 250) for first in range(200_000, 202_500, 250)], 5)
METRICS = (
    "params",
    "macs",
    "depth",
    "min_width",
    "max_width",
    "receptive_field",
    "memory(inference)",
    "memory(training)",
)


def _seeds(seeds: range) -> str:
    return str(seeds.start)


def _small(seeds: range, limit: int) -> list[tuple[int, Program, list[Tried]]]:
    """The spaces of some seeds that have designs, but not too many."""
    found = []
    for seed in seeds:
        made = program(space(seed))
        designs = None if made is None else tried(made, limit)
        if made is not None and designs:
            found.append((seed, made, designs))
    return found


def _compare(made: Program, designs: list[Tried], seed: int) -> None:
    found = Space(made)
    for word in METRICS:
        values = [metric_of(word, made, one.clauses).of(one.graph) for one in designs]
        extent = found.bounds(word)
        assert extent is not None, (seed, word)
        low, high = min(values, key=sort_key), max(values, key=sort_key)
        assert (extent.low.value, extent.high.value) == (low, high), (seed, word)
        for end in extent:
            witness = made.evaluate(Given(end.design))
            metric = metric_of(word, made, witness.clauses)
            assert metric.of(witness.graph) == end.value, (seed, word)
        assert found.distribution(word) == Counter(values), (seed, word)


def _compare_relaxed(made: Program, designs: list[Tried], seed: int) -> None:
    found = Space(made)
    assert found.relaxed().count >= len(designs), seed
    for word in ("params", "macs", "depth") if not made.open_clauses else ():
        values = [metric_of(word, made, one.clauses).of(one.graph) for one in designs]
        low, high = found.outer_bounds(word) or (None, None)
        assert low <= min(values), (seed, word)
        assert high >= max(values), (seed, word)


def _shares(designs: list[Tried]) -> dict[tuple[str, Any, type], int]:
    return Counter(choice for one in designs for choice in one.named)


def _compare_shares(made: Program, designs: list[Tried], seed: int) -> None:
    found = Space(made)
    sound = [one for one in designs if one.valid]
    try:
        found.valid()
    except Unexplorable:
        raise
    except SpecError:  # a requirement that makes sense for no design
        assert not sound, seed
        return
    assert (found.count(), found.count(valid=True)) == (len(designs), len(sound)), seed
    fitting, valid = _shares(designs), _shares(sound)
    for choice in choices_of(found.fitting(), found.valid()):
        for option in choice.options:
            point = choice.point  # trying every design takes the least of a continuous choice
            label = point.low if isinstance(point, ContinuousPoint) else option.label
            key = (choice.path, label, type(label))
            assert option.fitting == fitting.pop(key, 0), (seed, key)
            assert option.valid == valid.pop(key, 0), (seed, key)
    assert not fitting, seed
    assert not valid, seed


@pytest.mark.parametrize("seeds", mostly_slow(CHUNKS, 2), ids=_seeds)
def test_bounds_and_distributions_are_those_of_all_designs(seeds: range) -> None:
    for seed, made, designs in _small(seeds, limit=200):
        _compare(made, designs, seed)


@pytest.mark.parametrize("seeds", mostly_slow(CHUNKS, 2), ids=_seeds)
def test_so_many_designs_have_an_option_as_is_said(seeds: range) -> None:
    for seed, made, designs in _small(seeds, limit=200):
        _compare_shares(made, designs, seed)


@pytest.mark.parametrize("seeds", CHUNKS[:4], ids=_seeds)
def test_a_relaxed_diagram_bounds_all_designs(seeds: range) -> None:
    for seed, made, designs in _small(seeds, limit=200):
        _compare_relaxed(made, designs, seed)


@pytest.mark.slow
@pytest.mark.parametrize("seeds", WIDE, ids=_seeds)
def test_all_this_holds_of_many_more_spaces(seeds: range) -> None:
    refused = []
    for seed, made, designs in _small(seeds, limit=600):
        try:
            _compare(made, designs, seed)
            _compare_shares(made, designs, seed)
        except Unexplorable:  # a few take too much to be described, which is no wrong answer
            refused.append(seed)
    assert len(refused) <= REFUSED, refused
