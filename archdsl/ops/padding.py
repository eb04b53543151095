"""Rows of different lengths: what an op makes of them, so that it reads nothing of their padding.

An op that reads of each position its own, or none after it, needs nothing: padding stands at the
end of a row. Every other one says that it :attr:`~archdsl.ops.base.Op.heeds_padding`, and is
spelled so; or it refuses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.ops.attending import Band, Compared, Comparing, From
from archdsl.ops.base import OpError
from archdsl.ops.reads import Before, Laid, Nearby, Own, Taken
from archdsl.types import Outputs, Sequence, padding, unpadded

if TYPE_CHECKING:
    from archdsl.ops.base import Op
    from archdsl.ops.reads import Along, Reads
    from archdsl.types import Padded, TensorType


def inferred(op: Op, *inputs: TensorType) -> TensorType:
    """The type that flows out, with how its rows are padded. Raises :class:`OpError`."""
    rows = [padding(x) for x in inputs]
    if op.takes_several or not any(rows):
        return op.infer(*inputs)
    plain = tuple(map(unpadded, inputs))
    out = op.infer(*plain)
    op.check_rows(*inputs)
    if isinstance(out, Outputs) and op.heeds_padding:
        return out._replace(parts=tuple(inferred(one, *inputs) for one in op.apart(*plain)))
    found: set[Padded] = set()
    for one in op.reads(*plain):
        given = rows[one.source]
        carried = given and _carried(op, one, given, plain, out)
        if carried:
            found.add(carried)
    if len(found) > 1:
        raise _of_two(op, found)
    return _padded(out, *found)


def looks_ahead(op: Op, *inputs: TensorType) -> bool:
    """Whether a position of a result reads positions of padded rows that come after it."""
    plain = tuple(map(unpadded, inputs))
    return any(
        padding(inputs[one.source]) is not None
        and one.makes_a_difference
        and (isinstance(one, Laid) or not looks_back(one.axes[0].along))
        for one in op.reads(*plain)
    )


def looks_back(along: Along) -> bool:
    """Whether along an axis each place reads its own, and places before it at most."""
    if isinstance(along, Nearby):
        return along.stride == 1 and (along.kernel - 1) * along.dilation <= along.before
    if isinstance(along, Band):
        return along.causal
    if isinstance(along, Compared):
        return looks_back(along.read)
    return isinstance(along.in_training(), (Own, Before, From, Comparing))


def _carried(
    op: Op, one: Reads | Laid, rows: Padded, plain: tuple[TensorType, ...], out: TensorType
) -> Padded | None:
    """How the rows of a result are padded because of what it reads of one input."""
    if isinstance(one, Laid):
        raise _refused(op)
    if not one.makes_a_difference:
        return None
    axis = one.axes[0]
    if op.heeds_padding:
        return op.rows(rows, *plain) if axis.to == 0 and _has_rows(out) else None
    if axis.to is None and axis.along == Taken(0):
        return None
    is_row = axis.to == 0 and _has_rows(out)
    if is_row and looks_back(axis.along):
        return rows
    raise _refused(op)


def _has_rows(out: TensorType) -> bool:
    parts = out.parts if isinstance(out, Outputs) else (out,)
    return all(isinstance(part, Sequence) for part in parts)


def _padded(out: TensorType, rows: Padded | None = None) -> TensorType:
    if rows is None:
        return out
    if isinstance(out, Outputs):
        return out._replace(parts=tuple(_padded(part, rows) for part in out.parts))
    assert isinstance(out, Sequence)
    return out._replace(padded=rows)


def _refused(op: Op) -> OpError:
    return OpError(
        f"{op.word()} would read the padding of rows of different lengths",
        code="E302",
        needed="a layer that leaves padding out",
        help=op.instead_of_padding
        or "pool the positions before (mean_over, max_over, last, or attention with memory=), or "
        "leave out `padded=true`, if the padding is to be read",
    )


def _of_two(op: Op, found: set[Padded]) -> OpError:
    told = " and ".join(sorted(f"`{rows}`" for rows in found))
    return OpError(
        f"{op.word()} joins rows of different lengths: {told}",
        code="E302",
        needed="rows that are as long as each other",
        help="attention with memory= reads rows of other lengths",
    )
