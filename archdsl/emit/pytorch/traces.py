"""Where the numbers of a body come from: for each of its nodes, formulas over the arguments of
its block and the sizes of what flows in."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from archdsl.emit.pytorch.handed import handed_on
from archdsl.emit.pytorch.op_formulas import Asking
from archdsl.emit.pytorch.scalar_formulas import formula_of
from archdsl.emit.pytorch.sized import sizes_of, with_sizes
from archdsl.evaluate.block_calls import Default
from archdsl.evaluate.layers import Layer, is_value
from archdsl.formulas import FREE, Formula, Origin, is_known, made, replaced, source, sources
from archdsl.graph.nodes import Branch, CallNode, Chain, OpNode, Ref, Repeat, Slot
from archdsl.graph.walk import body, children
from archdsl.ops.result import Result
from archdsl.traced import of, traced
from archdsl.types import Category, Outputs, Tokens, inputs

if TYPE_CHECKING:
    from archdsl.graph.nodes import Fragment, Graph, Node

MOST = 100_000  # nodes gone through: a graph whose bodies nest further is written without formulas
NOTHING: frozenset[str] = frozenset()
Key = tuple[int, str]  # a node, by its id, and what is asked of it


class Trace:
    """The formulas of one body. ``told`` has, for a node and a name, all that were found: a node
    may stand in several places."""

    def __init__(self, fragment: Fragment, takes: Any, names: dict[str, Any]) -> None:
        self.fragment = fragment
        self.takes = takes
        self.names = names
        self.out: Any = fragment.out
        self.told: dict[Key, list[Any]] = defaultdict(list)
        self.outer: list[Ref] = []  # tensors of bodies outside, in the order they are read
        self.arguments: dict[int, tuple[str, ...]] = {}  # of the submodules of ops
        self.slots: dict[str, tuple[Node, Any]] = {}  # layers handed in, and what flows into them
        self.calls: list[tuple[CallNode, dict[Origin, Any]]] = []

    def formula(self, thing: Any) -> Any:
        """The formula of an expression of this body."""
        return formula_of(thing, self.names)

    def tell(self, node: Node, name: str, formula: Any) -> None:
        found = self.told[id(node), name]
        if not any(type(one) is type(formula) and one == formula for one in found):
            found.append(formula)


class Traces:
    """The traces of all bodies of a graph."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.fragments = fragments = _callees_first(graph.model)
        self.lets = frozenset(name for name, _ in graph.source.lets) if graph.source else NOTHING
        self.asking = Asking()
        self.reals = _reals(fragments)
        self.known: dict[int, Trace] = {}
        self.steps = 0
        self.passed: dict[Any, Any] = {}
        self.hides = False  # whether a layer handed on reads what is said of the data or the task
        for fragment in fragments:
            self.known[id(fragment)] = self._trace(fragment)

    def defaults(self, fragment: Fragment) -> dict[str, Any]:
        """What the arguments of its block are where they are left out, of those with one value."""
        return fragment.source.defaults if fragment.source is not None else {}

    def note(self, called: Trace, name: str, thing: Any) -> None:
        """Keep what a call gives for an argument, where it is left out and reads others."""
        formula: Any = FREE
        if isinstance(thing, Default):
            formula = formula_of(thing, {**self._arguments(called.fragment), "x": called.takes})
        key = (called.fragment.name, called.fragment.span, name)
        before = self.passed.setdefault(key, formula)
        if before != formula:
            self.passed[key] = FREE

    def computed(self, fragment: Fragment) -> dict[str, Any]:
        """The arguments of its block that no call gives, and how they follow from the others."""
        keys = ((n, (fragment.name, fragment.span, n)) for n, _ in fragment.arguments)
        found = {name: self.passed.get(key, FREE) for name, key in keys}
        return {n: f for n, f in found.items() if isinstance(f, Formula) and is_known(f)}

    def constants(self) -> dict[Origin, Any]:
        """What the model reads of its data and its task."""
        program = self.graph.source
        named = program.constants if program is not None else {}
        return {Origin("constant", name): value for name, value in named.items()}

    def of(self, fragment: Fragment) -> Trace:
        return self.known[id(fragment)]

    def _trace(self, fragment: Fragment) -> Trace:
        is_model = fragment is self.graph.model
        named = self._outside() if is_model else self._arguments(fragment)
        takes: Any = fragment.takes if is_model else _flowing(fragment.takes)
        entering = inputs(takes) if is_model else {"x": takes}
        if is_model and "vocab" in named:
            entering = {name: _of_vocabulary(one, named["vocab"]) for name, one in entering.items()}
        takes = entering.get("x", takes)
        trace = Trace(fragment, takes, {**named, **entering})
        _Walk(self, trace).body()
        return trace

    def argument(self, fragment: Fragment, name: str, value: Any) -> Any:
        """The formula of an argument of a block."""
        if isinstance(value, (bool, str, tuple)) or value is None:
            return source("other", name)
        real = (fragment.name, fragment.span, name) in self.reals
        return source("real" if real else "argument", name)

    def _arguments(self, fragment: Fragment) -> dict[str, Any]:
        return {name: self.argument(fragment, name, v) for name, v in fragment.arguments}

    def _outside(self) -> dict[str, Any]:
        program = self.graph.source
        names: dict[str, Any] = {}
        if program is not None:
            names = {name: source("constant", name) for name in program.constants}
            for name, thing in program.lets:
                if is_value(thing):
                    names[name] = formula_of(thing, names)
        return names


def _of_vocabulary(takes: Any, vocab: Any) -> Any:
    """An input whose ids are below the size that ``vocab`` names, if it is of ids."""
    if isinstance(takes, (Tokens, Category)):
        return takes._replace(vocab=traced(takes.vocab, vocab))
    return takes


def _callees_first(model: Fragment) -> list[Fragment]:
    """All bodies, each behind those that it calls."""
    found: dict[int, Fragment] = {}
    waiting = [(model, False)]
    while waiting:
        fragment, is_ready = waiting.pop()
        if id(fragment) in found:
            continue
        if is_ready:
            found[id(fragment)] = fragment
        else:
            waiting.append((fragment, True))
            waiting += [(called, False) for called in _called(fragment)]
    return list(found.values())


def _called(fragment: Fragment) -> list[Fragment]:
    nodes, found = list(body(fragment)), []
    while nodes:
        node = nodes.pop()
        if isinstance(node, CallNode):
            found.append(node.fragment)
        nodes += children(node)
    return found


def _reals(fragments: list[Fragment]) -> frozenset[Any]:
    return frozenset(
        (f.name, f.span, name)
        for f in fragments
        for name, value in f.arguments
        if isinstance(value, float)
    )


def _flowing(tensor: Any) -> Any:
    sizes = {name: traced(n, source("size", name)) for name, n in sizes_of(tensor).items()}
    return with_sizes(tensor, sizes)


class _Walk:
    """Goes through one body, with the formulas of what its names stand for."""

    def __init__(self, traces: Traces, trace: Trace) -> None:
        self.traces = traces
        self.trace = trace
        self.is_model = trace.fragment is traces.graph.model
        self.names = trace.names
        self.borrowed = 0

    def body(self) -> None:
        fragment = self.trace.fragment
        nodes = {binding.name: binding.node for binding in fragment.bindings}
        for name, thing, _ in fragment.source.lets if fragment.source is not None else ():
            if name in nodes:
                self.names[name] = self.node(nodes.pop(name), self.trace.takes)
            elif not isinstance(thing, Layer):  # of what could be a layer, it was none here
                self.names[name] = formula_of(thing, self.names)
        for name, node in nodes.items():
            self.names[name] = self.node(node, self.trace.takes)
        self.trace.out = self.node(fragment.result, self.trace.takes)

    def node(self, node: Node, takes: Any) -> Any:
        """The type that a node gives, with numbers that remember."""
        self.traces.steps += 1
        if self.traces.steps > MOST:
            self.traces.hides = True
            return _unknown(node.out)
        if isinstance(node, OpNode):
            return self._op(node, takes)
        if isinstance(node, CallNode):
            return self._call(node, takes)
        if isinstance(node, Ref):
            return self._reference(node)
        if isinstance(node, Chain):
            for step in node.steps:
                takes = self.node(step, takes)
            return takes
        if isinstance(node, Repeat):
            return self._repeat(node, takes)
        if isinstance(node, Branch):
            if node.call is not None:
                self.trace.tell(node, "taken", self.value(node.call.condition))
            return self.node(node.layer, takes)
        assert isinstance(node, Slot)
        return self._slot(node, takes)

    def _repeat(self, node: Repeat, takes: Any) -> Any:
        if node.call is not None:
            count = made("-", self.value(node.call.count), node.before)
            self.trace.tell(node, "count", count)
        once = self.node(node.step, takes)
        return once if _alike(once, takes) else self.node(node.step, once)

    def value(self, thing: Any) -> Any:
        """The formula of an expression at this place: one of another body is free."""
        if not self.borrowed:
            return formula_of(thing, self.names)
        self._look_for_constants(thing)
        return FREE

    def _look_for_constants(self, thing: Any) -> None:
        program = self.traces.graph.source
        if program is not None and not set(thing.free).isdisjoint(program.constants):
            self.traces.hides = True

    def _slot(self, node: Slot, takes: Any) -> Any:
        is_let = self.is_model and node.parameter in self.traces.lets
        if is_let or (node.module is not None and not node.module.up):
            return self.node(node.layer, takes)
        self.trace.slots[node.parameter] = (node.layer, takes)
        self.borrowed += 1
        out = self.node(node.layer, takes)
        self.borrowed -= 1
        return out

    def _reference(self, node: Ref) -> Any:
        here = self.names.get(node.name)
        if node.up == 0:
            return here if hasattr(here, "_asdict") else _unknown(node.out)
        return self._outer(node) if not self.borrowed else _unknown(node.out)

    def _outer(self, node: Ref) -> Any:
        """A tensor of a body outside, which this one numbers by when it reads it."""
        outer = self.trace.outer
        if node not in outer:
            outer.append(node)
        place = outer.index(node)
        sizes = {
            name: traced(size, source("outer", f"{place}.{name}"))
            for name, size in sizes_of(node.out).items()
        }
        return with_sizes(node.out, sizes)

    def _op(self, node: OpNode, takes: Any) -> Any:
        inputs = [self.node(branch, takes) for branch in node.branches]
        if not inputs or node.op.branches.with_flow:
            inputs.insert(0, takes)
        if isinstance(node.op, Result):
            return takes.parts[node.op.place]
        given = {}
        for parameter, thing in node.call.arguments if node.call is not None else ():
            formula = self.value(thing)
            auto = getattr(node.op, parameter.name) is None  # the op works it out, whoever says so
            if isinstance(formula, Formula) and parameter.accepts.kind != "tensor" and not auto:
                given[parameter.name] = formula
        answer = self.traces.asking.answer(node.op, given, inputs, node.out)
        self.trace.arguments[id(node)] = tuple(answer.arguments)
        for name, formula in answer.arguments.items():
            self.trace.tell(node, name, formula)
        for name, formula in answer.values.items():
            self.trace.tell(node, f"value {name}", formula)
        if node.op.takes_several:
            return node.op.infer(*inputs)
        return _unknown(node.out) if isinstance(node.out, Outputs) else answer.out

    def _call(self, node: CallNode, takes: Any) -> Any:
        called = self.traces.of(node.fragment)
        given: dict[Origin, Any] = {
            Origin("size", name): of(size) for name, size in sizes_of(takes).items()
        }
        values = dict(node.fragment.arguments)
        inner: dict[str, Any] = {"x": takes}
        for name, thing in node.call.arguments if node.call is not None else ():
            if name not in values:
                continue
            default = isinstance(thing, Default)
            self.traces.note(called, name, thing)
            formula = formula_of(thing, inner) if default else self.value(thing)
            inner[name] = formula
            parameter = self.traces.argument(node.fragment, name, values[name])
            given[parameter.parts[0]] = formula
        for place, ref in enumerate(called.outer):
            seen = self._reference(ref.from_outside())
            given.update(
                {Origin("outer", f"{place}.{n}"): of(v) for n, v in sizes_of(seen).items()}
            )
        self.trace.calls.append((node, given))
        for one, formula in given.items():
            self.trace.tell(node, f"{one.kind} {one.name}", formula)
        for name, outer in handed_on(node).items():
            if name in called.slots:
                layer, taken = called.slots[name]
                self.trace.slots.setdefault(outer, (layer, _replaced(taken, taken, given)))
        self._handed(node, given)
        return _replaced(called.out, node.out, given)

    def _handed(self, node: CallNode, given: dict[Origin, Any]) -> None:
        """The layers handed to a block, as this body wrote them."""
        slots = self.traces.of(node.fragment).slots
        for name, thing in node.call.arguments if node.call is not None else ():
            if name in slots and all(read in self.names for read in thing.free):
                layer, takes = slots[name]
                self.node(layer, _replaced(takes, takes, given))


def _alike(one: Any, other: Any) -> bool:
    """Whether two types are equal, and their numbers come about in one way."""
    sizes, others = sizes_of(one).values(), sizes_of(other).values()
    return bool(one == other) and [*map(of, sizes)] == [*map(of, others)]


def _unknown(tensor: Any) -> Any:
    return with_sizes(tensor, {n: traced(v, FREE) for n, v in sizes_of(tensor).items()})


def _replaced(inner: Any, out: Any, given: dict[Origin, Any]) -> Any:
    """What a call gives: the formulas of its body over what the call is given."""
    if not hasattr(inner, "_asdict") or type(inner) is not type(out):
        return out
    sizes = {
        name: traced(int(size), replaced(of(size), given)) for name, size in sizes_of(inner).items()
    }
    return with_sizes(out, sizes)


def opened(traces: Traces) -> dict[int, frozenset[Origin]]:
    """For each body, by its id, the sources that change when a user builds the model for other
    classes, targets or words."""
    found: dict[int, frozenset[Origin]] = {id(f): frozenset() for f in traces.fragments}
    if not traces.hides:
        found[id(traces.graph.model)] = frozenset(traces.constants())
    for fragment in traces.fragments[::-1]:
        own = found[id(fragment)]
        for node, given in traces.of(fragment).calls:
            changed = frozenset(one for one, formula in given.items() if own & sources(formula))
            found[id(node.fragment)] |= changed
    return found
