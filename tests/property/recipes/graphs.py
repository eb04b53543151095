"""Message passing and the pooling of graphs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.types import Vector
from tests.property.pen import Step
from tests.property.recipes import recipe

if TYPE_CHECKING:
    from archdsl.types import Nodes
    from tests.property.pen import Pen


@recipe("gcn", "nodes")
def gcn(pen: Pen, x: Nodes) -> Step:
    width = pen.among(2, 4, 6)
    return Step(f"gcn({pen.number(width)}{pen.flag('bias', True)[0]})", x._replace(features=width))


@recipe("sage", "nodes")
def sage(pen: Pen, x: Nodes) -> Step:
    width = pen.among(2, 4, 6)
    how = pen.option("aggregate", pen.among("mean", "max", "sum"), "mean")
    return Step(f"sage({pen.number(width)}{how})", x._replace(features=width))


@recipe("gat", "nodes")
def gat(pen: Pen, x: Nodes) -> Step:
    width, heads = pen.among(2, 3), pen.among(1, 2)
    told, joined = pen.flag("concat", True)
    out = width * heads if joined else width
    text = f"gat({pen.number(width)}{pen.option('heads', heads, 1)}{told})"
    return Step(text, x._replace(features=out))


@recipe("gin", "nodes")
def gin(pen: Pen, x: Nodes) -> Step:
    width = pen.among(2, 4, 6)
    more = f", hidden={pen.width()}" if pen.chance(0.3) else pen.among("", ", layers=1")
    return Step(f"gin({pen.number(width)}{more})", x._replace(features=width))


@recipe("cheb", "nodes")
def cheb(pen: Pen, x: Nodes) -> Step:
    width = pen.among(2, 4, 6)
    more = pen.option("terms", pen.among(2, 3), 2) + pen.flag("bias", True)[0]
    return Step(f"cheb({pen.number(width)}{more})", x._replace(features=width))


@recipe("propagate", "nodes")
def propagate(pen: Pen, x: Nodes) -> Step:
    sizes = [pen.option("steps", pen.among(2, 3), 1), pen.option("restart", pen.among(0, 0.25), 0)]
    return Step(f"propagate({', '.join(filter(None, (one.strip(', ') for one in sizes)))})", x)


@recipe("arma", "nodes")
def arma(pen: Pen, x: Nodes) -> Step:
    width = pen.among(2, 4, 6)
    sizes = pen.option("stacks", pen.among(1, 2), 1) + pen.option("layers", pen.among(1, 2), 1)
    more = pen.among("", ", shared=true", ", act=identity", ", dropout=0.5", ", bias=false")
    return Step(f"arma({pen.number(width)}{sizes}{more})", x._replace(features=width))


@recipe("graph_conv", "nodes")
def graph_conv(pen: Pen, x: Nodes) -> Step:
    width = pen.among(2, 4, 6)
    how = pen.option("aggregate", pen.among("sum", "mean", "max"), "sum")
    return Step(f"graph_conv({pen.number(width)}{how})", x._replace(features=width))


@recipe("gatv2", "nodes")
@recipe("transformer_conv", "nodes")
def attending(pen: Pen, x: Nodes) -> Step:
    width, heads = pen.among(2, 3), pen.among(1, 2)
    told, joined = pen.flag("concat", True)
    word, more = pen.among(
        ("gatv2", ", shared=true"),
        ("gatv2", ", residual=true"),
        ("transformer_conv", ", gated=true"),
    )
    more = pen.among("", more, ", dropout=0.1", ", bias=false", ", edge_features=false")
    text = f"{word}({pen.number(width)}{pen.option('heads', heads, 1)}{told}{more})"
    return Step(text, x._replace(features=width * heads if joined else width))


@recipe("gine", "nodes")
@recipe("edge_conv", "nodes")
def mlp_conv(pen: Pen, x: Nodes) -> Step:
    width = pen.among(2, 4, 6)
    more = f", hidden={pen.width()}" if pen.chance(0.3) else pen.among("", ", layers=1")
    word = pen.among("gine", "edge_conv") if x.edge_features else "edge_conv"
    how = pen.option("aggregate", pen.among("max", "mean", "sum"), "max")
    more += how if word == "edge_conv" else ""
    return Step(f"{word}({pen.number(width)}{more})", x._replace(features=width))


@recipe("nn_conv", "nodes")
def nn_conv(pen: Pen, x: Nodes) -> Step | None:
    if not x.edge_features:
        return None
    width = pen.among(2, 4, 6)
    more = f", hidden={pen.width()}" if pen.chance(0.3) else pen.among("", ", root=false")
    more += pen.option("aggregate", pen.among("sum", "mean"), "sum")
    return Step(f"nn_conv({pen.number(width)}{more})", x._replace(features=width))


@recipe("pna", "nodes")
def pna(pen: Pen, x: Nodes) -> Step:
    towers = pen.among(1, 2)
    width = towers * pen.among(2, 3)
    split = ", split=true" if x.features % towers == 0 and pen.chance(0.3) else ""
    more = pen.among("", ", pre_layers=2", ", post_layers=2", ", edge_features=false") + split
    text = f"pna({pen.number(width)}{pen.option('towers', towers, 1)}{more})"
    return Step(text, x._replace(features=width))


@recipe("graph_pool", "nodes")
def graph_pool(pen: Pen, x: Nodes) -> Step | None:
    if not x.graphs:
        return None
    how = pen.among("mean", "max", "sum", "how=mean", "attention")
    return Step(f"graph_pool({how})", Vector(x.features))


@recipe("set2set", "nodes")
def set2set(pen: Pen, x: Nodes) -> Step | None:
    if not x.graphs:
        return None
    more = pen.among("", ", layers=2")
    return Step(f"set2set({pen.among(2, 3)}{more})", Vector(2 * x.features))


@recipe("gcn_block", "nodes")
@recipe("sage_block", "nodes")
@recipe("gin_block", "nodes")
def graph_block(pen: Pen, x: Nodes) -> Step:
    width = pen.among(2, 4, x.features)
    word = pen.among("gcn_block", "sage_block", "gin_block")
    more = pen.among("", ", drop=0.1", ", skip=false", ", act=elu, norm=layer_norm")
    return Step(f"{word}({pen.number(width)}{more})", x._replace(features=width))


@recipe("gat_block", "nodes")
def gat_block(pen: Pen, x: Nodes) -> Step:
    width, heads = pen.among(4, 8), pen.among(1, 2, 4)
    return Step(f"gat_block({pen.number(width)}, heads={heads})", x._replace(features=width))
