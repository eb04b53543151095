"""NAS-Bench-Graph: the designs are the published ones, and so are their numbers of parameters."""

from __future__ import annotations

import json
from functools import cache
from itertools import product
from typing import TYPE_CHECKING

import pytest

import archdsl
from archdsl.cost import counts
from archdsl.evaluate.designs import design_of
from archdsl.resolve.loading import load
from archdsl.source import Source
from archdsl.space.space import Space
from tests import peers
from tests.unjudged import UNJUDGED
from tests.zoo import transfer
from tests.zoo.nas_bench_graph import (
    FEATURES,
    LINKS,
    OPERATIONS,
    WIDTH,
    Reference,
    Row,
    chooser,
    raw_skips,
)
from tests.zoo.published import REFERENCE, ROOT, SPACES
from tests.zoo_sequence.weights import randomised

if TYPE_CHECKING:
    from collections.abc import Iterable

SPEC = SPACES / "nas_bench_graph.arch"
TABLE = REFERENCE.with_name("nas_bench_graph.json")
DESIGNS = 59_049
RAW_NORM = 2 * (FEATURES - WIDTH)  # parameters of a batch norm beyond the one counted for a node
PARAMS = 436_743, 3_464_199
MACS = 1_175_748_608, 8_662_133_760

# Rows of the published table: links, the four operations, millions of parameters on Cora.
PUBLISHED = [
    ((0, 0, 0, 0, 0), 1.736711),
    ((0, 0, 0, 0, 1), 1.736199),
    ((0, 0, 0, 0, 2), 1.736199),
    ((0, 0, 0, 0, 3), 2.103047),
    ((0, 0, 0, 0, 4), 2.103047),
    ((0, 0, 0, 0, 5), 2.168583),
    ((0, 0, 0, 0, 6), 2.103047),
    ((0, 0, 0, 0, 7), 1.736199),
]


@cache
def program():
    """The space."""
    return load(Source(SPEC.read_text(encoding="utf-8"), str(SPEC)), ROOT).program()


def params(row: Row) -> int:
    """The parameters of a row's design."""
    return counts.params(program().evaluate(chooser(row)).graph)


def text_of(operation: str) -> str:
    """How the spec names an operation of the table."""
    return {"graph": "graph_conv", "fc": "linear", "skip": "identity"}.get(operation, operation)


def test_every_choice_of_links_and_operations_is_a_design() -> None:
    assert Space(program()).count() == DESIGNS == len(LINKS) * len(OPERATIONS) ** 4


def test_a_design_names_links_and_operations() -> None:
    design = design_of(program().evaluate(chooser((8, 0, 6, 7, 8))))
    assert design.pop("links") == "inner(op1) -> inner(op2) -> inner(op3) -> leaf(op4)"
    assert design == {
        f"op{node}.operation": text_of(OPERATIONS[index])
        for node, index in enumerate((0, 6, 7, 8), 1)
    }


@pytest.mark.slow
def test_the_header_tells_the_bounds_that_trying_every_design_finds() -> None:
    rows = product(range(len(LINKS)), *[range(len(OPERATIONS))] * 4)
    graphs = [program().evaluate(chooser(row)).graph for row in rows]
    assert len(graphs) == DESIGNS
    assert _ends(map(counts.params, graphs)) == PARAMS
    assert _ends(map(counts.macs, graphs)) == MACS
    header = " ".join(
        SPEC.read_text(encoding="utf-8").partition("block")[0].replace("#", "").split()
    )
    assert "{:,} to {:,} parameters, {:,} to {:,} MACs".format(*PARAMS, *MACS) in header
    assert f"{DESIGNS:,} designs" in header


def _ends(values: Iterable[int]) -> tuple[int, int]:
    found = list(values)
    return min(found), max(found)


@pytest.mark.parametrize(("row", "millions"), PUBLISHED)
def test_each_operation_has_the_published_parameters(row: Row, millions: float) -> None:
    assert params(row) == round(1e6 * millions)


@pytest.mark.parametrize(("links", "expected"), [(0, 1_734_663), (8, 634_119)])
def test_four_linear_layers_side_by_side_and_in_a_row(links: int, expected: int) -> None:
    assert params((links, 7, 7, 7, 7)) == expected


@pytest.mark.slow
def test_the_published_parameters_are_those_of_every_design_that_can_be_run_as_counted() -> None:
    if not TABLE.exists():
        pytest.skip("the reference numbers lie outside the repository and are not here")
    table = json.loads(TABLE.read_text(encoding="utf-8"))
    assert tuple(map(tuple, table["links"])) == LINKS
    assert tuple(table["ops"]) == OPERATIONS
    cora = 5 + 4 * table["datasets"].index("cora") + 3
    rows = [(tuple(row[:5]), round(1e6 * row[cora])) for row in table["rows"]]
    exact = [row for row, published in rows if params(row) == published]
    assert (len(rows), len(exact)) == (26_206, 24_594)
    assert {row for row, _ in rows if not raw_skips(row)} == set(exact)
    for row, published in rows:
        assert params(row) == published + RAW_NORM * raw_skips(row)


# Designs whose nodes come one after another in the spec, too: so weights are copied in order.
@pytest.mark.parametrize(
    ("links", "operations"),
    [
        ((0, 1, 2, 2), ("gat", "cheb", "arma", "graph")),
        ((0, 0, 0, 0), ("skip", "gin", "gcn", "sage")),
        ((0, 1, 2, 3), ("skip", "fc", "skip", "cheb")),
    ],
)
def test_a_design_computes_what_layers_put_together_by_hand_do(
    links: tuple[int, ...], operations: tuple[str, ...]
) -> None:
    pytest.importorskip("torch_geometric")
    row = (LINKS.index(links), *map(OPERATIONS.index, operations))
    theirs, inputs = randomised(Reference(row)), peers.cora_like()
    design = design_of(program().evaluate(chooser(row)))
    text = SPEC.read_text(encoding="utf-8")
    compiled = archdsl.compile(text, design=design, terms=UNJUDGED)
    ours = compiled.module().eval()
    assert compiled.params == sum(weight.numel() for weight in theirs.parameters())
    transfer.copy(theirs, ours, *inputs)
    found, expected = peers.run(ours, *inputs), peers.run(theirs, *inputs)
    assert float((found - expected).abs().max() / expected.abs().max()) <= 1e-5
