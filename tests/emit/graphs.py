"""Graphs of the specs beside this file, and inputs that fit them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from archdsl.evaluate.designs import sampler
from archdsl.resolve.loading import load
from archdsl.source import Source
from archdsl.types import Nodes, Tokens, shape

if TYPE_CHECKING:
    from torch import Tensor

    from archdsl.graph.nodes import Graph
    from archdsl.types import TensorType

SPECS = Path(__file__).parent / "specs"
NAMES = tuple(sorted(path.stem for path in SPECS.glob("*.arch")))


def graph_of(text: str, seed: int = 0) -> Graph:
    """The graph of a spec, its choices (if any) answered at random."""
    return load(Source(text, "spec.arch")).program().evaluate(sampler(seed)).graph


@cache
def graph(name: str) -> Graph:
    """The graph of a spec in ``specs/``."""
    return graph_of((SPECS / f"{name}.arch").read_text(encoding="utf-8"))


def inputs(takes: TensorType) -> tuple[Tensor, ...]:
    """Random inputs of a type, for a batch of two."""
    import torch

    generator = torch.Generator().manual_seed(0)
    if isinstance(takes, Tokens):
        return (torch.randint(takes.vocab, (2, takes.length), generator=generator),)
    if isinstance(takes, Nodes):
        features = torch.rand(takes.nodes, takes.features, generator=generator)
        edges = torch.randint(takes.nodes, (2, takes.edges), generator=generator)
        batch = torch.zeros(takes.nodes, dtype=torch.long)
        return (features, edges, batch) if takes.graphs else (features, edges)
    return (torch.rand(2, *shape(takes), generator=generator),)
