"""Which op is meant by a name of another library."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from archdsl.ops import catalog
from archdsl.ops.binding import parameters

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from archdsl.ops.base import Op


class Foreign(NamedTuple):
    """A name of elsewhere: the word of the op here, and who calls it so."""

    name: str
    word: str
    owner: str

    def said(self) -> str:
        """```Conv2d` is PyTorch's name for `conv```"""
        owner = {"torch": "PyTorch's", "keras": "Keras'"}.get(self.owner, "another")
        return f"`{self.name}` is {owner} name for `{self.word}`"


def foreign(name: str) -> Foreign | None:
    """The op that is called so elsewhere, as a class or as a function: `MaxPool2d`, `max_pool2d`;
    None where none is."""
    found = _names().get(name) or _folded().get(_fold(name))
    return found and found._replace(name=name)


def _fold(name: str) -> str:
    return name.lower().replace("_", "")


@cache
def _folded() -> dict[str, Foreign]:
    """Names of elsewhere however they are spelled, without those that mean something here."""
    folded: dict[str, Foreign] = {}
    for name, elsewhere in _names().items():
        folded.setdefault(_fold(name), elsewhere)
    here = {_fold(word) for word in catalog.words()}
    return {name: elsewhere for name, elsewhere in folded.items() if name not in here}


@cache
def _names() -> dict[str, Foreign]:
    """All names of elsewhere; of two ops with one name the first in the catalogue has it."""
    found: dict[str, Foreign] = {}
    for word in catalog.words():
        op = catalog.find(word)
        assert op is not None
        for owner in ("torch", "keras", "others"):
            for name in getattr(op.synonyms, owner):
                found.setdefault(name, Foreign(name, word, owner))
    return found


# what blocks elsewhere call what ops have not
_OF_BLOCKS = {
    "act_layer": "act",
    "activation": "act",
    "dim_feedforward": "hidden",
    "drop_rate": "drop",
    "dropout": "drop",
    "ffn_dim": "hidden",
    "hidden_dim": "hidden",
    "intermediate_size": "hidden",
    "mlp_dim": "hidden",
    "norm_layer": "norm",
}


def argument_here(name: str, known: Collection[str]) -> str | None:
    """What an argument of elsewhere is called by a block that takes the ``known`` ones, empty for
    one that there is no need of; None where none of these, or more than one, is what it may be."""
    ours = {op.synonyms.arguments.get(name) for op in map(catalog.find, catalog.words()) if op}
    found = (ours | {_OF_BLOCKS.get(name)}) & {*known, ""}
    return found.pop() if len(found) == 1 else None


def stands_alone(word: str) -> bool:
    """Whether an op needs no arguments."""
    op = catalog.find(word)
    assert op is not None
    return not op.branches.any and not any(p.required for p in parameters(op))


def translated(elsewhere: Foreign, arguments: Iterable[tuple[str | None, str]]) -> str | None:
    """A call of another library as it is written here, from its arguments by name or place and
    their texts; None where something in it has no counterpart."""
    op = catalog.find(elsewhere.word)
    assert op is not None
    arguments = list(arguments)
    behind = next((activation_here(text) for name, text in arguments if name == "activation"), "")
    others = [argument for argument in arguments if argument[0] != "activation"]
    given = _given(op, elsewhere.owner, others)
    if given is None or any(p.required and p.name not in given for p in parameters(op)):
        return None
    call = _written(op, given)
    return f"({call} -> {behind})" if behind else call


def _given(
    op: type[Op], owner: str, arguments: Sequence[tuple[str | None, str]]
) -> dict[str, str] | None:
    """Arguments of elsewhere by their names here, as they are written here, with what is default
    there; None where one has no counterpart or is given twice."""
    known = {parameter.name for parameter in parameters(op)}
    takes = op.synonyms.takes
    if owner != "torch":  # they know what flows in, as we do
        takes = tuple(filter(None, takes))
    given: dict[str, str] = {}
    for place, (name, text) in enumerate(arguments):
        ours = _name_here(op, name) if name else _at(takes, place)
        if ours is None or ours in given or (ours and ours not in known):
            return None
        if ours:
            given[ours] = value_here(op, text)
    for name, text in op.synonyms.defaults.items():
        given.setdefault(name, text)
    return {name: text for name, text in given.items() if text}


def _name_here(op: type[Op], name: str) -> str:
    """An argument's name here; empty for one that there is no need of."""
    return op.synonyms.arguments.get(name, name)


def _at(takes: Sequence[str], place: int) -> str | None:
    return takes[place] if place < len(takes) else None


def activation_here(text: str) -> str:
    """The layer that an activation is, given as a text, a word or a name of elsewhere."""
    name = text.strip('"')
    elsewhere = foreign(name)
    return name if elsewhere is None else elsewhere.word


def value_here(op: type[Op], text: str) -> str:
    """A value as it is written here; empty for what an argument is when it is left out."""
    words = {"True": "true", "False": "false", **op.synonyms.words}
    return words.get(text.strip('"'), text)


def _written(op: type[Op], given: dict[str, str]) -> str:
    """A call with these arguments: the first and the required ones by place, the others by name."""
    told: list[str] = []
    for place, parameter in enumerate(parameters(op)):
        if parameter.name in given:
            text = given[parameter.name]
            by_place = parameter.required or not place
            told.append(text if by_place else f"{parameter.name}={text}")
    return f"{op.word()}({', '.join(told)})" if told else op.word()
