"""P826: message passing on data without edges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl import types
from archdsl.diagnostics import Amount, Severity
from archdsl.ops.base import Trait
from archdsl.rules.base import Finding, count, place, trail
from archdsl.rules.each_input import OfEachInput

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.rules.case import Case


class MessagesWithoutEdges(OfEachInput):
    """Messages pass along edges, and there are some.

    What: layers that pass messages, on graph data of which the spec says `edges=0`. An error for
    one big graph. Of many graphs it is a note: a set of nodes that is pooled is a model of its own
    kind (Deep Sets), which needs no message passing.

    Why: without edges each node hears itself alone. A GCN is then a dense layer at each node, its
    normalisation a division by one, and all that the graph was for is missing.

    Evidence: Kipf & Welling 2017 (arXiv:1609.02907), equation 2: with no edges the normalised
    adjacency matrix is the identity, and the layer σ(X W). Their table 3 has what that costs: on
    Cora 55.1 % for the MLP, 81.5 % for the GCN. Zaheer et al. 2017 (Deep Sets, arXiv:1703.06114):
    what sets need is a layer for each element and a sum.

    Example:

    ```arch
    arch Example {
      data  graph(64, nodes=5000, edges=0, samples=1000)
      task  classify(5)
      model = gcn(64) -> relu -> dropout(0.5) -> gcn(classes)
    }
    ```

    Instead: `linear(64) -> relu -> dropout(0.5) -> linear(classes)`, or the number of edges in the
    data clause: `edges=20_000`
    """

    code = "P826"

    def check_input(self, case: Case) -> Iterable[Finding]:
        takes = case.takes
        layers = case.having(Trait.MESSAGE_PASSING)
        if not isinstance(takes, types.Nodes) or takes.edges or not layers:
            return
        told = count(len(layers), "layer")
        yield Finding(
            Severity.NOTE if takes.graphs else Severity.ERROR,
            f"{told} of message passing and no edge: each node hears itself alone",
            place(case, layers[0]),
            measured="0 edges",
            threshold="at least 1",
            amount=Amount(0, 1),
            help="say in the data clause how many edges there are, `edges=`; if there are none,"
            " `linear` does the same",
            also=trail(case, layers[0]),
        )
