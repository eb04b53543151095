"""Names of a spec become safe identifiers."""

from __future__ import annotations

import ast
import keyword

import pytest

from archdsl.emit.pytorch import emit
from archdsl.emit.pytorch.names import Names, camel, plain, snake
from archdsl.emit.pytorch.reserved import ATTRIBUTES, LOCAL, MODULE
from tests.emit.graphs import graph_of

HOSTILE = (
    *("class", "lambda", "None", "match", "self", "forward", "training", "train", "half", "nn"),
    *("F", "torch", "Tensor", "register_buffer", "super", "range", "print", "layers", "type"),
)


def test_plain_names_stay() -> None:
    assert Names(ATTRIBUTES).claim("layer1") == "layer1"


@pytest.mark.parametrize("name", ["__init__", "__class__", "_modules", "_", "9lives", "é", "a-b"])
def test_a_plain_name_is_an_identifier_without_leading_underscores(name: str) -> None:
    assert plain(name).isidentifier()
    assert not plain(name).startswith("_")


@pytest.mark.parametrize("name", HOSTILE)
def test_reserved_names_get_an_underscore_behind(name: str) -> None:
    assert keyword.iskeyword(name) or name in ATTRIBUTES | LOCAL
    assert Names(ATTRIBUTES | LOCAL).claim(name) == f"{name}_"


def test_no_name_is_given_twice() -> None:
    names = Names(LOCAL)
    assert [names.claim(n) for n in ("a", "a", "self", "self_", "_a")] == [
        "a",
        "a2",
        "self_",
        "self_2",
        "a3",
    ]


def test_cases() -> None:
    assert camel("inverted_residual") == "InvertedResidual"
    assert camel("SE") == "SE"
    assert snake("SqueezeExcite") == "squeeze_excite"


def test_the_reserved_attributes_are_those_of_torch() -> None:
    nn = pytest.importorskip("torch.nn")
    kinds = (nn.Module(), nn.Sequential(), nn.ModuleList())
    found = {name for kind in kinds for name in (*dir(kind), *vars(kind))}
    assert {name for name in found if not name.startswith("_")} <= MODULE


@pytest.mark.parametrize("name", HOSTILE)
def test_any_name_can_be_a_let_and_a_block(name: str) -> None:
    if name in ("let", "return"):
        return
    text = f"""
        block {name}(width) {{ let {name}2 = conv(width, 1) return add(x, {name}2) }}
        arch {name}3 {{ data image(4, 8, 8)  model {{
          let {name}1 = {name}(4)  let {name}_ = {name}1 -> conv(4, 3)
          return add({name}1, {name}_) }} }}
    """
    compile(emit(graph_of(text)), "emitted", "exec")


GRAPH_CONVOLUTIONS = """
block GATConv(GCNConv) = gcn(GCNConv) -> gat(GCNConv)
block b(GATConv) = gcn(GATConv)
arch GCNConv {
  data graph(16, nodes=100, edges=400)
  task classify(3)
  model = GATConv(8) -> GATConv(4) -> b(8) -> b(4) -> gcn(classes)
}
"""
DEFINITIONS = """
block DropPath(w) = conv(w, 3) -> drop_path(0.1)
block b(DropPath) = conv(DropPath, 3)
arch DropPath { data image(3, 8, 8)  model = DropPath(8) -> DropPath(16) -> b(8) -> b(16) }
"""


@pytest.mark.parametrize("text", [GRAPH_CONVOLUTIONS, DEFINITIONS])
def test_nothing_takes_the_name_of_an_import_or_of_a_definition(text: str) -> None:
    tree = ast.parse(emit(graph_of(text)))
    bound = [name.asname or name.name for node in tree.body for name in getattr(node, "names", ())]
    bound += [node.name for node in tree.body if isinstance(node, (ast.ClassDef, ast.FunctionDef))]
    assert sorted(bound) == sorted(set(bound))
    outside = {"GCNConv", "GATConv", "DropPath"} & set(bound)
    assert outside
    arguments = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    assert not arguments & outside
