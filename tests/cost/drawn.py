"""Graphs to hold costs to: designs of random specs, of random spaces and of all published ones."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from archdsl.diagnostics import SpecError
from archdsl.evaluate.designs import sampler
from archdsl.resolve.loading import load
from archdsl.source import Source
from tests.property.authoring import spec
from tests.space.random_spaces import space
from tests.zoo.published import usual

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.graph.nodes import Graph

SPECS = Path(__file__).parents[2] / "specs"
PUBLISHED = sorted(path.relative_to(SPECS).as_posix() for path in usual(SPECS.rglob("*.arch")))


@cache
def published(name: str, seed: int = 0) -> tuple[Graph, ...]:
    """A design of each architecture in a file of specs/."""
    path = SPECS / name
    loaded = load(Source(path.read_text(encoding="utf-8"), str(path)), SPECS)
    return tuple(program.evaluate(sampler(seed)).graph for program in loaded.programs.values())


def drawn(seeds: range) -> Iterator[Graph]:
    """A design of each random spec, and of each random space where it is well formed."""
    for seed in seeds:
        yield load(Source(spec(seed).text)).program().evaluate(sampler(seed)).graph
        try:
            yield load(Source(space(seed))).program().evaluate(sampler(seed)).graph
        except SpecError:
            continue
