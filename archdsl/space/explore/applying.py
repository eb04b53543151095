"""Exploring an op that merges nothing: its arguments do not depend on what flows in, so they are
explored once for all types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.diagnostics import SpecError
from archdsl.space.diagram import Part, Product, product
from archdsl.space.explore.assumptions import Alternatives, Joint, scaled
from archdsl.space.explore.work import APPLIED, OUTCOME

if TYPE_CHECKING:
    from archdsl.space.explore.explorer import Explorer, Key


class Applying:
    """The exploration of one op for one type that flows in."""

    def __init__(self, explorer: Explorer, key: Key) -> None:
        self.explorer = explorer
        self.key = key

    def finish(self) -> Joint:
        """What the op comes to for each of the values of its arguments. Raises Needed."""
        ((unit, takes),) = self.key.components
        assert unit.op is not None
        assert takes is not None
        layer, arguments, learning = unit.op
        owned = dict(self.key.owned)
        values, factor = self.explorer.explore(((arguments, None),), (1,), owned)
        found = Alternatives()
        for (given,), ways in values.items():
            self.explorer.spend(1, APPLIED)
            self.explorer.spend(len(ways), OUTCOME)
            try:
                node = layer.node(given.value, (), (takes,), learning)
            except SpecError as error:
                self.explorer.refused(error)
                continue
            outcome, amounts = self.explorer.outcomes.of(
                node, unit.lends, unit.live, unit.in_module
            )
            own = Product((), (), amounts)
            for assumed, part in ways:
                way = product(own, Part(part))
                found.add(((outcome,), scaled(assumed, factor)), way)
        return Joint(found.items(), ops=1)
