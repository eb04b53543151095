"""What training changes of a design: all learned numbers but the frozen ones, and adapters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.cost import counts
from archdsl.graph.nodes import OpNode
from archdsl.spec.train import rank_of

if TYPE_CHECKING:
    from archdsl.ops.base import DenseLayer
    from archdsl.rules.case import Case


def trainable(case: Case) -> int:
    """Learned numbers that training changes, those of adapters among them."""
    return counts.trainable(case.graph, rank_of(case.train)) if case.fact(freezes) else case.params


def freezes(case: Case) -> bool:
    """Whether training leaves any op as it is."""
    ops = (node for node in case.nodes if isinstance(node, OpNode))
    return any(op.learning.is_frozen for op in ops)


def adapters(case: Case) -> int:
    """Learned numbers in adapters."""
    return counts.adapters(case.graph, rank_of(case.train))


def adapted(case: Case) -> list[DenseLayer]:
    """The dense layers in what is frozen."""
    held = [step.node for step in case.flat.steps if step.node.learning.is_frozen]
    return [layer for node in held for layer in node.op.dense(*node.inputs)]


def frozen(case: Case) -> int:
    """Learned numbers that stay as they are."""
    return case.params - counts.trainable(case.graph) if case.fact(freezes) else 0


def trained_in(case: Case, node: OpNode) -> int:
    """Learned numbers of an op that training changes."""
    return counts.own_trainable(node, rank_of(case.train))
