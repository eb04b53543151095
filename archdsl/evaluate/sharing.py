"""What holds for a ``module``, so that its mentions can be one set of weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.diagnostics import Diagnostic, Label, SpecError
from archdsl.graph.modules import applied_in, same_weights
from archdsl.graph.nodes import ModuleRef, OpNode
from archdsl.graph.walk import body, children
from archdsl.ops.parameters import Bound
from archdsl.types import UNKNOWN, said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from archdsl.evaluate.frames import Closure
    from archdsl.graph.nodes import Fragment, Node, Ref
    from archdsl.source import Span
    from archdsl.types import TensorType


def refuse_reading(closure: Closure, node: Node) -> None:
    """Raises where a module reads a tensor besides what flows into it."""
    for ref in node.refs:
        if not isinstance(ref, ModuleRef):
            raise SpecError(reads_a_tensor(closure.module, ref.name, closure.layer.span))


def reads_a_tensor(module: str, name: str, span: Span, size: str = "") -> Diagnostic:
    """What is wrong with a module that reads a tensor besides what flows into it, or its size."""
    way_out = f"merge with `{name}` where `{module}` is mentioned"
    if size:
        way_out = f"name the number before: `let {size.rpartition('.')[2]} = {size}`"
    return Diagnostic(
        "E246",
        f"the module `{module}` reads the tensor `{name}`",
        span,
        needed="layers that are applied to what flows in, and nothing else: inside a `module` that "
        "is `x`",
        help=way_out,
    )


def refuse_other_weights(
    fragment: Fragment, env: Mapping[str, Any], same_weights: Callable[..., bool]
) -> None:
    """Raises where a module of a body would need different weights for what it is applied to, as
    the run tells."""
    met: dict[str, dict[TensorType, ModuleRef]] = {}
    for ref in (one for one in _mentions(fragment) if one.takes is not UNKNOWN):
        met.setdefault(ref.name, {}).setdefault(ref.takes, ref)
    for name, by_type in met.items():
        first, *others = sorted(by_type.values(), key=lambda ref: (ref.span.start, str(ref.takes)))
        for other in others:
            if not same_weights(env[name], fragment, first, other):
                raise SpecError(_other_weights(first, other))


def refuse_unapplied(fragment: Fragment, lent: Iterable[str]) -> None:
    """Raises where an op borrows the weights of a module that is not applied in its body."""
    applied = {ref.name for ref in _mentions(fragment)}
    waiting = [*body(fragment)]
    while waiting:
        node = waiting.pop()
        waiting += children(node)
        if not isinstance(node, OpNode):
            continue
        for bound in vars(node.op).values():
            if isinstance(bound, Bound) and bound.name in lent and bound.name not in applied:
                raise SpecError(no_weights(node.span, f"`{bound.name}` is applied nowhere"))


def no_weights(span: Span, found: str = "there are no weights here to share") -> Diagnostic:
    """What is wrong where an op borrows weights that there are not."""
    return Diagnostic(
        "E215",
        found,
        span,
        needed="the name of a `let` of this body that holds one layer with weights, or of a "
        "`module` that is applied in it",
    )


def _mentions(fragment: Fragment) -> list[ModuleRef]:
    """The uses of modules of a body in what reaches its result."""
    nodes = [*(binding.node for binding in fragment.bindings), fragment.result]
    refs: set[Ref] = set().union(*(node.refs for node in nodes))
    return [ref for ref in refs if isinstance(ref, ModuleRef) and ref.name in fragment.modules]


def found_alike(fragment: Fragment, first: ModuleRef, other: ModuleRef) -> bool:
    """Whether two uses of a module in a body come to the same weights."""
    one, two = applied_in(fragment, first), applied_in(fragment, other)
    return one is None or two is None or same_weights(one.layer, two.layer)


def _other_weights(first: ModuleRef, other: ModuleRef) -> Diagnostic:
    return Diagnostic(
        "E247",
        f"`{first.name}` is one set of weights, and {said(other.takes)} needs others than "
        f"{said(first.takes)}",
        other.span,
        trail=(Label(first.span, f"applied to {said(first.takes)}", first.takes),),
        needed="what the same weights fit, at each mention of a `module`",
        help=f"bring both to the same sizes before `{first.name}`; or write it as a `block`, which "
        "has weights of its own at each call",
    )
