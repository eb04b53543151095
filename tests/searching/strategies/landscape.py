"""A small table of designs with one best one, valleys and slopes, and a search over it."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

from archdsl.searching.records import Tried
from archdsl.searching.strategies import strategy
from archdsl.spec.catalog import find
from benchmarks.tables import Table, TableCandidates

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from archdsl.searching.candidates import Candidates
    from archdsl.searching.strategies.base import Strategy

OPTIONS = {
    "op1": ("conv", "pool", "skip", "none"),
    "op2": ("conv", "pool", "skip", "none"),
    "op3": ("conv", "pool", "skip", "none"),
    "width": (8, 16, 32, 64, 128),
    "depth": (1, 2, 3, 4, 5, 6),
    "norm": (True, False),
}  # 3,840 designs
WORTH = {"conv": 3.0, "pool": 1.0, "skip": 2.0, "none": 0.0}


def accuracy(design: Mapping[str, Any]) -> float:
    """Rises with good operations up to a best width and depth; two that go together add to it."""
    ops = sum(WORTH[design[f"op{i}"]] for i in (1, 2, 3))
    pair = 2.0 if (design["op1"], design["op3"]) == ("conv", "skip") else 0.0
    size = -abs(design["width"].bit_length() - 6) - 0.5 * abs(design["depth"] - 4)
    noise = Random(str(sorted(design.items()))).gauss(0, 0.3)
    return ops + pair + size + (0.5 if design["norm"] else 0.0) + noise


def cost(design: Mapping[str, Any]) -> float:
    """Grows with width, depth and convolutions."""
    convolutions = sum(design[f"op{i}"] == "conv" for i in (1, 2, 3))
    return float(design["width"] * design["depth"] * (1 + 3 * convolutions))


def candidates(limit: float | None = None) -> Candidates:
    """All designs of the landscape, or those that cost no more than a limit."""
    allowed = None if limit is None else lambda design: cost(design) <= limit
    return TableCandidates(Table(OPTIONS, allowed))


def made(
    word: str,
    among: Candidates,
    seed: int = 0,
    directions: Sequence[str] = ("maximize",),
    **options: Any,
) -> Strategy:
    """A strategy by its word."""
    model = find("search", word)
    assert model is not None
    return strategy(word)(among, directions, model(**options), seed)  # type: ignore[arg-type]


def searched(
    one: Strategy,
    trials: int,
    evaluate: Callable[[Mapping[str, Any]], tuple[float, ...]] = lambda d: (accuracy(d),),
    past: Sequence[Tried] = (),
) -> list[Tried]:
    """Trials one after another, until there are so many or no design is left."""
    found = list(past)
    while len(found) < trials:
        proposed = one.propose(len(found), found)
        if proposed is None:
            break
        values = evaluate(proposed.design)
        found.append(Tried(len(found), proposed.design, proposed.key, "complete", values))
    return found


def best(trials: Sequence[Tried]) -> float:
    """The best value of all trials."""
    return max(trial.values[0] for trial in trials if trial.values)
