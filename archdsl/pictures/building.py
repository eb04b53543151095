"""From a graph to a picture: which boxes there are, inside which others, and what leads where."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from archdsl.graph.build import reads_flow
from archdsl.graph.nodes import Branch, CallNode, Chain, OpNode, Ref, Repeat, Slot
from archdsl.graph.walk import Several, Walker, together
from archdsl.ops.result import Result
from archdsl.pictures.amounts import added, amounts, own_amounts
from archdsl.pictures.drafts import Draft
from archdsl.pictures.folding import folded, unwrap
from archdsl.pictures.offered import Offer, OpenMerge, OpenRow
from archdsl.pictures.picture import Edge, Kind
from archdsl.pictures.single import (
    holds_choice,
    is_drawn,
    last_box,
    one_box,
    only_call,
    only_op,
)
from archdsl.pictures.structure import Structures
from archdsl.pictures.wording import BLOCK, family, is_name, sizes
from archdsl.types import Outputs, describe, inputs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archdsl.graph.nodes import Binding, Fragment, Graph, Node
    from archdsl.pictures.wording import Names, Wording
    from archdsl.source import Span

LONGEST = 60  # steps of a row that are drawn
FEW = 4  # alternatives that are drawn open
SHARED = "same weights"


class TooManyBoxes(Exception):
    """A picture has more boxes than it may."""


class Flow(NamedTuple):
    """A tensor: the box that gives it, and its sizes."""

    source: str
    sizes: str


class Detail(NamedTuple):
    """How much is drawn: ``depth`` levels of boxes; blocks that are alike once, or ``every`` one of
    them; ``most`` boxes."""

    depth: int
    every: bool = False
    most: int = 2_000


class Builder(Walker[Flow]):
    """The boxes and edges of one graph, drawn in one detail."""

    def __init__(self, graph: Graph, wording: Wording, detail: Detail) -> None:
        super().__init__()
        self.wording = wording
        self.detail = detail
        self.whole = Draft("", Kind.GROUP)
        self.edges: dict[tuple[str, str], Edge] = {}
        self.inside = self.whole  # the box that is being filled
        self.level = 0
        self.count = 0
        self.names: list[Names] = []
        self.structures = Structures()
        self.drawn: set[Any] = set()  # what was drawn open
        self.applied: list[dict[str, str]] = []  # the modules of each body that were drawn
        self.called: dict[int, str] = {}  # what the spec calls a node
        self.passed: CallNode | None = None  # the only call in the block that is being drawn
        self.times: dict[int, tuple[str, list[Node]]] = {}  # copies of a node, told at it
        self._model(graph)
        if not detail.every:
            self.edges = folded(self.whole, self.edges)
            unwrap(self.whole)

    def _model(self, graph: Graph) -> None:
        model = graph.model
        names: Names = frozenset()
        self.chosen: list[str] = []
        if graph.source is not None:
            names, self.chosen = self.wording.of_program(graph.source)
        flows: dict[str, Any] = {}
        for name, tensor in inputs(model.takes).items():
            title = "input" if name == "x" else name
            draft = self._box(Kind.INPUT, title, None)
            draft.lines, draft.sizes = [describe(tensor)], sizes(tensor)
            flows[name] = Flow(draft.key, draft.sizes)
        names, told = self.wording.of_body(model, names)
        self.chosen += told
        self.names.append(names)
        self.given = flows
        result = self.body(model, next(iter(flows.values())))
        for number, flow in enumerate(result.values if isinstance(result, Several) else [result]):
            draft = self._box(Kind.OUTPUT, "output" if not number else f"output {number + 1}", None)
            draft.lines, draft.sizes = [flow.sizes], flow.sizes
            self._lead(flow, draft)

    def entering(self, fragment: Fragment, takes: Any) -> dict[str, Any]:
        return super().entering(fragment, takes) if self.bodies else dict(self.given)

    # Boxes

    def _box(self, kind: Kind, title: str, node: Node | None) -> Draft:
        self.count += 1
        if self.count > self.detail.most:
            raise TooManyBoxes
        draft = Draft(f"b{self.count}", kind, title, self.inside)
        self.inside.inside.append(draft)
        if node is None:
            return draft
        draft.spans = (node.span,)
        draft.sizes = sizes(node.out)
        draft.name = self.called.pop(id(node), "")
        draft.times, copies = self.times.pop(id(node), ("", [node]))
        one = isinstance(node, OpNode) and bool(node.branches)
        parts = [own_amounts(n) if one and n is node else amounts(n) for n in copies]  # type: ignore[arg-type]
        draft.amounts = added(parts)
        return draft

    @contextmanager
    def _within(self, draft: Draft) -> Iterator[None]:
        """What is drawn goes into a box."""
        outer, self.inside = self.inside, draft
        self.level += 1
        yield
        self.level -= 1
        self.inside = outer

    def _lead(self, flow: Any, draft: Draft, optional: bool = False) -> None:
        for one in flow.values if isinstance(flow, Several) else [flow]:
            edge = Edge(one.source, draft.key, one.sizes, optional=optional)
            self.edges.setdefault((one.source, draft.key), edge)

    def _closed(self, draft: Draft, node: Node, takes: Any) -> Any:
        """A box that is not open: what it reads leads to it."""
        if reads_flow(node):
            self._lead(takes, draft)
        for ref in sorted(node.refs, key=lambda ref: (ref.up, ref.name)):
            if type(ref) is Ref and ref.name in self.bodies[-1 - ref.up]:
                self._lead(self.named(ref), draft)
        if isinstance(node.out, Outputs):
            return _results(draft, node.out, node)
        return Flow(draft.key, draft.sizes)

    # Nodes

    def op(self, node: OpNode, inputs: list[Flow]) -> Flow:
        draft = self._box(Kind.LAYER, self.wording.label(node, self.names[-1]), node)
        draft.family = family(node)
        for flow in inputs:
            self._lead(flow, draft)
        return Flow(draft.key, draft.sizes)

    def _of_op(self, node: OpNode, takes: Any) -> Any:
        if isinstance(takes, Several) and isinstance(node.op, Result):
            return takes.values[node.op.place]
        if isinstance(node.out, Outputs) and not node.op.takes_several:
            flow = self.op(node, self._inputs(node, takes))
            return Several([Flow(flow.source, sizes(p)) for p in node.out.parts], together(node))
        return super()._of_op(node, takes)

    def node(self, node: Node, takes: Any) -> Any:
        if isinstance(node, Offer):
            return self._offer(node, takes)
        if isinstance(node, OpenMerge):
            return self._merge(node, takes)
        if isinstance(node, OpenRow):
            return self._row(node, takes)
        if not is_drawn(node) and not node.refs:
            return takes
        if isinstance(node, Chain):
            return self._chain(node, takes)
        if isinstance(node, Repeat):
            return self._copies(node, takes)
        if isinstance(node, Slot):
            return self._slot(node, takes)
        if isinstance(node, Branch):
            self._hand_on(node, node.layer)
            return self.node(node.layer, takes)
        if isinstance(node, CallNode):
            return self.call(node, takes)
        return super().node(node, takes)

    def _hand_on(self, node: Node, inner: Node) -> None:
        """What is told at a node is told at the one inside it."""
        if id(node) in self.called:
            self.called[id(inner)] = self.called.pop(id(node))
        if id(node) in self.times:
            self.times[id(inner)] = self.times.pop(id(node))

    def _slot(self, node: Slot, takes: Any) -> Any:
        """A layer bound by name: its values are those where it was written."""
        if node.module is not None:
            return self._module(node, takes)
        self._hand_on(node, node.layer)
        outer = self.names[-2] if len(self.names) > 1 else self.names[-1]
        self.names.append(outer)
        found = self.node(node.layer, takes)
        self.names.pop()
        return found

    def _module(self, node: Slot, takes: Any) -> Any:
        assert node.module is not None
        name, met = node.module.name, self.applied[-1 - node.module.up]
        if name in met:
            draft = self._box(Kind.LAYER, "", node)
            draft.name, draft.lines, draft.family = name, [SHARED], BLOCK
            draft.is_closed = node.size > 1
            return self._closed(draft, node, takes)
        met[name] = name
        self._hand_on(node, node.layer)
        inner = node.layer
        if not (isinstance(inner, CallNode) and inner.fragment.name == name):
            self.called[id(inner)] = name
        return self.node(inner, takes)

    def _copies(self, node: Repeat, takes: Any) -> Any:
        times, inner = self.wording.times(node, self.names[-1]), node.step
        name = self.called.pop(id(node), "")
        outer, copies = self.times.pop(id(node), ("", [node]))
        if outer:
            times = f"{outer} × {times}"
        return self._several(inner, takes, times, copies, name)

    def _several(
        self, inner: Node, takes: Any, times: str, copies: list[Node], name: str = ""
    ) -> Any:
        """Something once that there is several times: told at its box, or at one around it."""
        single = one_box(inner)
        if single is not None:
            self.times[id(single)] = (times, copies)
            if name:
                self.called[id(single)] = name
            return self.node(inner, takes)
        return self._group(inner, takes, name, times, copies)

    def _group(
        self,
        inner: Node,
        takes: Any,
        name: str,
        times: str = "",
        parts: list[Node] | None = None,
        span: Span | None = None,
    ) -> Any:
        """Steps in a box of their own."""
        is_open = self.level < self.detail.depth
        draft = self._box(Kind.GROUP if is_open else Kind.LAYER, "", inner)
        draft.name, draft.times, draft.family = name, times, BLOCK
        draft.amounts = added([amounts(part) for part in parts or [inner]])
        draft.spans = (inner.span, *([span] if span else []))
        if not is_open:
            draft.title = self.wording.label(inner, self.names[-1])
            draft.is_closed = True
            return self._closed(draft, inner, takes)
        with self._within(draft):
            return self.node(inner, takes)

    def _chain(self, node: Chain, takes: Any) -> Any:
        runs = list(self._runs(node.steps))
        last = last_box(node)
        if last is not None and last is not node:
            self._hand_on(node, last)
        skipped = range(LONGEST // 2, len(runs) - LONGEST // 2)
        for place, run in enumerate(runs):
            if len(runs) > LONGEST + 1 and place in skipped:
                if place == skipped[0]:
                    takes = self._left_out([runs[at] for at in skipped], takes)
                continue
            if len(run) > 1:
                name = self.called.pop(id(run[-1]), "")
                takes = self._several(run[0], takes, f"{len(run)}", run, name)
                takes = _with_sizes(takes, run[-1])
            else:
                takes = self.node(run[0], takes)
        return takes

    def _runs(self, steps: Sequence[Node]) -> Iterator[list[Node]]:
        """Steps with those together that are copies of one block, of other sizes."""
        found: list[Node] = []
        for step in steps:
            if found and not self._is_copy(found[0], step):
                yield found
                found = []
            found.append(step)
        yield found

    def _is_copy(self, one: Node, other: Node) -> bool:
        if not isinstance(one, CallNode) or not isinstance(other, CallNode) or self.detail.every:
            return False
        alike = self.structures.of(one.fragment) == self.structures.of(other.fragment)
        names = self.names[-1]
        return alike and self.wording.label(one, names) == self.wording.label(other, names)

    def _left_out(self, runs: list[list[Node]], takes: Any) -> Any:
        """One box in place of many steps."""
        steps = [step for run in runs for step in run]
        draft = self._box(Kind.LAYER, f"… {len(steps):,} more steps", None)
        draft.family, draft.is_closed = BLOCK, True
        draft.spans = tuple(step.span for step in steps)
        draft.amounts = added([amounts(step) for step in steps])
        draft.sizes = sizes(steps[-1].out)
        self._closed(draft, steps[0], takes)
        for step in steps[1:]:
            for ref in sorted(step.refs, key=lambda ref: (ref.up, ref.name)):
                if type(ref) is Ref:
                    self._lead(self.named(ref), draft)
        return Flow(draft.key, draft.sizes)

    # Bodies

    def call(self, node: CallNode, takes: Any) -> Any:
        fragment, names = node.fragment, self.names[-1]
        structure = self.structures.of(fragment)
        passed = only_call(fragment)
        alike = {structure, *([self.structures.of(passed.fragment)] if passed else [])}
        is_drawn = bool(alike & self.drawn) and not self.detail.every
        inner = self.wording.inside(node, names)
        inner, lines = self.wording.of_body(fragment, inner)
        if self.passed is node:  # its box is that of the block that is nothing but it
            self.passed = None
            self.inside.lines = [f"= {self.wording.label(node, names)}", *lines]
            return self._body(fragment, takes, inner)
        is_small = fragment.size <= 1 and not holds_choice(fragment)
        if is_small or self.level >= self.detail.depth or is_drawn:
            draft = self._box(Kind.LAYER, self.wording.label(node, names), node)
            draft.is_closed, draft.family = fragment.size > 1, BLOCK
            op = only_op(node) if is_small and fragment.size else None
            if op is not None:
                draft.family, draft.spans = family(op), (node.span, op.span)
            return self._closed(draft, node, takes)
        self.drawn |= alike
        draft = self._box(Kind.GROUP, self.wording.label(node, names), node)
        draft.lines, draft.family = lines, BLOCK
        self.passed = passed
        with self._within(draft):
            return self._body(fragment, takes, inner)

    def _body(self, fragment: Fragment, takes: Any, names: Names) -> Any:
        self.names.append(names)
        found = self.body(fragment, takes)
        self.names.pop()
        return found

    def body(self, fragment: Fragment, takes: Any) -> Any:
        bound = self.entering(fragment, takes)
        self.bodies.append(bound)
        self.applied.append({})
        for binding in fragment.bindings:
            bound[binding.name] = self._bound(binding, takes)
        found = self.node(fragment.result, takes)
        self.applied.pop()
        self.bodies.pop()
        return found

    def _bound(self, binding: Binding, takes: Any) -> Any:
        """A let: its name is told at its only box; those of the model that have several boxes are a
        box themselves."""
        node = binding.node
        several = isinstance(node, Chain) and sum(map(is_drawn, node.steps)) > 1
        merging = isinstance(node, OpNode) and any(map(is_drawn, node.branches))
        if len(self.bodies) == 1 and (several or merging):
            return self._group(node, takes, binding.name, span=binding.span)
        last = last_box(node)
        if last is None:
            return self.node(node, takes)
        self.called[id(last)] = binding.name
        found = self.node(node, takes)
        self.called.pop(id(last), None)
        return found

    # Choices

    def _offer(self, node: Offer, takes: Any) -> Any:
        """Alternatives: a few in boxes of their own the first time, else a line for each."""
        is_first = node.span not in self.drawn or self.detail.every
        is_open = len(node.options) <= FEW and is_first and self.level < self.detail.depth
        name = self.called.pop(id(node), "")
        times, copies = self.times.pop(id(node), ("", [node]))
        if not is_open or any(option.node is None for option in node.options):
            draft = self._box(Kind.CHOICE, f"one of {len(node.options)}", None)
            draft.options = tuple(option.label for option in node.options)
            draft.name, draft.times, draft.spans = name, times, (node.span,)
            draft.amounts, draft.sizes = added([*map(amounts, copies)]), sizes(node.out)
            return self._closed(draft, node, takes)
        self.drawn.add(node.span)
        draft = self._box(Kind.CHOICE, f"one of {len(node.options)}", node)
        draft.name, draft.times, draft.amounts = name, times, added([*map(amounts, copies)])
        with self._within(draft):
            flows = [self._option(one.label, one.node, takes) for one in node.options]
            join = self._box(Kind.JOIN, "or", None)
            join.sizes = sizes(node.out)
        for flow in flows:
            self._lead(flow, join)
        if isinstance(node.out, Outputs):
            return _results(join, node.out, node)
        return Flow(join.key, join.sizes)

    def _option(self, label: str, node: Node | None, takes: Any) -> Any:
        assert node is not None
        named = label if is_name(label) else ""
        if not node.size:
            draft = self._box(Kind.LAYER, label, None)
            draft.family, draft.spans, draft.sizes = "other", (node.span,), sizes(node.out)
            return self._closed(draft, node, takes)
        single = one_box(node)
        if single is None:
            return self._group(node, takes, named or "")
        if named and self.wording.label(node, self.names[-1]) != named:
            self.called[id(single)] = named
        return self.node(node, takes)

    def _merge(self, node: OpenMerge, takes: Any) -> Any:
        """A merge with all branches that it may have."""
        merge = node.merge
        assert merge is not None
        self._hand_on(node, merge)
        flows = [self.node(branch, takes) for branch in merge.branches]
        draft = self._box(Kind.LAYER, self.wording.label(merge, self.names[-1]), merge)
        draft.family, draft.lines = family(merge), [*dict.fromkeys(filter(None, node.told))]
        if merge.op.branches.with_flow:
            self._lead(takes, draft)
        for place, flow in enumerate(flows):
            self._lead(flow, draft, place in node.optional)
        return Flow(draft.key, draft.sizes)

    def _row(self, node: OpenRow, takes: Any) -> Any:
        """Copies whose number is chosen, or a row whose order is."""
        is_open = node.count is not None and self.wording.is_open(node.count, self.names[-1])
        layer = node.layer if node.one is None else node.one
        if not is_open or (not layer.size and not layer.refs):
            self._hand_on(node, node.layer)
            return self.node(node.layer, takes)
        name = self.called.pop(id(node), "")
        if node.title:
            draft = self._box(Kind.GROUP, node.title, node)
            draft.name, draft.family = name, BLOCK
            with self._within(draft):
                return self.node(layer, takes)
        times = " ".join(node.count.span.text.split())
        return self._several(layer, takes, times, [layer], name)


def _results(draft: Draft, out: Outputs, node: Node) -> Several[Flow]:
    """Several results of a box. What puts them together is asked of no picture."""
    return Several([Flow(draft.key, sizes(part)) for part in out.parts], cast("OpNode", node))


def _with_sizes(flow: Any, node: Node) -> Any:
    """What the last of several copies gives, in place of what the first does."""
    return flow._replace(sizes=sizes(node.out)) if isinstance(flow, Flow) else flow
