"""Whether a module in which something is chosen has the same weights for two types that flow in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.diagnostics import SpecError
from archdsl.evaluate.points import ContinuousPoint
from archdsl.evaluate.run import BoundMet, Run
from archdsl.graph import modules
from archdsl.space.answers import Replay
from archdsl.space.explore.closed import Open, plain
from archdsl.space.explore.making import layer_unit

if TYPE_CHECKING:
    from archdsl.evaluate.frames import Closure, Pending
    from archdsl.evaluate.points import ChoicePoint
    from archdsl.graph.nodes import Node
    from archdsl.space.explore.explorer import Explorer
    from archdsl.types import TensorType

WORK = 20_000  # layers, values and answers worked out for all combinations together
EACH = 10  # what a combination is taken for besides its own


class _Tried(Run):
    """A run of one combination of what is chosen in a module and in the lets that it reads. Of
    these any values are taken together, whether or not a design has them."""

    __slots__ = ("explorer", "known", "replay")

    def __init__(self, replay: Replay, explorer: Explorer, most: int) -> None:
        super().__init__(replay, explorer.bounds._replace(effort=most))
        self.replay = replay
        self.explorer = explorer
        self.known: dict[Pending, Any] = {}

    def ask(self, path: str, point: ChoicePoint) -> Any:
        if type(point) is ContinuousPoint:
            raise Open
        return super().ask(path, point)

    def read(self, pending: Pending) -> Any:
        if pending not in self.known:
            options = values_of(pending, self.explorer)
            if not options:
                raise SpecError
            self.known[pending] = options[self.replay.pick(len(options))]
        return self.known[pending]


def values_of(pending: Pending, explorer: Explorer) -> list[Any]:
    """All values of a let, whatever others read."""
    joint, _ = explorer.explore(((pending.unit, None),), (1,), {})
    return [option.value for option in joint.following((), None)]


def same_weights(
    closure: Closure, first: TensorType, other: TensorType, explorer: Explorer
) -> bool | None:
    """Whether a module has the same weights for two types, whatever is chosen; None where that
    depends on it, or takes more than may be tried."""
    one, two = plain(closure, first), plain(closure, other)
    if one is not None and two is not None:
        return modules.same_weights(one, two)
    entered = closure.entered_from(closure.frame, "")
    key = (layer_unit(explorer.units, closure.layer, entered), first, other)
    if key not in explorer.same_weights:
        explorer.same_weights[key] = _for_all(closure, first, other, explorer)
    return explorer.same_weights[key]


def _for_all(
    closure: Closure, first: TensorType, other: TensorType, explorer: Explorer
) -> bool | None:
    found: set[bool] = set()
    answers: list[int] = []
    left = WORK
    while True:
        replay = Replay(answers)
        run = _Tried(replay, explorer, min(left, explorer.bounds.effort))
        try:
            one, two = _applied(closure, first, run), _applied(closure, other, run)
            found.add(modules.same_weights(one, two))
        except (BoundMet, Open):
            return None
        except SpecError:  # no design has these
            pass
        left -= run.effort + EACH
        if len(found) > 1 or left <= 0:
            return None
        answers = replay.following()
        if not answers:
            return False not in found


def _applied(closure: Closure, takes: TensorType, run: Run) -> Node:
    node: Node = closure.layer.apply(closure.entered_from(closure.frame, ""), takes, run)
    return node
