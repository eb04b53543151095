"""A design of a spec as a spec of its own, without choices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.closing.bodies import body_of, let_of
from archdsl.closing.closer import Closer
from archdsl.closing.copies import Copies, Decided
from archdsl.closing.facts import Choosing, facts_of
from archdsl.closing.opened import Opened
from archdsl.closing.places import Again, Place, Unmet
from archdsl.closing.tidy import Written, named, rules_among, single_calls, tidied, unread_lets
from archdsl.closing.tree import names_in, rebuilt
from archdsl.evaluate.bounds import DEFAULT, Bounds
from archdsl.evaluate.designs import Given
from archdsl.resolve.blocks import library
from archdsl.syntax import nodes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from archdsl.evaluate.program import Program
    from archdsl.resolve.loading import Spec

DROPPED = ("search",)  # clauses of a space


class Closing:
    """Closes one design of one architecture of a spec."""

    def __init__(
        self, spec: Spec, program: Program, design: Mapping[str, Any], bounds: Bounds = DEFAULT
    ) -> None:
        self.spec = spec
        self.program = program
        self.blocks = {b.name.id: b for b in spec.declared if isinstance(b, nodes.Block)}
        self.arch = next(
            item
            for item in spec.tree.items
            if isinstance(item, nodes.Arch) and item.name.id == program.name
        )
        every_call = bounds._replace(bodies=bounds.effort)  # none is remembered
        self.facts = facts_of(program, Given(design), self._choosing_anywhere(), every_call)
        self.opened = Opened(self.blocks, self._never_applied())

    def _choosing_anywhere(self) -> Choosing:
        """Where something is chosen, whatever the design."""
        opened = Opened(self.blocks, ())
        lets = [item for item in self.arch.items if isinstance(item, nodes.Let)]
        outer = Opened(self.blocks, lets)
        return Choosing(opened.names, outer.arguments((self.arch, *self.blocks.values())))

    def _never_applied(self) -> list[nodes.Let]:
        """The layers bound outside of the model that the design has nowhere."""
        lets = (item for item in self.arch.items if isinstance(item, nodes.Let))
        return [let for let in lets if not self._is_value(let) and not self._is_applied(let)]

    def _is_value(self, let: nodes.Let) -> bool:
        return (let.value.span, "") in self.facts.values

    def _is_applied(self, let: nodes.Let) -> bool:
        return (let.value.span, f".{let.name.id}") in self.facts.applied

    def items(self, writes_inline: bool = True) -> tuple[nodes.Item, ...]:
        """The items of the closed spec."""
        decided = Decided()
        decided.writes_inline = writes_inline
        rules = rules_among(self.blocks)
        while True:
            try:
                written, copies = self._attempt(decided)
            except Again:
                continue
            if not writes_inline:
                break
            new = {copies.made[name].key for name in single_calls(written, rules)} - decided.inline
            if not new:
                break
            decided.inline |= new
        return self._ordered(written)

    def _attempt(self, decided: Decided) -> tuple[Written, Copies]:
        copies = Copies(self.blocks, self.facts, self.opened, decided)
        closer = Closer(self.facts, self.opened, copies)
        arch = self._arch(closer)
        closed = {name: copy.block for name, copy in copies.made.items()}
        unread = unread_lets((self.arch, *self.blocks.values()))
        dropped = self._choosing() - self._frozen()
        kept = frozenset(span for span in unread if span not in dropped)
        return tidied(Written(arch, closed, self.blocks), kept), copies

    def _frozen(self) -> set[object]:
        """The lets that `train` names as frozen."""
        model = self.program.model
        return {span for name, _, span in model.lets if name in model.frozen}

    def _choosing(self) -> set[object]:
        """The lets that choose."""
        trees = (self.arch, *self.blocks.values())
        lets = (n for tree in trees for n in tree.within() if isinstance(n, nodes.Let))
        return {let.span for let in lets if self.opened(let.value)}

    def _arch(self, closer: Closer) -> nodes.Arch:
        place = Place(("",), bound=frozenset((*self.program.constants, *self.program.inputs)))
        items: list[nodes.ArchItem] = []
        for item in self.arch.items:
            if isinstance(item, nodes.Let):
                let, place = self._let(closer, item, place)
                items += [let] if let is not None else []
            elif isinstance(item, nodes.Clause):
                items += [] if item.keyword in DROPPED else [self._clause(closer, item)]
            elif isinstance(item, (nodes.Allow, nodes.Require)):
                items.append(item)
        lets = {item.name.id for item in self.arch.items if isinstance(item, nodes.Let)}
        place = place._replace(bound=place.bound | lets)
        model = next(item for item in self.arch.items if isinstance(item, nodes.Model))
        items.append(rebuilt(model, body=body_of(closer, model.body, place)))
        order = {item.span: index for index, item in enumerate(self.arch.items)}
        return rebuilt(self.arch, items=tuple(sorted(items, key=lambda item: order[item.span])))

    def _let(self, closer: Closer, let: nodes.Let, place: Place) -> tuple[nodes.Let | None, Place]:
        """A let outside of the model; a layer that the design does not have is gone."""
        inside = place if self._is_value(let) else place.at((f".{let.name.id}",))
        try:
            closed, behind = let_of(closer, let, inside)
        except Unmet:
            return None, place
        return closed, behind.at(("",))

    def _clause(self, closer: Closer, clause: nodes.Clause) -> nodes.Clause:
        """A clause as the design has it; its words are none of the spec's names."""
        settings: nodes.Expression = clause.settings
        place = Place(("",), bound=frozenset(names_in(settings)))
        while isinstance(settings, nodes.Choice):
            settings = settings.options[closer.answer(settings, place)]
        assert isinstance(settings, nodes.Call)
        arguments = tuple(
            rebuilt(argument, value=closer.expression(argument.value, place))
            for argument in settings.arguments
        )
        return rebuilt(clause, settings=rebuilt(settings, arguments=arguments))

    def _ordered(self, written: Written) -> tuple[nodes.Item, ...]:
        """The items in the order of the spec, copies where their blocks stood; those of the
        library come first."""
        arch, blocks = named(written, lambda name: name in library())
        order = {item.span: index for index, item in enumerate(self.spec.declared)}
        blocks.sort(key=lambda block: order.get(block.span, -1))
        words = {*names_in(arch)}
        functions = self._functions((arch, *blocks))
        language = [item for item in self.spec.tree.items if isinstance(item, nodes.Language)]
        devices = [
            item
            for item in self.spec.declared
            if isinstance(item, nodes.Device) and item.call.function.id in words
        ]
        return (*language, *devices, *functions, *blocks, arch)

    def _functions(self, trees: tuple[nodes.Item, ...]) -> list[nodes.Function]:
        """The functions that trees call, directly or through others."""
        declared = [item for item in self.spec.declared if isinstance(item, nodes.Function)]
        waiting: list[nodes.Item] = [*trees]
        called: set[str] = set()
        while waiting:
            words = {*names_in(waiting.pop())} - called
            called |= words
            waiting += [item for item in declared if item.name.id in words]
        return [item for item in declared if item.name.id in called]
