"""Whether a layer expression reads what flows into it, whichever of its options are taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.evaluate.frames import Frame

MOST = 10_000  # expressions looked at for one answer
DEEPEST = 100  # expressions inside each other


class FlowReading:
    """One look at an expression. It goes through all options and both branches of every `when`, as
    none of them has been chosen yet, and into the bodies of the blocks called."""

    def __init__(self) -> None:
        self.left = MOST
        self.depth = 0
        self.inside: set[Any] = set()

    def any(self, layers: Iterable[Any], frame: Frame) -> bool:
        """Whether one of some layers, all applied in a frame, reads what flows in."""
        return any(self.one(layer, frame) for layer in layers)

    def one(self, layer: Any, frame: Frame) -> bool:
        """Whether some option of a layer reads what flows into it; also true where that takes more
        than may be looked at."""
        if not self.left or self.depth == DEEPEST:
            return True
        self.left -= 1
        self.depth += 1
        reads: bool = layer.reads_flow(frame, self)
        self.depth -= 1
        return reads

    def body(self, body: Any, frame: Frame) -> bool:
        """Whether what a body gives depends on what flows into it; ``frame`` binds the arguments
        that are layers. A block that calls itself reads what it reads elsewhere."""
        if body in self.inside:
            return False
        self.inside.add(body)
        reads = self.one(body, frame)
        self.inside.discard(body)
        return reads
