"""Which lets of a body reach its result whatever is chosen, and whoever else reads them.

Whether a let is read matters, as one that nothing reads costs nothing. But here::

    let a = conv(8, 3)
    let b = relu | add(identity, a)
    return add(a, b)

the result reads `a` anyway, so it makes no difference that the second option of `b` does, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.evaluate.branches import BranchGroup
from archdsl.evaluate.layers import Flow, Variable, is_value, layer_of
from archdsl.evaluate.op_calls import OpCall

if TYPE_CHECKING:
    from collections.abc import Set

    from archdsl.evaluate.body import Body
    from archdsl.evaluate.layers import Thing


def read_besides(body: Body, tensors: Set[str]) -> dict[str, frozenset[str]]:
    """For each let of a body, others that it may read or not, and that the result is made of either
    way, in every design. ``tensors`` are names of tensors, and of layers handed in that may be one:
    a step that reads one may throw away what the steps before it gave."""
    lets = {n: thing for n, thing, _ in body.lets if not is_value(thing) and n not in body.modules}
    named = tensors | lets.keys()
    surely = {name: _read(thing, named) for name, thing in lets.items()}
    live: set[str] = set()
    waiting = [_read(body.result, named)]
    while waiting:
        new = (waiting.pop() & lets.keys()) - live
        live |= new
        waiting.extend(surely[name] for name in new)
    return {name: (thing.free & live) - surely[name] for name, thing in lets.items()}


def _read(thing: Thing, tensors: Set[str]) -> frozenset[str]:
    """Names that an expression reads in every design: not all of them, but those easily seen."""
    layer = layer_of(thing)
    if isinstance(layer, Variable):
        return frozenset((layer.name,))
    if isinstance(layer, Flow) and not any(step.free & tensors for step in layer.steps[1:]):
        return _read(layer.steps[0], tensors)
    if isinstance(layer, OpCall):
        branches = [b for b in layer.branches if not isinstance(b, BranchGroup)]
        return frozenset().union(*(_read(branch, tensors) for branch in branches))
    return frozenset()
