"""What a run over all designs met at one place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from archdsl.space.explore.units import Component, Scope


class Met:
    """What a run met at one place: components, the outcome taken for each, and the slot that
    stands for it in the graph. ``scope`` where the choices there are made once for all; ``owned``
    are the scopes that nothing else reads; ``nested`` and ``ops`` as of a joint exploration."""

    __slots__ = ("components", "nested", "ops", "outcomes", "owned", "path", "scope", "slots")

    def __init__(self, path: str, scope: Scope | None) -> None:
        self.path = path
        self.scope = scope
        self.components: list[Component] = []
        self.outcomes: list[Any] = []
        self.slots: list[Any] = []
        self.owned: frozenset[Scope] = frozenset()
        self.nested = 0
        self.ops = 0

    def counted(self, times: tuple[int, ...]) -> tuple[int, ...]:
        """How often each component counts: a value costs nothing, and counts once."""
        pairs = zip(self.components, times, strict=True)
        return tuple([1 if takes is None else n for (_, takes), n in pairs])
