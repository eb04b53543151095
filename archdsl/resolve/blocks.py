"""The blocks a spec can call: its own, those of the files it uses, and the library's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.catalog import files
from archdsl.diagnostics import Diagnostic, Label, SpecError, instead
from archdsl.evaluate import layers
from archdsl.evaluate.arithmetic import FUNCTIONS
from archdsl.evaluate.block_calls import Default
from archdsl.evaluate.layers import Module
from archdsl.evaluate.lists import Listed
from archdsl.evaluate.memo import Memo
from archdsl.evaluate.op_calls import OpCall
from archdsl.evaluate.results import UNNAMED, OneResult
from archdsl.evaluate.scalars import Constant, Mistaken, Scalar, Unbound
from archdsl.graph.nodes import Learning
from archdsl.ops import catalog
from archdsl.resolve.auxiliary import auxiliary_lets
from archdsl.resolve.definition import BlockDefinition, FunctionDefinition
from archdsl.resolve.functions import resolve_function
from archdsl.resolve.lower_layers import lower_any, lower_layer
from archdsl.resolve.lower_modules import lower_module
from archdsl.resolve.requirements import resolve_requirement
from archdsl.resolve.scope import LAYER, REPORTED, SPECIAL, UNKNOWN, VALUE, Labels, Scope, sort_of
from archdsl.source import Source
from archdsl.syntax import nodes as ast
from archdsl.syntax.parser import parse

if TYPE_CHECKING:
    from collections.abc import Callable

    from archdsl.diagnostics import Meant
    from archdsl.evaluate.body import Body
    from archdsl.evaluate.layers import Thing
    from archdsl.evaluate.requirements import Requirement
    from archdsl.source import Span


class Blocks:
    """All blocks in scope of a file, by name, with the memo of their calls."""

    def __init__(self) -> None:
        self.memo = Memo()
        self.findings: list[Diagnostic] = []
        self._definitions: dict[str, BlockDefinition] = {}
        self._functions: dict[str, FunctionDefinition] = {}

    def declare(self, node: ast.Block) -> None:
        """Add a block of the user's. A name can be declared once and cannot be an op's."""
        name = node.name.id
        if catalog.find(name) is not None:
            self.findings.append(_takes_an_op(node))
        elif name in self._definitions or name in self._functions:
            self.findings.append(_declared_twice(node, self._declared(name)))
        else:
            self._definitions[name] = BlockDefinition(node)

    def declare_function(self, node: ast.Function) -> None:
        """Add a function of the user's. Its name is none of anything else that can be called."""
        name = node.name.id
        if name in self._definitions or name in self._functions:
            self.findings.append(_declared_twice(node, self._declared(name)))
            return
        what = _what_is_called(name)
        if what:
            message = f"`{name}` is {what}"
            self.findings.append(Diagnostic("E207", message, node.name.span, needed="another name"))
        else:
            self._functions[name] = FunctionDefinition(node)

    def _declared(self, name: str) -> ast.Block | ast.Function:
        known = self._definitions.get(name) or self._functions[name]
        return known.node

    def resolve_all(self) -> None:
        """Resolve every block and function declared, so that mistakes in unused ones are found
        too."""
        for function in self._functions.values():
            resolve_function(function, self, self.findings)
        for definition in list(self._definitions.values()):
            self._resolve_defaults(definition)
            self._resolve_body(definition)

    def names(self) -> tuple[str, ...]:
        return (*self._definitions, *library())

    def shared(self) -> tuple[str, ...]:
        """The blocks whose choices are made once for the whole model."""
        return tuple(name for name, block in self._definitions.items() if block.body.shared)

    def layer(self, node: ast.Expression, scope: Scope) -> layers.Layer:
        """A layer that stands among values, in a list."""
        return lower_layer(node, scope, Labels(), whole=True)

    def functions(self) -> tuple[str, ...]:
        """The functions of values that the spec declares."""
        return tuple(self._functions)

    def function(self, name: str) -> FunctionDefinition | None:
        """The function of values of a name."""
        return self._functions.get(name)

    def has(self, name: str) -> bool:
        return name in self._definitions or name in library()

    def find(self, name: str) -> BlockDefinition | None:
        """The block of a name, ready to be called; the library's are read when first asked for."""
        definition = self._definitions.get(name)
        if definition is not None:
            self._resolve_defaults(definition)
        elif name in library():
            definition = self._definitions[name] = _from_library(name)
            self._resolve_defaults(definition)
            self._resolve_body(definition)
        return definition

    def _resolve_defaults(self, definition: BlockDefinition) -> None:
        """Resolve the defaults of a block once, also when a block above it calls it first."""
        if definition.reached:
            return
        definition.reached = True
        kinds = {"x": LAYER}
        for parameter in definition.node.parameters:
            name = parameter.name.id
            if name in kinds:
                self.findings.append(_bound_twice(parameter.name))
            scope = Scope(self, dict(kinds), told=self.findings)
            self._resolve_default(definition, parameter, scope)
            kinds[name] = UNKNOWN
        definition.resolved = True

    def _resolve_body(self, definition: BlockDefinition) -> None:
        kinds = {"x": LAYER, **dict.fromkeys(definition.parameter_names, UNKNOWN)}
        scope = Scope(self, kinds, told=self.findings)
        labels = Labels(reserved=definition.parameter_names)
        resolve_body(definition.body, definition.node.body, scope, labels, self.findings)

    def _resolve_default(
        self, definition: BlockDefinition, parameter: ast.Parameter, scope: Scope
    ) -> None:
        default, name = parameter.default, parameter.name.id
        if default is None:
            return
        labels = Labels("" if sort_of(default, scope) == LAYER else f".{name}")
        thing = attempt(lambda: lower_any(default, scope, labels, whole=True), self.findings)
        if thing is not None:
            shared = definition.body.shared
            definition.defaults[name] = Default(thing, shared)
            if isinstance(thing, Constant):
                definition.defaults[name] = thing
                definition.body.defaults[name] = thing.constant


def attempt(lower: Callable[[], Thing], findings: list[Diagnostic]) -> Thing | None:
    """What lowering gives, or None with its findings added to the others."""
    try:
        return lower()
    except SpecError as error:
        findings.extend(error.diagnostics)
        return None


def resolve_body(
    body: Body, node: ast.Body, scope: Scope, labels: Labels, findings: list[Diagnostic]
) -> None:
    """Resolve the lets, the requirements and the result of a body, going on past mistakes."""
    lets: list[tuple[str, Thing, Span]] = []
    requirements: list[tuple[int, Requirement]] = []
    for part in node.statements:
        if isinstance(part, ast.Let):
            thing = _resolve_let(part, scope, labels, findings)
            lets += [(part.name.id, thing, part.span)] if thing is not None else []
            lets += _results(part, thing, scope, findings)
        else:
            label = labels.under(labels.claim("require"))
            held = resolve_requirement(part, scope, label, findings)
            requirements += [(len(lets), held)] if held is not None else []
    body.lets = tuple(lets)
    body.modules = frozenset(name for name, thing, _ in lets if isinstance(thing, Module))
    body.auxiliary = dict.fromkeys(auxiliary_lets(node), Learning.AUXILIARY)
    body.requirements = tuple(requirements)
    whole = not node.lets
    result = attempt(lambda: lower_any(node.result, scope, labels, whole=whole), findings)
    body.lent = frozenset(scope.lent)
    if isinstance(result, Mistaken):
        body.result = layers.Mistaken(result.span)
    elif isinstance(result, Scalar):
        body.result = layers.Mistaken(result.span)
        findings.append(_gives_a_value(body.name, result))
    elif result is not None:
        body.result = result


def _resolve_let(
    let: ast.Let, scope: Scope, labels: Labels, findings: list[Diagnostic]
) -> Thing | None:
    """What a let of a body holds, its name known to the scope from here on."""
    name = let.name.id
    is_second = name in scope.kinds
    if is_second:
        findings.append(_bound_twice(let.name))
    label = labels.under(labels.claim(_label_of(let)))
    lower = lower_module if let.is_module else lower_let
    thing: Thing | None = attempt(lambda: lower(let, scope, label), findings)
    thing = Mistaken(let.span) if is_second else thing
    broken = thing is None or isinstance(thing, (Mistaken, layers.Mistaken))
    scope.kinds[name] = UNKNOWN if broken else sort_of(let.value, scope)
    if isinstance(thing, Module):
        scope.kinds[name] = LAYER
        scope.applied.add(name)
    if isinstance(thing, Unbound):
        scope.words[name] = thing
    return thing


def lower_let(let: ast.Let, scope: Scope, labels: Labels) -> Thing:
    """What a let holds."""
    return lower_any(let.value, scope, labels, whole=True)


def _results(
    let: ast.Let, whole: Thing | None, scope: Scope, findings: list[Diagnostic]
) -> list[tuple[str, Thing, Span]]:
    """For each name of a let that takes several results apart, what it holds."""
    if not isinstance(let, ast.LetParts):
        return []
    names = tuple(result.id for result in let.results)
    whole_name = (let.name.id, let.name.span)
    layer = whole is None or layers.layer_of(whole) is not None
    if whole is not None and not layer:
        findings.append(_no_results(let))
    found: list[tuple[str, Thing, Span]] = []
    for place, result in enumerate(let.results):
        if result.id == UNNAMED:
            continue
        if result.id in scope.kinds:
            findings.append(_bound_twice(result))
        scope.kinds[result.id] = LAYER
        if whole is not None and layer:
            more = _giving_several(whole)
            held = OneResult(whole_name, names, place, result.span, let.value.span, more)
            found.append((result.id, held, result.span))
    return found


def _giving_several(whole: Thing) -> Meant | None:
    """The last op of a row with the flag by which it gives several results, where it has one."""
    last = whole.steps[-1] if isinstance(whole, layers.Flow) else whole
    if not isinstance(last, OpCall) or not last.op.several_by or not last.arguments:
        return None
    flag, word, text = last.op.several_by, last.op.word(), last.span.text
    if any(parameter.name == flag for parameter, _ in last.arguments):
        return None
    said = f"with `{flag}=true`, `{word}` gives several"
    return instead(f"{text.removesuffix(')')}, {flag}=true)", last.span, said)


def _label_of(let: ast.Let) -> str:
    """What choices in a let, and its submodules, are called after."""
    named = [one.id for one in let.names if one.id != UNNAMED]
    return "_".join(named) or "results"


def _no_results(let: ast.LetParts) -> Diagnostic:
    return Diagnostic(
        "E261",
        f"`({let.name.id})` takes results of a layer apart, and this is a value",
        let.value.span,
        needed="a layer that gives several results, such as a block that ends in `return a, b`",
    )


def _gives_a_value(name: str, result: Scalar) -> Diagnostic:
    if isinstance(result, Unbound):
        return result.mistake().diagnostics[0]
    return Diagnostic(
        "E211",
        f"`{name}` gives a value, not a layer",
        result.span,
        needed="a layer, such as `conv(64, 3) -> relu`",
        help="layers one after another are written `a -> b`" if type(result) is Listed else "",
    )


def library() -> dict[str, object]:
    """The library's blocks by name: each is the file of its name."""
    return files("archdsl.library", ".arch")  # type: ignore[return-value]


def library_block(name: str) -> ast.Block:
    """The declaration of a library block."""
    path = files("archdsl.library", ".arch")[name]
    tree = parse(Source(path.read_text(encoding="utf-8"), f"archdsl/library/{path.name}"))
    (block,) = (item for item in tree.items if isinstance(item, ast.Block))
    return block


def _from_library(name: str) -> BlockDefinition:
    return BlockDefinition(library_block(name))


def _takes_an_op(node: ast.Block) -> Diagnostic:
    name = node.name.id
    return Diagnostic("E207", f"`{name}` is an op", node.name.span, needed="another name")


def _what_is_called(name: str) -> str:
    """What a name that nothing of the spec has is called by; empty for one that is free."""
    if catalog.find(name) is not None:
        return "an op"
    if name in library():
        return "a block of the library"
    if name in FUNCTIONS:
        return "a function of the language"
    return "a form of the language" if name in (*SPECIAL, REPORTED) else ""


def _declared_twice(node: ast.Block | ast.Function, first: ast.Block | ast.Function) -> Diagnostic:
    what = "function" if isinstance(first, ast.Function) else "block"
    return Diagnostic(
        "E207",
        f"there is a {what} `{node.name.id}` already",
        node.name.span,
        trail=(Label(first.name.span, "declared here first"),),
        needed="another name",
    )


def _bound_twice(name: ast.Name) -> Diagnostic:
    return Diagnostic(
        "E207", f"`{name.id}` is bound already in this body", name.span, needed="another name"
    )


__all__ = ["VALUE", "BlockDefinition", "Blocks", "library", "library_block", "resolve_body"]
