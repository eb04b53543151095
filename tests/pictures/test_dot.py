"""The graph for Graphviz, read by another reader of its language."""

from __future__ import annotations

import pydot
import pytest

from archdsl.pictures.catalog import find
from tests.pictures.specs import ALL, drawn, hostile

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # pydot's own


def _boxes(graph: pydot.Graph) -> list[str]:
    found = [node.get_name() for node in graph.get_nodes()]
    for inner in graph.get_subgraphs():
        found += _boxes(inner)
    return [name for name in found if name not in ("node", "edge", "graph")]


@pytest.mark.parametrize("name", ALL)
def test_each_edge_leads_from_and_to_a_box(name: str) -> None:
    (graph,) = pydot.graph_from_dot_data(drawn(name, "dot"))
    boxes = _boxes(graph)
    assert len(boxes) == len(set(boxes)) > 3
    ends = {
        end for edge in graph.get_edges() for end in (edge.get_source(), edge.get_destination())
    }
    assert ends <= set(boxes)


def test_what_a_spec_says_stays_text() -> None:
    (graph,) = pydot.graph_from_dot_data(find("dot").draw(hostile()))
    assert sorted(_boxes(graph)) == ["b1", "b3"]
