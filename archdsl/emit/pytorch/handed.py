"""What becomes of the layers that are handed to a block: applied there, or handed on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.evaluate.layers import Variable, layer_of
from archdsl.graph.nodes import CallNode, Chain, OpNode, Slot
from archdsl.graph.walk import body, children

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archdsl.emit.pytorch.facts import Facts
    from archdsl.graph.nodes import Fragment, Node

Uses = dict[str, list["Node"]]
Makers = tuple[str, str]


def name_of(thing: Any) -> str | None:
    """The name that an argument consists of; None for any other."""
    layer = layer_of(thing)
    return layer.name if isinstance(layer, Variable) else None


def handed_on(node: CallNode) -> dict[str, str]:
    """Which parameters of the block that calls stand for which of the block called, where nothing
    else does."""
    given = node.call.arguments if node.call is not None else ()
    named = ((name, name_of(thing)) for name, thing in given)
    return {name: outer for name, outer in named if outer is not None}


class Handed:
    """The layers that the parameters of each block stand for, at all places where they end up."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._uses: dict[int, Uses] = {}
        self._kept: list[Fragment] = []

    def uses(self, fragment: Fragment) -> Uses:
        """The layers of each layer parameter, one for each place."""
        found = self._uses.get(id(fragment))
        if found is None:
            self._kept.append(fragment)
            found = self._uses[id(fragment)] = self._found(fragment)
        return found

    def _found(self, fragment: Fragment) -> Uses:
        found: Uses = {}
        waiting = list(body(fragment))
        while waiting:
            node = waiting.pop()
            if isinstance(node, Slot):
                layer = node if node.module is not None else node.layer
                found.setdefault(node.parameter, []).append(layer)
            elif isinstance(node, CallNode):
                passed = handed_on(node)
                for name, layers in self.uses(node.fragment).items() if passed else ():
                    if name in passed:
                        found.setdefault(passed[name], []).extend(layers)
            else:
                waiting += children(node)
        return found

    def made(self, fragments: Sequence[Fragment], slots: tuple[str, ...]) -> tuple[str, ...]:
        """The layer parameters that a class of some fragments takes as functions that make a
        module: copies differ in them, and each is one plain layer wherever it ends up."""
        uses = [self.uses(fragment) for fragment in fragments]
        names = [name for name in uses[0] if name not in slots]
        return tuple(name for name in names if self._differ([found.get(name) for found in uses]))

    def _differ(self, copies: list[list[Node] | None]) -> bool:
        makers = [self._maker(layers) for layers in copies]
        return None not in makers and len({maker[0] for maker in makers if maker}) > 1

    def _maker(self, layers: list[Node] | None) -> tuple[Makers, Any] | None:
        """What makes a layer, without a word of its place."""
        found = [self._plain(layer) for layer in layers or ()]
        return found[0] if found and found.count(found[0]) == len(found) else None

    def _plain(self, layer: Node) -> tuple[Makers, Any] | None:
        if isinstance(layer, Chain) and not layer.steps:
            return (("nn.Identity", ""), ())
        if not isinstance(layer, OpNode) or not self.facts.stacks(layer):
            return None
        construct = self.facts.spelling(layer).module
        return (construct.makers, tuple(construct.arguments.items())) if construct else None
