"""What the emitter asks of a node before it writes anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.graph.nodes import CallNode, Node, OpNode, Ref, Repeat, Slot
from archdsl.graph.walk import body, children
from archdsl.ops.base import Trait
from archdsl.types import CONTEXT, Image, Volume

if TYPE_CHECKING:
    from archdsl.emit.pytorch.templates import OpStep
    from archdsl.ops.base import Spelling


class Facts:
    """Answers about the nodes of one graph, remembered by node."""

    def __init__(self) -> None:
        self._spellings: dict[int, Spelling] = {}
        self._owns: dict[int, int] = {}
        self._stacks: dict[int, bool] = {}
        self._context: dict[int, frozenset[str]] = {}
        self._kept: list[object] = []  # what is remembered by its id has to live on

    def spelling(self, node: OpNode) -> Spelling:
        """How an op is written."""
        found = self._spellings.get(id(node))
        if found is None:
            self._kept.append(node)
            found = self._spellings[id(node)] = node.op.spelling(*node.inputs)
        return found

    def channels_last(self, node: OpNode) -> Spelling | None:
        """How an op on images or volumes is written where the channels are the last axis, if it
        works there."""
        is_map = not node.branches and isinstance(node.inputs[0], (Image, Volume))
        return node.op.channels_last(node.inputs[0]) if is_map else None

    def by_place(self, node: OpNode) -> dict[str, str]:
        """The arguments that its submodule takes by place where the channels are the last axis, and
        what they are called otherwise: ``in_features`` of a linear layer are ``in_channels``."""
        plain, last = self.spelling(node), self.channels_last(node)
        if plain.module is None or last is None or last.module is None:
            return {}
        names = zip(last.module.arguments, plain.module.arguments, strict=False)
        return dict([*names][: last.module.positional])

    def spellings(self, step: OpStep) -> dict[int, Spelling]:
        """How the op of each row is written."""
        if not step.channels_last:
            return {row: self.spelling(node) for row, node in step.rows.items()}
        found = ((row, self.channels_last(node)) for row, node in step.rows.items())
        return {row: spelling for row, spelling in found if spelling is not None}

    def is_module(self, node: OpNode) -> bool:
        """Whether an op needs a submodule: it has weights or state, or acts otherwise in training.

        Then its class offers no function to write instead.
        """
        spelling = self.spelling(node)
        if spelling.module is None:
            return False
        return spelling.function is None or Trait.REGULARIZER in node.op.traits

    def owned(self, node: Node) -> int:
        """How many submodules a step would be; what stands in branches of an op does not count."""
        found = self._owns.get(id(node))
        if found is None:
            self._kept.append(node)
            found = self._owns[id(node)] = self._owned(node)
        return found

    def _owned(self, node: Node) -> int:
        if isinstance(node, OpNode):
            return int(self.is_module(node))
        if isinstance(node, CallNode):
            return 1
        if isinstance(node, Slot) and node.module is not None:
            return 0  # it is the submodule of whom it belongs to
        inner = sum(self.owned(child) for child in children(node))
        return 2 * inner if isinstance(node, Repeat) else inner

    def stacks(self, node: Node) -> bool:
        """Whether it can stand in ``nn.Sequential``."""
        found = self._stacks.get(id(node))
        if found is None:
            self._kept.append(node)
            found = self._stacks[id(node)] = self._stacking(node)
        return found

    def _stacking(self, node: Node) -> bool:
        if isinstance(node, OpNode):
            spelling = self.spelling(node)
            plain = spelling.apply == "{m}({x})" and not spelling.context
            return not node.branches and spelling.module is not None and plain
        if isinstance(node, Ref) or (isinstance(node, Slot) and node.module is not None):
            return False
        if isinstance(node, CallNode):
            return not node.fragment.refs and not self.context(node)
        return all(self.stacks(child) for child in children(node))

    def context(self, node: Node) -> frozenset[str]:
        """The further inputs of the model that it reads."""
        found = self._context.get(id(node))
        if found is None:
            self._kept.append(node)
            found = self._context[id(node)] = self._reads(node)
        return found

    def _reads(self, node: Node) -> frozenset[str]:
        inner = body(node.fragment) if isinstance(node, CallNode) else iter(children(node))
        names = [self.context(child) for child in inner]
        if isinstance(node, OpNode):
            names.append(frozenset(self.spelling(node).context))
        return frozenset().union(*names)


def named_in_class(context: frozenset[str]) -> dict[str, str]:
    """What the class of a block calls the further inputs that it reads: lengths, of whichever input
    they are, where it reads no others."""
    of_rows = context - {*CONTEXT}
    return {name: "lengths" if {name} == of_rows else name for name in context}


def placed(context: tuple[str, ...], count: int) -> dict[str, str]:
    """The places of further inputs behind so many others in a template, by what a spelling calls
    them there."""
    called = (name if name in CONTEXT else "lengths" for name in context)
    return {name: f"{{{count + at}}}" for at, name in enumerate(called)}


def in_order(context: frozenset[str]) -> list[str]:
    """Context inputs as signatures list them: PyTorch Geometric's order, then the alphabet's."""
    known = {name: place for place, name in enumerate(CONTEXT)}
    return sorted(context, key=lambda name: (known.get(name, len(known)), name))
