"""What is said to be covered without looking at each place is covered, place by place."""

from __future__ import annotations

from itertools import product

import pytest

from archdsl.ops.reads import (
    ALL,
    NOTHING,
    OWN,
    TOGETHER,
    After,
    Along,
    Before,
    Between,
    Blocks,
    Dealt,
    Nearby,
    NearbyAndCopied,
    Only,
    OwnOrBatch,
    Parts,
    Repeated,
    Shifted,
    Spread,
    Taken,
    Windows,
)

WINDOWS = [Nearby(*sizes) for sizes in product((1, 2, 3), (1, 2, 3), (-1, 0, 1), (1, 2))]
ENDS = ("reflect", "replicate", "circular")
COPIED = [NearbyAndCopied(3, stride, 1, how=how) for stride, how in product((1, 2, 3), ENDS)]
OTHERS: list[Along] = [
    *(ALL, NOTHING, OWN, TOGETHER, OwnOrBatch(), Before(), After(), Spread(3, 2, 1), Taken(0, 2)),
    *(Repeated(2), Blocks(2, 3), Parts(2), Between(2), Shifted(1), Dealt(2), Windows(3, 1)),
    *(Only(0, 1), Only(1, 2)),
]


@pytest.mark.parametrize("along", [*WINDOWS, *COPIED, *OTHERS], ids=repr)
def test_what_is_covered_is_read_place_by_place(along: Along) -> None:
    for count, size in product(range(1, 9), range(1, 9)):
        read = {at for place in range(count) for at in along.at(place, size)}
        assert not along.covers(count, size) or read >= set(range(size)), (count, size)


@pytest.mark.parametrize("along", [OWN, OwnOrBatch(), ALL, Nearby(3, 2, 1)], ids=repr)
def test_what_most_ops_read_needs_no_look(along: Along) -> None:
    assert along.covers(8, 8)
