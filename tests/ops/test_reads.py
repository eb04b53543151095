"""What ops declare to read, held to the gradients of what they compute: no dependence is missing,
none is declared that there is not, and permuted places come out permuted where they are alike."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
import torch

from archdsl.ops import catalog, reads
from archdsl.ops.parameters import Bound
from archdsl.ops.reads import Laid
from archdsl.types import (
    Nodes,
    Outputs,
    Sequence,
    Tokens,
    Vector,
    shape,
)
from tests.ops.against_torch import Built
from tests.ops.reading import CASES, POSITIVE, Case

if TYPE_CHECKING:
    from torch import Tensor

    from archdsl.ops.base import Op
    from archdsl.types import TensorType

torch.set_num_threads(1)
JUDGED = (reads.Own, reads.All, reads.Together, reads.OwnOrBatch)  # alike, or not
SAMPLES = 20  # as one shows only what happened to be largest


class _Built(Built):
    """On a graph whose edges lead both ways, so that every node counts for its neighbours."""

    def _context(self, name: str, tensors: tuple[Tensor, ...]) -> Tensor:
        if name == "edge_attr":
            nodes = self.types[0]
            assert isinstance(nodes, Nodes)
            told = torch.arange(EDGES.shape[1] * nodes.edge_features).sin()
            return told.view(-1, nodes.edge_features).to(tensors[0].dtype)
        return EDGES if name == "edge_index" else super()._context(name, tensors)


EDGES = torch.tensor([[0, 1, 1, 2, 2, 3, 1, 4], [1, 0, 2, 1, 3, 2, 4, 1]])
FAMILIES = sorted({catalog.family(case.word) for case in CASES})
LARGE = (
    "graph",
    "sequence",
    "pooling",
    "convolution",
    "arithmetic",
    "merge",
)  # families of ops with much to run


def _case(family: str) -> object:
    marks = [pytest.mark.slow] if family in LARGE else []
    return pytest.param(family, False, marks=marks)


@pytest.mark.parametrize(
    ("family", "training"),
    [
        *(_case(family) for family in FAMILIES),
        ("norm", True),
        ("regularizer", True),
    ],
)
def test_gradients_flow_where_an_op_declares_to_read(family: str, training: bool) -> None:
    wrong = []
    for case in CASES:
        if catalog.family(case.word) == family:
            foretold = declared(case.op, case.takes, training)
            wrong += [
                f"{case} of input {source}"
                for source, there in enumerate(measured(case, training))
                if not torch.equal(there, foretold[source])
            ]
    assert wrong == []


@pytest.mark.parametrize("family", FAMILIES)
def test_places_are_treated_alike_where_an_op_declares_it(family: str) -> None:
    cases = [case for case in CASES if catalog.family(case.word) == family]
    assert [wrong for case in cases for wrong in _unlike(case)] == []


def test_token_ids_are_read_each_by_itself() -> None:
    built = Built(Case("embedding", {"features": 3}, ()).op, Tokens(5, 9))
    ids = torch.tensor([[1, 2, 3, 4, 5]])
    for place in range(5):
        other = ids.clone()
        other[0, place] = 7
        changed = (built.run(ids) != built.run(other)).any(dim=2)[0]
        (axis,) = built.op.reads(Tokens(5, 9))[0].axes  # type: ignore[union-attr]
        assert [
            at for at in range(5) if place in axis.along.at(at, 5)
        ] == changed.nonzero().tolist()[0]


def test_a_tied_linear_reads_as_a_linear_does() -> None:
    embedding = Case("embedding", {"features": 4}, ()).op
    bound = Bound("words", embedding, (Tokens(7, 9),))
    tied = Case("tied_linear", {"to": bound}, ()).op
    linear = Case("linear", {"features": 9}, ()).op
    for x in (Sequence(7, 4), Vector(4)):
        assert tied.reads(x) == linear.reads(x)


def test_every_op_is_held_to_its_gradients() -> None:
    tested = {case.word for case in CASES} | {"embedding", "tied_linear", "train_only"}
    assert set(catalog.words()) - tested == set()


def declared(op: Op, takes: tuple[TensorType, ...], training: bool) -> list[Tensor]:
    """For each input, which number of it (column) each number of the result (row) reads."""
    out = shape(_first(op.infer(*takes)))
    found = [torch.zeros(_numel(out), _numel(shape(x)), dtype=torch.bool) for x in takes]
    for one in op.reads(*takes):
        sizes = shape(takes[one.source])
        if isinstance(one, Laid):
            numbers = torch.arange(_numel(sizes)).reshape(one.sizes).permute(one.order).flatten()
            found[one.source][torch.arange(len(numbers)), numbers] = True
            continue
        for row, at in enumerate(product(*map(range, out))):
            along = [axis.along.in_training() if training else axis.along for axis in one.axes]
            places = [
                _places(op, a, 0 if axis.to is None else at[axis.to], size)
                for a, axis, size in zip(along, one.axes, sizes, strict=True)
            ]
            for place in product(*places):
                found[one.source][row, _flat(place, sizes)] = True
    return found


def measured(case: Case, training: bool) -> list[Tensor]:
    """The same by autograd, over some samples and draws of weights."""
    found = [torch.zeros(0)] * len(case.takes)
    for _ in range(_draws(case)):
        built, tensors = drawn(case, training)
        result = _result(case, built, tensors)
        for source, there in enumerate(_there(case, result, tensors)):
            found[source] = there if not len(found[source]) else found[source] | there
    return found


def _draws(case: Case) -> int:
    """More of graphs, which come one at a time, where one shows only what happened to be largest
    or kept."""
    if not isinstance(case.takes[0], Nodes):
        return 3
    picking = "max" in str(case) or case.word in ("dropout", "edge_conv", "pna")
    return 60 if picking else 12


def _there(case: Case, result: Tensor, tensors: list[Tensor]) -> list[Tensor]:
    """For each input, which number of it has an influence on each of the result, in any sample."""
    batched = not isinstance(case.takes[0], Nodes) or case.word in ("graph_pool", "set2set")
    rows = result.flatten(1) if batched else result.flatten()[None]
    there = [torch.zeros(rows.shape[1], _numel(shape(x)), dtype=torch.bool) for x in case.takes]
    if not result.requires_grad:
        return there
    by = torch.randn(rows.shape, dtype=torch.float64) if batched else torch.ones(rows.shape)
    for number, row in enumerate((rows * by).sum(0)):
        slopes = torch.autograd.grad(row, tensors, retain_graph=True, allow_unused=True)
        for source, slope in enumerate(slopes):
            if slope is not None:
                each = (
                    slope.flatten()[None] if isinstance(case.takes[0], Nodes) else slope.flatten(1)
                )
                there[source][number] = (each != 0).any(0)
    return there


def drawn(case: Case, training: bool) -> tuple[Built, list[Tensor]]:
    """An op with random weights, and random inputs, in double precision."""
    built = _Built(case.op, *case.takes)
    built.train(training)
    if built.module is not None:
        built.module.double()
        for weight in built.module.parameters():
            torch.nn.init.normal_(weight)
        for buffer in built.module.buffers():
            if buffer.dtype == torch.float64 and case.word == "batch_norm":
                torch.nn.init.uniform_(buffer, 0.5, 2)
    tensors = [
        torch.randn(*(() if isinstance(x, Nodes) else (SAMPLES,)), *shape(x), dtype=torch.float64)
        for x in case.takes
    ]
    if case.word in POSITIVE:
        tensors = [tensor.abs() for tensor in tensors]
    return built, [tensor.requires_grad_() for tensor in tensors]


def _unlike(case: Case) -> list[str]:
    """The axes of inputs that are alike and not declared so, or the other way round."""
    told = [one for one in case.op.reads(*case.takes) if not isinstance(one, Laid)]
    wrong = []
    for one in told:
        for at, axis in enumerate(one.axes):
            size = shape(case.takes[one.source])[at]
            if size < 3 or not isinstance(axis.along, JUDGED) or _several(told, one.source):
                continue
            if axis.along.alike is not _permutes(case, one.source, at, axis.to):
                wrong.append(f"{case} along axis {at} of input {one.source}")
    return wrong


def _permutes(case: Case, source: int, at: int, to: int | None) -> bool:
    built, tensors = drawn(case, training=False)
    size = shape(case.takes[source])[at]
    order = torch.roll(torch.randperm(size), 1)
    while bool((order == torch.arange(size)).all()):
        order = torch.randperm(size)
    moved = list(tensors)
    for other, x in enumerate(case.takes):
        same = [
            k
            for one in case.op.reads(*case.takes)
            if one.source == other and not isinstance(one, Laid)
            for k, axis in enumerate(one.axes)
            if (axis.to == to and to is not None)
            or (other == source and k == at)
            or (to is None and axis.to is None and axis.along == reads.ALL)
        ]
        for axis in same[:1]:
            if shape(x)[axis] == size:
                moved[other] = tensors[other].index_select(axis - len(shape(x)), order)
    before, after = _result(case, built, tensors), _result(case, built, moved)
    at_end = 0 if to is None else to - len(shape(_first(case.op.infer(*case.takes))))
    if at_end and before.shape[at_end] != size:
        return False
    wanted = before.index_select(at_end, order) if at_end else before
    return bool(torch.allclose(after, wanted, rtol=1e-9, atol=1e-12))


def _several(told: list[Any], source: int) -> bool:
    return sum(one.source == source for one in told) > 1


def _result(case: Case, built: Built, tensors: list[Tensor]) -> Tensor:
    result: Any = built.run(*tensors)
    return result[0] if isinstance(case.op.infer(*case.takes), Outputs) else result


def _places(op: Op, along: reads.Along, at: int, size: int) -> Any:
    """Of nodes, those that edges lead from."""
    if not isinstance(along, reads.Neighbours):
        return along.at(at, size)
    near = {at}
    for _ in range(along.hops):
        near |= {a for a, b in EDGES.T.tolist() if b in near}
    return sorted(near)


def _first(out: TensorType) -> TensorType:
    return out.parts[0] if isinstance(out, Outputs) else out


def _numel(sizes: tuple[int, ...]) -> int:
    return int(torch.tensor(sizes).prod())


def _flat(place: tuple[int, ...], sizes: tuple[int, ...]) -> int:
    number = 0
    for at, size in zip(place, sizes, strict=True):
        number = number * size + at
    return number
