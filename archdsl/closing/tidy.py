"""What is left of a spec when its choices are gone: nothing that nobody reads, plain names."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from archdsl.closing.copies import MARK
from archdsl.closing.tree import R, mapped, name_of, names_in, rebuilt
from archdsl.syntax import nodes

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping

    from archdsl.record import Record
    from archdsl.source import Span


class Written(NamedTuple):
    """An architecture and the blocks that it may call: ``copies`` by their names for the time
    being, ``blocks`` of the spec that nothing is chosen in."""

    arch: nodes.Arch
    copies: Mapping[str, nodes.Block]
    blocks: Mapping[str, nodes.Block]

    def reached(self) -> tuple[dict[str, nodes.Block], dict[str, nodes.Block]]:
        """The copies and the blocks that are called, directly or by others."""
        copies: dict[str, nodes.Block] = {}
        blocks: dict[str, nodes.Block] = {}
        waiting: list[Record] = [self.arch]
        while waiting:
            for name in names_in(waiting.pop()):
                known, found = (self.copies, copies) if MARK in name else (self.blocks, blocks)
                if name in known and name not in found:
                    found[name] = known[name]
                    waiting.append(known[name])
        return copies, blocks


def single_calls(written: Written, rules: Container[str]) -> set[str]:
    """The copies that are called once only, of blocks of which there are several copies, or that
    are ``rules`` of a grammar: they lead to themselves."""
    copies, blocks = written.reached()
    counted = Counter(
        name
        for tree in (written.arch, *copies.values(), *blocks.values())
        for name in names_in(tree)
        if MARK in name
    )
    several = Counter(name.partition(MARK)[0] for name in copies)
    bases = {name: name.partition(MARK)[0] for name in copies}
    return {
        name
        for name, base in bases.items()
        if counted[name] == 1 and (several[base] > 1 or base in rules)
    }


def rules_among(blocks: Mapping[str, nodes.Block]) -> frozenset[str]:
    """The blocks that call themselves, directly or through others."""
    calls = {name: {word for word in names_in(b) if word in blocks} for name, b in blocks.items()}
    found: set[str] = set()
    for name in blocks:
        met: set[str] = set()
        waiting = [*calls[name]]
        while waiting:
            other = waiting.pop()
            if other not in met:
                met.add(other)
                waiting += calls[other]
        found |= {name} & met
    return frozenset(found)


def tidied(written: Written, kept: frozenset[Span]) -> Written:
    """Without lets and parameters that nothing reads. ``kept`` are lets that nothing read before
    either; they stay."""
    while True:
        copies = {name: _without_lets(block, kept) for name, block in written.copies.items()}
        arch = _without_outer_lets(_without_lets(written.arch, kept), kept)
        slimmer = _without_parameters(Written(arch, copies, written.blocks))
        if _is_same(slimmer, written):
            return slimmer
        written = slimmer


def _is_same(one: Written, other: Written) -> bool:
    same = all(one.copies[name] is block for name, block in other.copies.items())
    return same and one.arch is other.arch


def unread_lets(trees: Iterable[Record]) -> frozenset[Span]:
    """The lets of trees that nothing in their body reads."""
    found: set[Span] = set()
    for tree in trees:
        for node in tree.within():
            if isinstance(node, nodes.Body):
                parts: tuple[Record, ...] = (*node.statements, node.result)
            elif isinstance(node, nodes.Arch):
                parts = node.items
            else:
                continue
            read = {name for part in parts for name in names_in(part)}
            lets = (part for part in parts if isinstance(part, nodes.Let))
            found.update(let.span for let in lets if not _is_read(let, read))
    return frozenset(found)


def _is_read(let: nodes.Let, read: Container[str]) -> bool:
    return any(name.id in read for name in let.names)


def _without_lets(node: R, kept: frozenset[Span]) -> R:
    """A tree whose bodies hold no let that nothing reads."""

    def change(part: Record) -> Record:
        return _slim_body(part, kept) if isinstance(part, nodes.Body) else _without_lets(part, kept)

    return mapped(node, change) if isinstance(node, HOLDERS) else node


HOLDERS = (nodes.Arch, nodes.Block, nodes.Model)  # of bodies


def _slim_body(body: nodes.Body, kept: frozenset[Span]) -> nodes.Body:
    read = {name for part in (*body.statements, body.result) for name in names_in(part)}
    statements = tuple(
        part
        for part in body.statements
        if not isinstance(part, nodes.Let) or _is_read(part, read) or part.span in kept
    )
    if len(statements) == len(body.statements):
        return body
    return rebuilt(body, statements=statements, braced=bool(statements))


def _without_outer_lets(arch: nodes.Arch, kept: frozenset[Span]) -> nodes.Arch:
    read = {name for item in arch.items for name in names_in(item)}
    items = tuple(
        item
        for item in arch.items
        if not isinstance(item, nodes.Let) or item.name.id in read or item.span in kept
    )
    return arch if len(items) == len(arch.items) else rebuilt(arch, items=items)


def _without_parameters(written: Written) -> Written:
    """Without the parameters of copies that nothing in them reads."""
    unread: dict[str, set[str]] = {}
    for name, block in written.copies.items():
        parts: tuple[Record, ...] = (*block.parameters, block.body)
        read = {word for part in parts for word in names_in(part)}
        unread[name] = {p.name.id for p in block.parameters} - read
    if not any(unread.values()):
        return written
    orders = {n: [p.name.id for p in b.parameters] for n, b in written.copies.items()}

    def change(node: Record) -> Record:
        node = mapped(node, change)
        if isinstance(node, nodes.Call) and unread.get(node.function.id):
            order, gone = orders[node.function.id], unread[node.function.id]
            return _call_without(node, order, gone)
        return node

    def slim(name: str, block: nodes.Block) -> nodes.Block:
        kept = tuple(p for p in block.parameters if p.name.id not in unread[name])
        same = len(kept) == len(block.parameters)
        return mapped(block if same else rebuilt(block, parameters=kept), change)

    copies = {name: slim(name, block) for name, block in written.copies.items()}
    return Written(mapped(written.arch, change), copies, written.blocks)


def _call_without(node: nodes.Call, order: list[str], gone: set[str]) -> nodes.Call | nodes.Name:
    """A call without the arguments for some parameters; those behind a gap get their names."""
    arguments: list[nodes.Argument] = []
    for index, argument in enumerate(node.arguments):
        if (argument.name or order[index]) not in gone:
            arguments.append(argument)
    if not arguments:
        return node.function
    return rebuilt(node, arguments=tuple(arguments))


def named(written: Written, library: Callable[[str], bool]) -> tuple[nodes.Arch, list[nodes.Block]]:
    """The architecture and the blocks it calls, the copies under names of their own: that of
    their block where there is one, else numbered ones. Blocks of the library keep theirs."""
    copies, blocks = written.reached()
    trees: list[Record] = [written.arch, *blocks.values()]
    trees += [part for block in copies.values() for part in (*block.parameters, block.body)]
    taken = {name for tree in trees for name in _all_names(tree)}
    groups: dict[str, list[str]] = defaultdict(list)
    for name in copies:
        groups[name.partition(MARK)[0]].append(name)
    names: dict[str, str] = {}
    for base, group in groups.items():
        if len(group) == 1 and base not in taken and not library(base):
            names[group[0]] = base
            continue
        number = 1
        for name in group:
            while f"{base}{number}" in taken or library(f"{base}{number}"):
                number += 1
            names[name] = f"{base}{number}"
            number += 1

    def change(node: Record) -> Record:
        if isinstance(node, nodes.Name) and node.id in names:
            return name_of(names[node.id], node.span)
        return mapped(node, change)

    made = [
        rebuilt(mapped(block, change), name=name_of(names[name], block.name.span))
        for name, block in copies.items()
    ]
    return mapped(written.arch, change), [*made, *blocks.values()]


def _all_names(tree: Record) -> Iterable[str]:
    """Every name in a tree that a new one might be taken for."""
    return (
        node.id for node in tree.within() if isinstance(node, nodes.Name) if MARK not in node.id
    )
