"""How many designs keep to several limits at once, against trying every design."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from random import Random

import pytest

from archdsl.cost.counts import macs, params
from archdsl.resolve.loading import load
from archdsl.source import Source
from archdsl.space import together
from archdsl.space.restrict import restricted
from archdsl.space.space import Space
from archdsl.space.together import keeping
from archdsl.space.valid import SumLimit
from tests.space.brute_force import program, tried
from tests.space.diagrams import Drawing, designs
from tests.space.published import mobilenet_v2_like
from tests.space.random_spaces import space

SUMS = [(1, 0), (0, 1), (3, 2)]


def total(amounts: tuple[int, ...], weights: tuple[int, ...]) -> int:
    return sum(a * b for a, b in zip(amounts, weights, strict=True))


def limits_of(every: list[tuple[int, ...]], random: Random) -> list[SumLimit]:
    """A range of each of two or three sums that some designs keep to."""
    found = []
    for weights in SUMS[: random.randint(2, 3)]:
        values = sorted({total(amounts, weights) for amounts in every})
        ends = sorted(random.choice(values) for _ in range(2))
        found.append(SumLimit(weights, (tuple(ends),)))
    return found


def kept(every: list[tuple[int, ...]], limits: list[SumLimit]) -> int:
    return sum(
        all(any(a <= total(amounts, one.weights) <= b for a, b in one.runs) for one in limits)
        for amounts in every
    )


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("additions", [0, together.ADDITIONS], ids=["restricted", "listed"])
def test_several_limits_are_counted_exactly_where_that_takes_little(
    seed: int, additions: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(together, "ADDITIONS", additions)
    random = Random(seed)
    drawing = Drawing(random)
    for _ in range(10):
        node = drawing.diagram()
        every = list(designs(node).values())
        limits = limits_of(every, random)
        assert keeping(node, limits, restricted) == (kept(every, limits),) * 2


@pytest.mark.parametrize("seed", range(20))
def test_the_number_lies_between_the_two_where_diagrams_become_large(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(together, "ADDITIONS", 0)
    random = Random(seed)
    drawing = Drawing(random)
    for _ in range(10):
        node = drawing.diagram()
        every = list(designs(node).values())
        limits = limits_of(every, random)
        low, high = keeping(node, limits, partial(restricted, states=0))
        assert 0 <= low <= kept(every, limits) <= high <= node.count


def test_a_limit_that_leaves_few_designs_of_a_published_space_leaves_no_more_with_another() -> None:
    node = mobilenet_v2_like()
    limits = [SumLimit((1, 0), ((0, 900_000),)), SumLimit((0, 1), ((0, 300_000_000),))]
    low, high = keeping(node, limits, partial(restricted, states=50_000))
    assert 0 <= low <= high < node.count / 1_000


def test_limits_on_params_and_macs_of_darts_are_counted_exactly() -> None:
    spec = Path(__file__).parents[2] / "specs/spaces/darts.arch"
    limits = "  require params <= 2.5M\n  require macs <= 400M\n  data "
    limited = spec.read_text(encoding="utf-8").replace("  data ", limits, 1)
    low, high = Space(load(Source(limited)).program()).counted()
    assert low == high > 0


def two_limits(seed: int) -> tuple[str, int] | None:
    """A random space in which params and macs are limited, and how many designs keep to both."""
    text = space(seed)
    made = program(text)
    found = tried(made, 300) if made is not None else None
    if not found or "require" in text:
        return None
    every = [(params(one.graph), macs(one.graph)) for one in found]
    most, least = sorted(p for p, _ in every)[len(every) // 2], sorted(m for _, m in every)[1:2]
    if not least:
        return None
    wanted = f"require params <= {most} require macs >= {least[0]}"
    kept = sum(p <= most and m >= least[0] for p, m in every)
    return text.replace("arch A {", f"arch A {{ {wanted}", 1), kept


@pytest.mark.parametrize("seeds", [range(n, n + 50) for n in range(7_000, 7_100, 50)], ids=str)
def test_two_limits_of_random_spaces_leave_what_trying_every_design_leaves(seeds: range) -> None:
    compared = [found for seed in seeds if (found := two_limits(seed))]
    for text, kept in compared:
        made = load(Source(text)).program()
        assert len(made.requirements) == 2, text
        assert Space(made).counted() == (kept, kept), text
    assert compared
