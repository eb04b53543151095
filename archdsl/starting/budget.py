"""How many parameters the data feed: those of embeddings apart from the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archdsl import types
from archdsl.cost.counts import own_params, params
from archdsl.graph.flat import Flat
from archdsl.ops.base import Trait
from archdsl.starting import thresholds as at
from archdsl.starting.numbers import said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.graph.nodes import Graph, OpNode
    from archdsl.starting.description import Description


class Parameters(NamedTuple):
    """Those of the embeddings of token ids, and all others."""

    body: int
    embedded: int

    @property
    def total(self) -> int:
        return self.body + self.embedded


def parameters(graph: Graph) -> Parameters:
    """A design's, parted. A sample settles the rows of an embedding that it reads, and every other
    parameter."""
    tables = [s.node for s in Flat(graph).steps if _reads_ids(s.node) and not s.again]
    embedded = sum(map(own_params, tables))
    return Parameters(params(graph) - embedded, embedded)


def _reads_ids(node: OpNode) -> bool:
    return Trait.EMBEDDING in node.op.traits and types.is_ids(node.inputs[0])


class Budget(NamedTuple):
    """The most parameters of a body and of embeddings."""

    body: float
    embedded: float

    def exceeded(self, graph: Graph) -> Iterator[str]:
        """What of a design is over it, in words."""
        found = parameters(graph)
        if found.body > self.body:
            apart = " beside its embeddings" if found.embedded else ""
            yield f"{said(found.body)} parameters{apart} where {said(self.body)} are the budget"
        if found.embedded > self.embedded:
            most = said(self.embedded)
            yield f"{said(found.embedded)} parameters in embeddings where {most} are the budget"


UNBOUNDED = Budget(float("inf"), float("inf"))


def budgets(data: Description) -> tuple[Budget, Budget]:
    """What a design may grow to beyond its usual size, and what it may have at all."""
    return _budget(data, room(data)), _budget(data, held(data))


def room(data: Description) -> float:
    """Parameters a sample up to which a design grows beyond its usual size."""
    return at.ROOM * (at.SHIFT if data.augment == "strong" or data.pretrained else 1)


def held(data: Description) -> float:
    """Parameters a sample that are held back by weight decay and dropout; of a language model, as
    its tokens come in few contexts, one a token."""
    usual = at.TOKEN if data.predicts_tokens else at.HELD
    return usual * (at.SHIFT if data.pretrained else 1)


def fed(data: Description) -> int:
    """What there is to learn from; of one graph all nodes, as all are read."""
    return data["nodes"] if data.is_one_graph else data.units


def fed_by(data: Description) -> str:
    """One of those, in a word."""
    return "node" if data.is_one_graph else data.unit.removesuffix("s")


def _budget(data: Description, each: float) -> Budget:
    share = at.BESIDE if data.beside else 1
    return Budget(share * each * fed(data), each * data.samples * data.ids)
