"""What the names of a text mean: where each is declared, and where it is used.

The tree is gone through as the compiler does: a name means what binds it nearest, else a block or a
function of the file or of those that it uses, else a word of the language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, get_args

from archdsl.ops import catalog
from archdsl.ops.binding import parameters
from archdsl.resolve.blocks import library, library_block
from archdsl.spec import catalog as clauses
from archdsl.spec import fields
from archdsl.syntax import nodes as ast

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.ops.base import Op
    from archdsl.source import Span
    from archdsl.spec.fields import ClauseModel

BLOCK, FUNCTION, ARCH, DEVICE = "block", "function", "arch", "device"
PARAMETER, LET, MODULE, COUNTER, INPUT, TASK = (
    "parameter",
    "let",
    "module",
    "counter",
    "input",
    "task",
)
FLOW = "x"  # what flows into a body


class Symbol:
    """Something that a spec gives a name: ``span`` is that of the name where it is declared,
    ``node`` what declares it, ``within`` the block or architecture around it."""

    def __init__(
        self, kind: str, span: Span, node: ast.Expression | object, within: str = ""
    ) -> None:
        self.kind = kind
        self.span = span
        self.node = node
        self.within = within

    @property
    def name(self) -> str:
        return self.span.text

    @property
    def key(self) -> tuple[str, int]:
        """What it is known by in whatever file."""
        return self.span.source.name, self.span.start


class Use(NamedTuple):
    """A name in the text, and what it means; None for a word of the language, of a ``role``."""

    span: Span
    symbol: Symbol | None
    role: str


Scope = dict[str, Symbol | None]  # None: what is bound there and is nobody's to rename


class Names:
    """All names of one file. ``outer`` are the declarations of the files that it uses."""

    def __init__(self, tree: ast.File, outer: Iterable[ast.Item] = ()) -> None:
        self.tree = tree
        self.symbols: list[Symbol] = []
        self.uses: list[Use] = []
        self.declared: dict[str, Symbol] = {}
        self.devices: dict[str, Symbol] = {}
        self.parameters: dict[str, dict[str, Symbol]] = {}
        for item in (*tree.items, *outer):
            self._declare(item, is_own=item.span.source is tree.source)
        for item in tree.items:
            self._item(item)
        self.uses.sort(key=lambda use: use.span.start)

    def at(self, offset: int) -> Use | None:
        """The name at a character, or just before it."""
        touching = [use for use in self.uses if use.span.start <= offset <= use.span.end]
        return touching[-1] if touching else None

    def of(self, symbol: Symbol) -> list[Use]:
        """Where something is named in this file, its declaration among them."""
        return [u for u in self.uses if u.symbol is not None and u.symbol.key == symbol.key]

    def callee(self, word: str) -> Symbol | None:
        """The block or function that is called so: the library's are read when they are asked
        for."""
        if word not in self.declared and word in library() and catalog.find(word) is None:
            self._declare(library_block(word), is_own=False)
        return self.declared.get(word)

    # Declarations --------------------------------------------------------------------------------

    def _declare(self, item: ast.Item, is_own: bool) -> None:
        if isinstance(item, (ast.Block, ast.Function)):
            kind = BLOCK if isinstance(item, ast.Block) else FUNCTION
            symbol = Symbol(kind, item.name.span, item)
            self.declared.setdefault(symbol.name, symbol)
            own = [Symbol(PARAMETER, p.name.span, p, symbol.name) for p in item.parameters]
            self.parameters.setdefault(symbol.name, {one.name: one for one in reversed(own)})
        elif isinstance(item, ast.Device):
            symbol = Symbol(DEVICE, item.call.function.span, item)
            self.devices.setdefault(symbol.name, symbol)
        elif isinstance(item, ast.Arch) and is_own:
            symbol = Symbol(ARCH, item.name.span, item)
        else:
            return
        if is_own:
            self._bind(symbol)

    def _bind(self, symbol: Symbol) -> Symbol:
        self.symbols.append(symbol)
        self.uses.append(Use(symbol.span, symbol, symbol.kind))
        return symbol

    def _word(self, span: Span, role: str) -> None:
        self.uses.append(Use(span, None, role))

    # Items ---------------------------------------------------------------------------------------

    def _item(self, item: ast.Item) -> None:
        if isinstance(item, (ast.Block, ast.Function)):
            self._callable(item)
        elif isinstance(item, ast.Device):
            self._settings("device", item.call, {}, is_word=False)
        elif isinstance(item, ast.Arch):
            self._arch(item)

    def _callable(self, item: ast.Block | ast.Function) -> None:
        scope: Scope = {FLOW: None} if isinstance(item, ast.Block) else {}
        first = self.declared.get(item.name.id)
        known = self.parameters[item.name.id] if first and first.node is item else {}
        for parameter in item.parameters:
            if parameter.default is not None:
                self._expression(parameter.default, scope)
            name = parameter.name
            own = known.get(name.id) or Symbol(PARAMETER, name.span, parameter, item.name.id)
            scope[name.id] = self._bind(own)
        self._body(item.body, scope, item.name.id)

    def _arch(self, item: ast.Arch) -> None:
        within = item.name.id
        tasks: Scope = {}
        inputs: Scope = {}
        for part in item.items:
            if isinstance(part, ast.Clause) and part.name is not None:
                kind, held = (INPUT, inputs) if part.keyword == "data" else (TASK, tasks)
                held[part.name.id] = self._bind(Symbol(kind, part.name.span, part, within))
        scope: Scope = {}
        for part in item.items:
            if isinstance(part, ast.Let):
                self._let(part, {**tasks, **scope}, scope, within)
        model = [part for part in item.items if isinstance(part, ast.Model)]
        inner: Scope = {**tasks, **inputs, **scope, FLOW: None}
        for part in model:
            self._body(part.body, inner, within)
        for part in item.items:
            self._clause(part, {**tasks, **scope}, inputs, model)

    def _clause(
        self, part: ast.ArchItem, scope: Scope, inputs: Scope, models: list[ast.Model]
    ) -> None:
        if isinstance(part, ast.Clause):
            lets = {s.span.start: s for s in self.symbols}
            named = {
                n.id: lets.get(n.span.start)
                for m in models
                for let in m.body.lets
                for n in let.names
            }
            for call in part.settings.within():
                if isinstance(call, ast.Call):
                    self._settings(part.keyword, call, {**inputs, **named})
        elif isinstance(part, ast.Require):
            self._expression(part.condition, scope)
        elif isinstance(part, ast.Objective):
            self._expression(part.metric, scope)
        elif isinstance(part, ast.Allow):
            self._word(part.rule.span, "rule")

    def _settings(self, keyword: str, call: ast.Call, named: Scope, is_word: bool = True) -> None:
        """The arguments of a clause: words and numbers, but for those that name something."""
        if is_word:
            self._word(call.function.span, keyword)
        model = clauses.find(keyword, call.function.id) if keyword in clauses.CLAUSES else None
        for argument in call.arguments:
            if argument.name is not None:
                start = argument.span.start
                self._word(argument.span._replace(end=start + len(argument.name)), "argument")
            kind = what_it_names(model, argument.name or "") if model is not None else ""
            for node in argument.value.within():
                if isinstance(node, ast.Name):
                    self._setting(node, kind, named)

    def _setting(self, node: ast.Name, kind: str, named: Scope) -> None:
        if kind == DEVICE and node.id in self.devices:
            self.uses.append(Use(node.span, self.devices[node.id], DEVICE))
        elif kind in (INPUT, LET) and named.get(node.id) is not None:
            self.uses.append(Use(node.span, named[node.id], "part"))
        elif node.id:
            self._word(node.span, "word")

    # Bodies and expressions ----------------------------------------------------------------------

    def _body(self, body: ast.Body, outer: Scope, within: str) -> None:
        scope = dict(outer)
        for part in body.statements:
            if isinstance(part, ast.Let):
                self._let(part, scope, scope, within)
            else:
                self._expression(part.condition, scope)
        self._expression(body.result, scope)

    def _let(self, let: ast.Let, reads: Scope, scope: Scope, within: str) -> None:
        self._expression(let.value, reads)
        for name in let.names:
            kind = MODULE if let.is_module else LET
            scope[name.id] = self._bind(Symbol(kind, name.span, let, within))

    def _expression(self, node: ast.Expression, scope: Scope) -> None:
        """The names of an expression; deep ones are gone through without recursion."""
        left: list[tuple[ast.Expression, Scope]] = [(node, scope)]
        while left:
            one, names = left.pop()
            if isinstance(one, ast.Name):
                self._name(one, names)
            elif isinstance(one, ast.Attribute):
                self._name(one.owner, names)
            elif isinstance(one, ast.Results):
                left += [(argument.value, names) for argument in one.arguments]
            elif isinstance(one, ast.Call):
                left += self._call(one, names)
            elif isinstance(one, ast.Choice):
                left += [(option, names) for option in one.options]
            else:
                left += [(part, names) for part in one.parts()]  # type: ignore[misc]

    def _name(self, node: ast.Name, scope: Scope) -> None:
        if node.id in scope:
            symbol = scope[node.id]
            self.uses.append(Use(node.span, symbol, symbol.kind if symbol else "flow"))
        elif node.id:
            self._callee_use(node)

    def _callee_use(self, node: ast.Name) -> None:
        symbol = None if catalog.find(node.id) is not None else self.callee(node.id)
        symbol = symbol or self.devices.get(node.id)
        role = symbol.kind if symbol is not None else "word"
        self.uses.append(Use(node.span, symbol, role))

    def _call(self, call: ast.Call, scope: Scope) -> list[tuple[ast.Expression, Scope]]:
        word = call.function.id
        self._callee_use(call.function)
        if word == "each" and len(call.arguments) == 2 and call.arguments[0].name:
            return self._each(call, scope)
        op = catalog.find(word)
        known = {} if op is not None or self.callee(word) is None else self.parameters[word]
        inner = []
        for place, argument in enumerate(call.arguments):
            if argument.name is not None:
                start = argument.span.start
                span = argument.span._replace(end=start + len(argument.name))
                self.uses.append(Use(span, known.get(argument.name), "argument"))
            if op is not None and _is_its_word(op, argument, place):
                self._word(argument.value.span, "word")
            else:
                inner.append((argument.value, scope))
        return inner

    def _each(self, call: ast.Call, scope: Scope) -> list[tuple[ast.Expression, Scope]]:
        first, second = call.arguments
        spans = [first.span._replace(end=first.span.start + len(str(first.name)))]
        if isinstance(first, ast.Unpacked):
            spans = [name.span for name in first.names]
        bound = {span.text: self._bind(Symbol(COUNTER, span, first)) for span in spans}
        return [(first.value, scope), (second.value, {**scope, **bound})]


_NAMED = {
    str(get_args(fields.DeviceName)[1]): DEVICE,
    str(get_args(fields.InputName)[1]): INPUT,
    str(get_args(fields.Names)[-1]): LET,
}


def what_it_names(model: type[ClauseModel], argument: str) -> str:
    """The kind of what an argument of a clause is the name of; empty where it is of nothing."""
    field = model.model_fields.get(argument)
    told = str(field.annotation) + str(field.metadata) if field is not None else ""
    return next((kind for what, kind in _NAMED.items() if what in told), "")


def _is_its_word(op: type[Op], argument: ast.Argument, place: int) -> bool:
    """Whether an argument is one of the words that an op's parameter knows, whatever else is called
    so here."""
    if not isinstance(argument.value, ast.Name):
        return False
    known = parameters(op)
    by_name = {parameter.name: parameter for parameter in known}
    at = place - len(op.branches.names)
    placed = known[at] if argument.name is None and 0 <= at < len(known) else None
    parameter = by_name.get(argument.name or "") or placed
    return parameter is not None and argument.value.id in parameter.accepts.names
