"""P103: a graph whose edges nothing reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl import types
from archdsl.diagnostics import Amount, Severity
from archdsl.ops.base import Trait
from archdsl.rules.base import Finding, led_there, place
from archdsl.rules.each_input import OfEachInput
from archdsl.rules.facts_ladder import instead
from archdsl.rules.facts_structure import declared_baseline

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.rules.case import Case


class MlpOnGraph(OfEachInput):
    """A graph's edges say which nodes belong together: a design that ignores them throws that away.

    What: graph data with edges, and layers with weights of which none passes messages along them.
    As a declared baseline (by its name, or beside a design that does pass messages) it is a note.

    Why: in most graphs neighbours are alike or tell of one another; a network that sees each node
    alone has its features only.

    Evidence: Kipf & Welling 2017 (arXiv:1609.02907), table 3: on Cora an MLP reaches 55.1 %, a
    GCN of two layers 81.5 %. The MLP belongs beside it all the same: Shchur et al. 2018
    (arXiv:1811.05868) compare every graph network with one.

    Example:

    ```arch
    arch Example {
      data  graph(1433, nodes=2708, edges=10556)
      model = linear(16) -> relu -> linear(7)
    }
    ```

    Instead: `gcn(16) -> relu -> dropout(0.5) -> gcn(7)`, and the MLP as the baseline to beat
    """

    code = "P103"

    def check_input(self, case: Case) -> Iterable[Finding]:
        takes = case.takes
        if not isinstance(takes, types.Nodes) or not takes.edges or not case.weighted:
            return
        if case.having(Trait.MESSAGE_PASSING):
            return
        first = case.weighted[0]
        baseline = case.fact(declared_baseline)
        yield Finding(
            Severity.NOTE if baseline else Severity.ERROR,
            f"the graph's {takes.edges:,} edges are ignored",
            place(case, first),
            measured="0 message-passing layers",
            threshold="at least 1",
            amount=Amount(0, 1),
            help=f"the baseline of {instead(case)}"
            if baseline
            else f"take {instead(case)}, and keep the MLP as the baseline to beat",
            also=led_there(first),
        )
