"""The blocks of a closed spec: of each that chooses as many copies as came out differently."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from archdsl.closing.bodies import body_of, is_bare_choice, written_inline
from archdsl.closing.calls import WHOLE, handed
from archdsl.closing.places import Again, Disagree, Place
from archdsl.closing.tree import distinct, is_literal, name_of, names_in, rebuilt
from archdsl.resolve.blocks import library, library_block
from archdsl.syntax import nodes
from archdsl.syntax.format import block_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archdsl.closing.base import Closer
    from archdsl.closing.facts import Facts
    from archdsl.closing.opened import Opened

Key = tuple[str, tuple[str, ...]]  # a block, and the paths of the calls that a copy is for
MARK = "\N{PILCROW SIGN}"  # stands in the name of a copy until it gets its own


class Decided:
    """What one attempt to close a spec found out for the next.

    ``split`` tells of the parameters that are several layers by now: the name of each, by where it
    is applied. ``inline`` are the copies that are written where they are called.
    """

    def __init__(self) -> None:
        self.split: dict[tuple[str, str], dict[str, str]] = {}
        self.inline: set[Key] = set()
        self.writes_inline = True


class Copy(NamedTuple):
    """A closed block, under the name that its calls have for the time being."""

    key: Key
    block: nodes.Block


class Copies:
    """Closes blocks when they are first called, and remembers them. Where one text does for all
    calls of a block there is one copy, else as many as differ."""

    def __init__(
        self, blocks: Mapping[str, nodes.Block], facts: Facts, opened: Opened, decided: Decided
    ) -> None:
        self.blocks = blocks
        self.facts = facts
        self.opened = opened
        self.decided = decided
        self.made: dict[str, Copy] = {}  # by the name for the time being
        self._names: dict[Key, str] = {}
        self._numbers = count()
        self._texts: dict[tuple[str, str], str] = {}
        self._is_one: dict[str, bool] = {}
        self._library: dict[str, nodes.Block] = {}

    def block(self, name: str) -> nodes.Block | None:
        """The block of a name: the spec's own, or the library's."""
        if name in self.blocks:
            return self.blocks[name]
        if name in library() and name not in self._library:
            self._library[name] = library_block(name)
        return self._library.get(name)

    def is_changed(self, block: nodes.Block) -> bool:
        """Whether calls of a block are calls of closed copies of it."""
        return block.name.id in self.opened.names or self.is_split(block)

    def is_split(self, block: nodes.Block, parameter: str | None = None) -> bool:
        """Whether a parameter, or some parameter, is several layers."""
        known = self.decided.split
        if parameter is not None:
            return (block.name.id, parameter) in known
        return any(name == block.name.id for name, _ in known)

    def variants(self, block: nodes.Block, parameter: str) -> dict[str, str]:
        """The names of a parameter that is several layers, by where each is applied."""
        return self.decided.split[block.name.id, parameter]

    def split(
        self, block: nodes.Block, parameter: str, given: Mapping[str, nodes.Expression]
    ) -> None:
        """Have a parameter for each place where it is applied."""
        taken = {one.name.id for one in block.parameters} | {let.name.id for let in block.body.lets}
        known = self.decided.split.setdefault((block.name.id, parameter), {})
        for suffix in given:
            number = len(known) + 1
            name = parameter if number == 1 else f"{parameter}{number}"
            while name in taken and number > 1:
                number += 1
                name = f"{parameter}{number}"
            known.setdefault(suffix, name)

    def know(
        self, block: nodes.Block, parameter: str, given: Mapping[str, nodes.Expression]
    ) -> None:
        """Raises Again where a parameter is applied at a place that was not known."""
        new = [suffix for suffix in given if suffix not in self.variants(block, parameter)]
        if new and new != [WHOLE]:
            self.split(block, parameter, dict.fromkeys(new, nodes.Text("", block.span)))
            raise Again

    def copy_for(self, closer: Closer, block: nodes.Block, inner: tuple[str, ...]) -> str:
        """The name of the closed copy that a call at some paths means."""
        everywhere = tuple(self.facts.instances[block.name.id])
        if everywhere == inner or self._does_for_all(closer, block, everywhere):
            return self._copy(closer, block, everywhere)
        return self._copy(closer, block, inner)

    def _does_for_all(
        self, closer: Closer, block: nodes.Block, everywhere: tuple[str, ...]
    ) -> bool:
        """Whether one text says what was chosen in all calls of a block. A call of it inside of
        itself takes for granted that it does."""
        name = block.name.id
        known = self._is_one.get(name)
        if known is not None:
            return known
        kept = dict(self._is_one), dict(self.made), dict(self._names), dict(self._texts)
        self._is_one[name] = True
        try:
            self._copy(closer, block, everywhere)
        except Disagree:  # what took it for granted is forgotten
            self._is_one, self.made, self._names, self._texts = kept
            self._is_one[name] = False
        return self._is_one[name]

    def _copy(self, closer: Closer, block: nodes.Block, paths: tuple[str, ...]) -> str:
        key = (block.name.id, paths)
        if key in self._names:
            return self._names[key]
        name = self._names[key] = f"{block.name.id}{MARK}{next(self._numbers)}"
        try:
            closed = self._closed(closer, block, paths)
        except BaseException:
            del self._names[key]
            raise
        known = self._texts.setdefault((block.name.id, block_text(closed)), name)
        self._names[key] = known
        if known == name:
            self.made[name] = Copy(key, closed)
        elif name in self.made:
            del self.made[name]
        return known

    def _closed(self, closer: Closer, block: nodes.Block, paths: tuple[str, ...]) -> nodes.Block:
        place = Place(paths, bound=frozenset(("x", *(p.name.id for p in block.parameters))))
        parameters: list[nodes.Parameter] = []
        for parameter in block.parameters:
            if self.is_split(block, parameter.name.id):
                place = self._several(block, parameter, place)
            name = parameter.name.id
            constant = self._constant(closer, block, parameter, place)
            if constant is not None:
                place = place.naming(name, constant)
                continue
            parameters += self._parameters(closer, block, parameter, place)
        body = body_of(closer, block.body, place)
        return rebuilt(block, parameters=tuple(parameters), body=body, shared=False)

    def _several(self, block: nodes.Block, parameter: nodes.Parameter, place: Place) -> Place:
        """The place where a parameter stands for several layers."""
        names = {
            f"{path}{suffix}": name_of(variant, parameter.span)
            for suffix, variant in self.variants(block, parameter.name.id).items()
            for path in place.paths
        }
        bound = place.bound | {one.id for one in names.values()}
        return place._replace(handed={**place.handed, parameter.name.id: names}, bound=bound)

    def _constant(
        self, closer: Closer, block: nodes.Block, parameter: nodes.Parameter, place: Place
    ) -> nodes.Expression | None:
        """What a parameter is that no call gives and that is a number once it is chosen."""
        default = parameter.default
        if default is None or not (self.opened(default) or _reads(default, place)):
            return None
        if self._is_in(self.facts.given, block, parameter, place):
            return None
        if not all((default.span, path) in self.facts.values for path in place.paths):
            return None
        closed = closer.expression(default, place)
        return closed if is_literal(closed) else None

    def _is_in(
        self,
        known: Mapping[tuple[str, str], set[str]],
        block: nodes.Block,
        parameter: nodes.Parameter,
        place: Place,
    ) -> bool:
        """Whether some call for these paths is known to give, or to leave out, a parameter."""
        name = parameter.name.id
        return any(name in known.get((block.name.id, path), ()) for path in place.paths)

    def _parameters(
        self, closer: Closer, block: nodes.Block, parameter: nodes.Parameter, place: Place
    ) -> list[nodes.Parameter]:
        """A parameter of a copy, or those that it is by now."""
        name, default = parameter.name.id, parameter.default
        given: dict[str, nodes.Expression | None] = {WHOLE: None}
        left_out = self._is_in(self.facts.left_out, block, parameter, place)
        if default is not None and (left_out or not self.opened(default)):
            given = dict(handed(closer, default, place, place.paths))
        if not self.is_split(block, name):
            if len(given) > 1 and len(distinct(one for one in given.values() if one)) > 1:
                self.split(block, name, {s: one for s, one in given.items() if one})
                raise Again
            return [rebuilt(parameter, default=next(iter(given.values())))]
        return [
            nodes.Parameter(
                name_of(variant, parameter.name.span),
                given.get(suffix, given.get(WHOLE)),
                parameter.span,
            )
            for suffix, variant in self.variants(block, name).items()
        ]

    def is_written_inline(self, block: nodes.Block, inner: tuple[str, ...]) -> bool:
        """Whether a block is but the name of a choice, or a copy of it has one call only."""
        if not self.decided.writes_inline:
            return False
        return is_bare_choice(block, self.opened) or self.is_single(block, inner)

    def is_single(self, block: nodes.Block, inner: tuple[str, ...]) -> bool:
        """Whether the copy for some paths has one call only."""
        return (block.name.id, inner) in self.decided.inline

    def inline(self, closer: Closer, block: nodes.Block, inside: Place) -> nodes.Expression:
        """The layer that a block came to, its parameters being what the place says."""
        return written_inline(closer, block, inside)


def _reads(default: nodes.Expression, place: Place) -> bool:
    """Whether a default reads parameters that are numbers now."""
    return any(name in place.names for name in names_in(default))
