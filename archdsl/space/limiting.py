"""What limits leave of diagrams, worked out once for all designs that differ in their training.

Such diagrams are products of which one part alone costs anything: what is chosen besides has no
amounts. It is this part that is restricted and gone through, and what came of it is kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.space.bounds import Ends, all_ends
from archdsl.space.diagram import Product, ordered
from archdsl.space.restrict import TooLarge, restricted

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from archdsl.space.bounds import Weights
    from archdsl.space.diagram import Node

NODE = 8  # the work, in microseconds, of a node of a diagram gone through for its ends
STATE = 10  # the work of one state of a diagram under a limit


class Limiting:
    """Restricts diagrams within ``states``, and tells ``spend`` what that takes."""

    def __init__(self, states: int, spend: Callable[[int], None]) -> None:
        self.states = states
        self.spend = spend
        self._ends: dict[tuple[Node, Weights], Ends] = {}
        self._restricted: dict[Any, Node | TooLarge | None] = {}

    def ends(self, node: Node, weights: Weights) -> Ends:
        """The least and the largest total of a diagram."""
        index = costly(node)
        if index is not None:
            return self.ends(node.parts[index].node, weights)  # type: ignore[union-attr]
        found = self._ends.get((node, weights))
        if found is None:
            nodes = ordered(node)
            self.spend(len(nodes) * NODE)
            found = self._ends[node, weights] = all_ends(nodes, weights)[-1]
        return found

    def restricted(
        self, node: Node, weights: Weights, least: int | None, most: int | None
    ) -> Node | None:
        """As :func:`~archdsl.space.restrict.restricted`. Raises
        :class:`~archdsl.space.restrict.TooLarge`."""
        index = costly(node)
        if index is not None:
            return self._in_part(node, index, weights, least, most)  # type: ignore[arg-type]
        key = (node, weights, least, most)
        if key not in self._restricted:
            try:
                self._restricted[key] = restricted(*key, self.states, self._spend_states)
            except TooLarge as error:
                self._restricted[key] = error
        found = self._restricted[key]
        if isinstance(found, TooLarge):
            raise found
        return found

    def _in_part(
        self, node: Product, index: int, weights: Weights, least: int | None, most: int | None
    ) -> Node | None:
        part = node.parts[index]
        left = self.restricted(part.node, weights, least, most)
        if left is None or left is part.node:
            return left and node
        parts = (*node.parts[:index], part._replace(node=left), *node.parts[index + 1 :])
        return Product(node.answers, parts, node.amounts, node.place)

    def _spend_states(self, states: int) -> None:
        self.spend(states * STATE)


def costly(node: Node) -> int | None:
    """The place of the only part of a product that counts, once; None where there is no such."""
    if type(node) is not Product or any(node.amounts):
        return None
    counting = [index for index, part in enumerate(node.parts) if part.times]
    if len(counting) != 1 or node.parts[counting[0]].times != 1:
        return None
    return counting[0]
