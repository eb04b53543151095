"""The lines in a gap: no two tensors run over each other, wherever they come from and lead to."""

from __future__ import annotations

from itertools import combinations
from random import Random
from typing import NamedTuple

from archdsl.pictures.layout.tracks import moves

BELOW = 100


class Piece(NamedTuple):
    """A straight part of a way: which axis it is along, where it is on the other, from, to."""

    is_level: bool
    at: float
    low: float
    high: float


def _pieces(start: float, lines: list[tuple[int, float]]) -> list[Piece]:
    found, x, y = [], start, -1
    for line, end in lines:
        found += [Piece(False, x, y, line), Piece(True, line, *sorted((x, end)))]
        x, y = end, line
    return [*found, Piece(False, x, y, BELOW)]


def _run_over_each_other(some: list[Piece], others: list[Piece]) -> bool:
    for one in some:
        for other in others:
            meets = min(one.high, other.high) > max(one.low, other.low)
            if one[:2] == other[:2] and meets:
                return True
    return False


def test_no_two_tensors_run_over_each_other() -> None:
    for seed in range(300):
        random = Random(seed)
        count = random.randint(1, 7)
        starts = random.sample(range(0, 400, 10), count)
        ends = random.sample([*starts, *range(0, 400, 10)], count)
        bends = {n: (float(a), float(b)) for n, (a, b) in enumerate(zip(starts, ends, strict=True))}
        bends = {n: bend for n, bend in bends.items() if bend[0] != bend[1]}
        if len({end for _, end in bends.values()}) < len(bends):
            continue
        found = moves(bends, str)
        pieces = {n: _pieces(bends[n][0], lines) for n, lines in found.items()}
        for one, other in combinations(bends, 2):
            assert not _run_over_each_other(pieces[one], pieces[other]), (seed, bends)


def test_those_of_one_tensor_share_a_line_and_so_do_those_that_lead_to_one_place() -> None:
    forked = moves({0: (0.0, -30.0), 1: (0.0, 30.0)}, lambda number: "one")
    assert list(forked.values()) == [[(0, -30.0)], [(0, 30.0)]]
    merged = moves({0: (-30.0, 0.0), 1: (30.0, 0.0)}, str)
    assert [line for lines in merged.values() for line, _ in lines] == [0, 0]


def test_what_leaves_a_place_does_so_above_what_comes_there() -> None:
    found = moves({0: (0.0, 10.0), 1: (10.0, 20.0)}, str)
    assert found[1][0][0] < found[0][0][0]


def test_two_that_change_places_do_so_in_three_moves() -> None:
    found = moves({0: (0.0, 20.0), 1: (20.0, 0.0)}, str)
    assert sorted(map(len, found.values())) == [1, 2]
