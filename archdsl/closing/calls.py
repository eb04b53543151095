"""Calls closed: what is handed to ops and blocks, and which closed copy of a block is meant."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from archdsl.closing.conditions import branches
from archdsl.closing.places import FLOWING, Again, Disagree, NotInline, Unmet
from archdsl.closing.tree import distinct, literal, name_of, rebuilt, same
from archdsl.ops import catalog
from archdsl.ops.binding import parameters
from archdsl.resolve.arguments import match_block
from archdsl.syntax import nodes

if TYPE_CHECKING:
    from archdsl.closing.base import Closer
    from archdsl.closing.places import Place
    from archdsl.ops.base import Op

Arguments = list[nodes.Argument]
_NUMBERS = count()


def call(closer: Closer, node: nodes.Call, place: Place) -> nodes.Expression:
    """A call of a block, an op or a function."""
    block = closer.copies.block(node.function.id)
    if block is not None and node.function.id not in place.bound:
        return _block_call(closer, node, block, place)
    op = catalog.find(node.function.id)
    arguments: Arguments = []
    is_open = False
    for argument in node.arguments:
        given = branches(closer, argument.value, place)
        is_open = is_open or len(given) != 1 or _picks(argument.value)
        arguments += [rebuilt(argument, value=value) for value in given]
    left = [argument.value for argument in arguments if argument.name is None]
    if op is not None and op.branches.variadic and is_open and len(left) == 1:
        return left[0]
    if op is not None:
        arguments = _without_defaults(node, arguments, _defaults_of(op))
    if len(arguments) == len(node.arguments) and all(
        new is old for new, old in zip(arguments, node.arguments, strict=True)
    ):
        return node
    return closer.folded(node, rebuilt(node, arguments=tuple(arguments)), place)


def _picks(node: nodes.Expression) -> bool:
    """Whether an argument may give a merge other than one layer."""
    if isinstance(node, nodes.Choice):
        return any(map(_picks, node.options))
    if isinstance(node, nodes.Call):
        several = node.function.id == "pick"
        return several or (
            node.function.id == "when" and any(_picks(a.value) for a in node.arguments)
        )
    return isinstance(node, nodes.Name) and node.id == "none"


def _defaults_of(op: type[Op]) -> dict[str, nodes.Expression | None]:
    from archdsl.source import NOWHERE

    return {one.name: literal(one.default, NOWHERE) for one in parameters(op)}


def _without_defaults(
    node: nodes.Call, arguments: Arguments, defaults: dict[str, nodes.Expression | None]
) -> Arguments:
    """Arguments, those left out that came to what they are when nothing is said."""
    before = {argument.name: argument.value for argument in node.arguments}

    def says_nothing(argument: nodes.Argument) -> bool:
        default = defaults.get(argument.name or "")
        if default is None or argument.value is before.get(argument.name):
            return False
        return same(argument.value, default)

    return [argument for argument in arguments if not says_nothing(argument)]


def _block_call(
    closer: Closer, node: nodes.Call, block: nodes.Block, place: Place
) -> nodes.Expression:
    known = closer.facts.calls
    met = [(node.span, path) for path in place.paths if (node.span, path) in known]
    inner = tuple(dict.fromkeys(known[one] for one in met))
    if not closer.copies.is_changed(block):
        arguments = _arguments(closer, node, block, place, inner)
        return _plain_call(node, block, arguments)
    if not inner:
        raise Unmet
    if not closer.copies.is_split(block):
        written = _inline(closer, node, block, place, inner)
        if written is not None:
            return written
    arguments = _arguments(closer, node, block, place, inner)
    copy = closer.copies.copy_for(closer, block, inner)
    return rebuilt(
        node,
        function=name_of(copy, node.function.span),
        arguments=tuple(_without_defaults(node, arguments, _defaults(block))),
    )


def _plain_call(node: nodes.Call, block: nodes.Block, arguments: Arguments) -> nodes.Call:
    """A call of a block that stays as it is."""
    arguments = _without_defaults(node, arguments, _defaults(block))
    if len(arguments) == len(node.arguments) and all(
        new is old for new, old in zip(arguments, node.arguments, strict=True)
    ):
        return node
    return rebuilt(node, arguments=tuple(arguments))


def _defaults(block: nodes.Block) -> dict[str, nodes.Expression | None]:
    return {parameter.name.id: parameter.default for parameter in block.parameters}


def _arguments(
    closer: Closer, node: nodes.Call, block: nodes.Block, place: Place, inner: tuple[str, ...]
) -> Arguments:
    """The arguments of a block's call, more of them for a parameter that is several layers."""
    names = _names_given(node, block)
    arguments: Arguments = []
    for argument, name in zip(node.arguments, names, strict=True):
        given = handed(closer, argument.value, place, inner)
        if not closer.copies.is_split(block, name):
            arguments.append(rebuilt(argument, value=_one(closer, given, block, name)))
            continue
        for suffix, variant in closer.copies.variants(block, name).items():
            value = given.get(suffix) or next(iter(given.values()))  # not applied: any will do
            told = variant if argument.name else None  # in the order of the parameters
            arguments.append(nodes.Argument(told, value, argument.span))
        closer.copies.know(block, name, given)
    return arguments


def _one(
    closer: Closer, given: dict[str, nodes.Expression], block: nodes.Block, name: str
) -> nodes.Expression:
    """What is handed in for a parameter that is one layer. Raises Again when it is several."""
    found = distinct(given.values())
    if len(found) > 1:
        closer.copies.split(block, name, given)
        raise Again
    return found[0]


def _names_given(node: nodes.Call, block: nodes.Block) -> list[str]:
    """The parameter of each argument of a call."""
    names = [parameter.name.id for parameter in block.parameters]
    return [a.name or names[index] for index, a in enumerate(node.arguments)]


WHOLE = ""  # instead of a place inside: the same everywhere


def handed(
    closer: Closer, node: nodes.Expression, place: Place, inner: tuple[str, ...]
) -> dict[str, nodes.Expression]:
    """An argument closed, by where it is applied inside of the block called at ``inner``."""
    if isinstance(node, nodes.Name) and node.id in place.handed:
        known = place.handed[node.id]
        meant = {_suffix(path, inner): one for path, one in known.items() if _is_in(path, inner)}
        return meant or {WHOLE: node}
    entered = closer.facts.entered
    paths = [path for outer in place.paths for path in entered.get((node.span, outer), ())]
    is_fixed = closer.is_value(node, place) or not closer.opened(node)
    if not is_fixed and not paths:
        return {WHOLE: name_of("identity", node.span)}
    try:
        return {
            WHOLE: closer.expression(node, place.at((*place.paths, *paths) if is_fixed else paths))
        }
    except Disagree:
        if not paths:
            raise
    found: dict[str, nodes.Expression] = {}
    for path in paths:
        closed = closer.expression(node, place.at((path,)))
        if not same(found.setdefault(_suffix(path, inner), closed), closed):
            raise Disagree
    return found


def _is_in(path: str, inner: tuple[str, ...]) -> bool:
    return any(path.startswith(f"{outer}.") for outer in inner)


def _suffix(path: str, inner: tuple[str, ...]) -> str:
    """A path as it is seen from the block called."""
    outer = max((one for one in inner if path.startswith(f"{one}.")), key=len, default="")
    return path[len(outer) :]


def _inline(
    closer: Closer, node: nodes.Call, block: nodes.Block, place: Place, inner: tuple[str, ...]
) -> nodes.Expression | None:
    """What a block came to, written in place of its call; None where it stays a block."""
    if not closer.copies.is_written_inline(block, inner):
        return None
    try:
        flowing = name_of(f"{FLOWING}{next(_NUMBERS)}", node.span)
        inside = given_to(closer, node, block, place, inner, flowing)
        return closer.copies.inline(closer, block, inside)
    except NotInline:
        return None


def given_to(
    closer: Closer,
    node: nodes.Call,
    block: nodes.Block,
    place: Place,
    inner: tuple[str, ...],
    flowing: nodes.Name,
) -> Place:
    """The place inside of a block that is written where it is called: its parameters are what the
    call hands in, and ``flowing`` is what its ``x`` is called there."""
    matched = match_block(
        node,
        tuple(parameter.name.id for parameter in block.parameters),
        frozenset(p.name.id for p in block.parameters if p.default is None),
    )
    inside = place._replace(paths=inner, names={"x": flowing}, handed={})
    for (name, expression), parameter in zip(matched, block.parameters, strict=True):
        if expression is not None:
            given = handed(closer, expression, place, inner)
        else:
            assert parameter.default is not None
            given = handed(closer, parameter.default, inside, inner)
        if len(distinct(given.values())) > 1:
            raise NotInline
        inside = inside.naming(name, next(iter(given.values())))
    return inside
