"""Where an expression is closed: the paths it is met at, and what its names stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archdsl.syntax.nodes import Expression

NOWHERE: dict[str, Expression] = {}
NOTHING: dict[str, dict[str, Expression]] = {}
FLOWING = "\N{SECTION SIGN}"  # begins the name that ``x`` has in a block while it is written inline


class Disagree(Exception):
    """Different things were chosen at the paths of a place: no one text says them all."""


class Unmet(Exception):
    """Nothing was chosen here: the design has no such part."""


class NotInline(Exception):
    """What a block holds cannot be written in place of its call."""


class Again(Exception):
    """A block needs one more parameter: its callers are to be closed anew."""


class Place(NamedTuple):
    """``names`` are written as something else here; ``bound`` are the names of the body, and
    ``constants`` those among them that were chosen and are plain values now. ``handed`` tells for
    a parameter that is several layers by now, by the path of its application, which is meant."""

    paths: tuple[str, ...]
    names: Mapping[str, Expression] = NOWHERE
    bound: frozenset[str] = frozenset()
    constants: frozenset[str] = frozenset()
    handed: Mapping[str, Mapping[str, Expression]] = NOTHING

    def at(self, paths: Iterable[str]) -> Place:
        """The same names at other paths."""
        return self._replace(paths=tuple(dict.fromkeys(paths)))

    def naming(self, name: str, meant: Expression) -> Place:
        """The same with a name that is written as something else."""
        return self._replace(names={**self.names, name: meant}, bound=self.bound | {name})

    def binding(self, name: str, constant: bool = False) -> Place:
        """The same with one more name of the body."""
        constants = self.constants | {name} if constant else self.constants - {name}
        names = {word: meant for word, meant in self.names.items() if word != name}
        return self._replace(names=names, bound=self.bound | {name}, constants=constants)
