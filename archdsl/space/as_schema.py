"""The designs of a space as a JSON Schema: what programs and models that propose designs are held
to, before a design is tried."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.evaluate.points import ContinuousPoint
from archdsl.space.survey import choices_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archdsl.space.space import Space
    from archdsl.space.survey import ChoiceShares

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MOST = 2_000
"""Valid designs that are told one from another; of more, each choice is told by itself."""

EXACT = "Exactly the valid designs: the value of each choice by its path."
EACH = (
    "Every valid design, and others besides: each choice is told by itself, what a combination of"
    " them may not be is left out. `archdsl check` and `compile` say what is wrong with a design."
)

_Schema = dict[str, Any]
_Tree = dict[tuple[str, Any], Any]


def design_schema(space: Space) -> _Schema:
    """The schema of the valid designs: exact where they are few and every requirement is decided.

    Raises :class:`~archdsl.space.explore.explorer.Unexplorable` where the space takes too much to
    be described.
    """
    fitting, valid = space.fitting(), space.valid()
    choices = choices_of(fitting, valid)
    low, high = space.counted()
    if not high:
        return {"$schema": DIALECT, "title": f"no design of {space.program.name}", "not": {}}
    head = {"$schema": DIALECT, "title": f"a design of {space.program.name}", "type": "object"}
    if low == high <= MOST:
        return {**head, "description": EXACT, **_Exact(choices).schema(space)}
    return {**head, "description": EACH, **_apart(choices, valid.count)}


def _apart(choices: tuple[ChoiceShares, ...], designs: int) -> _Schema:
    """Each choice by itself: the options that some valid design has."""
    made = [choice for choice in choices if choice.active]
    if not made:
        return {}
    return {
        "properties": {choice.path: _values(choice) for choice in made},
        "required": [choice.path for choice in made if choice.active == designs],
        "additionalProperties": False,
    }


def _values(choice: ChoiceShares) -> _Schema:
    if isinstance(choice.point, ContinuousPoint):
        return _range(choice.point)
    return {"enum": [option.label for option in choice.options if option.valid]}


def _range(point: ContinuousPoint) -> _Schema:
    return {"type": "number", "minimum": point.low, "maximum": point.high}


class _Exact:
    """Designs as a tree of choices, parts of it that are alike told once."""

    def __init__(self, choices: tuple[ChoiceShares, ...]) -> None:
        self.ranges: Mapping[str, _Schema] = {
            choice.path: _range(choice.point)
            for choice in choices
            if isinstance(choice.point, ContinuousPoint)
        }
        self.told: dict[str, str] = {}
        self.definitions: dict[str, _Schema] = {}

    def schema(self, space: Space) -> _Schema:
        tree: _Tree = {}
        for design in space.designs():
            here = tree
            for path, value in design.items():
                key = (path, "" if path in self.ranges else (type(value), value))
                here = here.setdefault(key, {})
            here["", frozenset(design)] = None
        root = self._schema(tree)
        return {**root, "$defs": self.definitions} if self.definitions else root

    def _schema(self, tree: _Tree) -> _Schema:
        """What designs are that begin as those of a tree do."""
        groups: dict[tuple[str, str], list[Any]] = {}
        ends: list[_Schema] = []
        for (path, key), below in tree.items():
            if below is None:
                ends.append({"propertyNames": {"enum": sorted(key)}})
            else:
                groups.setdefault((path, self._named(below)), []).append(key)
        options = [self._option(*group, keys) for group, keys in groups.items()]
        options += ends
        return options[0] if len(options) == 1 else {"anyOf": options}

    def _option(self, path: str, below: str, keys: list[Any]) -> _Schema:
        values = self.ranges.get(path) or {"enum": [value for _, value in keys]}
        return {"required": [path], "properties": {path: values}, "$ref": f"#/$defs/{below}"}

    def _named(self, tree: _Tree) -> str:
        """The name of the definition of a tree; one for all that say the same."""
        schema = self._schema(tree)
        text = repr(schema)
        if text not in self.told:
            self.told[text] = f"after{len(self.told) + 1}"
            self.definitions[self.told[text]] = schema
        return self.told[text]
