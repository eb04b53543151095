"""What closes expressions and what keeps closed blocks, as their parts see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archdsl.closing.facts import Facts
    from archdsl.closing.opened import Opened
    from archdsl.closing.places import Place
    from archdsl.syntax import nodes


class Copies(Protocol):
    """The blocks of a spec and their closed copies."""

    def block(self, name: str) -> nodes.Block | None: ...

    def is_changed(self, block: nodes.Block) -> bool: ...

    def is_split(self, block: nodes.Block, parameter: str | None = None) -> bool: ...

    def variants(self, block: nodes.Block, parameter: str) -> dict[str, str]: ...

    def split(
        self, block: nodes.Block, parameter: str, given: Mapping[str, nodes.Expression]
    ) -> None: ...

    def know(
        self, block: nodes.Block, parameter: str, given: Mapping[str, nodes.Expression]
    ) -> None: ...

    def copy_for(self, closer: Closer, block: nodes.Block, inner: tuple[str, ...]) -> str: ...

    def is_written_inline(self, block: nodes.Block, inner: tuple[str, ...]) -> bool: ...

    def is_single(self, block: nodes.Block, inner: tuple[str, ...]) -> bool: ...

    def inline(self, closer: Closer, block: nodes.Block, inside: Place) -> nodes.Expression: ...


class Closer(Protocol):
    """Closes expressions of one design."""

    facts: Facts
    opened: Opened
    copies: Copies

    def expression(self, node: nodes.Expression, place: Place) -> nodes.Expression: ...

    def answer(self, node: nodes.Expression, place: Place) -> Any: ...

    def values(self, node: nodes.Expression, place: Place) -> list[Any]: ...

    def is_value(self, node: nodes.Expression, place: Place) -> bool: ...

    def reads_flow(self, node: nodes.Expression, place: Place) -> set[bool]: ...

    def folded(
        self, node: nodes.Expression, closed: nodes.Expression, place: Place
    ) -> nodes.Expression: ...
