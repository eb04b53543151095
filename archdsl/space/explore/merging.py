"""Exploring an op that merges branches: they are explored by themselves and put together one by
one, each with what agrees with those before it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.diagnostics import SpecError
from archdsl.space.diagram import Part, Product, product
from archdsl.space.explore.assumptions import NOTHING, Alternatives, Joint
from archdsl.space.explore.making import is_plain, layer_unit
from archdsl.space.explore.work import APPLIED, MERGED

if TYPE_CHECKING:
    from archdsl.evaluate.layers import Layer
    from archdsl.evaluate.run import Alike
    from archdsl.space.diagram import Node
    from archdsl.space.explore.assumptions import Assumed
    from archdsl.space.explore.explorer import Explorer, Key
    from archdsl.types import TensorType


class Together(NamedTuple):
    """Branches put together so far, with the types that the op gets, what they assume and the
    diagram of their choices."""

    branches: tuple[Any, ...]
    inputs: tuple[TensorType, ...]
    assumed: Assumed
    node: Node


class Merging:
    """The exploration of one merge for one type that flows in. It begins anew where it raised
    Needed: what was explored of its branches is known by then."""

    def __init__(self, explorer: Explorer, key: Key) -> None:
        self.explorer = explorer
        self.key = key
        ((self.unit, takes),) = key.components
        assert self.unit.merge is not None
        assert takes is not None
        self.takes: TensorType = takes
        self.layer, self.arguments, self.frame = self.unit.merge
        self.none = Product((), (), explorer.outcomes.zero)
        self.nested = 0
        self.ops = 0

    def finish(self) -> Joint:
        """What the merge comes to. Raises Needed."""
        self.nested = self.ops = 0
        values = self._values()
        branches = self._branches() if values else []
        largest, inside = 0, self.ops
        found = Alternatives()
        for given, ways in values:
            for together in self._together(given, ways, branches):
                self.explorer.spend(1, APPLIED)
                try:
                    made = self.layer.node(
                        given, together.branches, together.inputs, self.frame.learning
                    )
                except SpecError as error:
                    self.explorer.refused(error)
                    continue
                largest = max(largest, made.size)
                unit = self.unit
                outcome, amounts = self.explorer.outcomes.of(
                    made, unit.lends, unit.live, unit.in_module
                )
                node = product(Product((), (), amounts), Part(together.node))
                found.add(((outcome,), together.assumed), node)
        return Joint(found.items(), self.nested, largest + inside)

    def _values(self) -> list[tuple[tuple[Any, ...], list[tuple[Assumed, Node]]]]:
        """The values that its arguments can have, each with the ways to them."""
        if self.layer.written is not None:
            return [(self.layer.written, [(NOTHING, self.none)])]
        joint = self._joint(((self.arguments, None),))
        return [(given.value, ways) for (given,), ways in joint.items()]

    def _branches(self) -> list[Joint]:
        """What each branch comes to; none behind one that comes to nothing."""
        found: list[Joint] = []
        for branch in self.layer.branches:
            joint = self._branch(branch)
            found.append(joint)
            if not joint:
                break
        return found

    def _branch(self, branch: Layer) -> Joint:
        frame = self.layer.within(self.frame)
        if is_plain(branch, frame):
            run: Any = None  # what is plain asks nothing of it
            try:
                made = branch.apply(frame, self.takes, run)
            except SpecError as error:
                self.explorer.refused(error)
                return Joint()
            return Joint([(((made,), NOTHING), self.none)])
        unit = layer_unit(self.explorer.units, branch, frame, self.unit.lends)
        return self._joint(((unit, self.takes),))

    def _joint(self, components: Any) -> Joint:
        joint, _ = self.explorer.explore(components, (1,), {})
        self.nested = max(self.nested, joint.nested)
        self.ops += joint.ops
        return joint

    def _together(
        self, given: tuple[Any, ...], ways: list[tuple[Assumed, Node]], branches: list[Joint]
    ) -> list[Together]:
        """The branches put together in all ways that agree, for some values of the arguments."""
        agreement = self.layer.agreement_of(given)
        inputs = (self.takes,) if self.layer.op.branches.with_flow else ()
        states = [Together((), inputs, assumed, node) for assumed, node in ways]
        for joint in branches:
            grown: list[Together] = []
            for state in states:
                first = state.inputs[:1]
                alike = (agreement, agreement(first[0])) if agreement and first else None
                grown += self._with(state, joint, alike)
            if states and not grown and self.explorer.refusal is not None:
                self.explorer.refused(self.explorer.refusal)
            states = grown
        return states if len(branches) == len(self.layer.branches) else []

    def _with(self, state: Together, joint: Joint, alike: Alike | None) -> list[Together]:
        """Branches with one more, in all ways that agree."""
        grown: list[Together] = []
        for outcome in joint.following((), alike):
            ways = joint.agreeing((outcome,), state.assumed, self.explorer)
            self.explorer.spend(len(ways), MERGED)
            branches = (*state.branches, outcome)
            inputs = (*state.inputs, outcome.out)
            for more, part in ways:
                both = self.explorer.together(state.assumed, more)
                if both is not None:
                    node = product(state.node, Part(part))
                    grown.append(Together(branches, inputs, both, node))
        return grown
