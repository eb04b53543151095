"""Recurrent layers begin with the states that they are given, and tell those that they end with, as
nn.RNN, nn.GRU and nn.LSTM do."""

from __future__ import annotations

from itertools import product
from math import inf
from typing import TYPE_CHECKING

import pytest
import torch
from torch import nn

import archdsl
from archdsl.cost.saved import saved_for_backward
from archdsl.diagnostics import SpecError
from archdsl.ops.sequence.gru import Gru
from archdsl.ops.sequence.lstm import Lstm
from archdsl.ops.sequence.rnn import Rnn
from archdsl.runtime.module import build
from archdsl.types import Outputs, Sequence, TensorType, Vector, numel, shape
from tests.cost.conftest import graph_of, model
from tests.cost.test_saved_sweep import kept
from tests.ops.against_torch import Built, agrees, refuses
from tests.ops.test_reads import declared

if TYPE_CHECKING:
    from torch import Tensor

    from archdsl.ops.sequence._recurrent import Recurrent

SERIES = Sequence(5, 6)
CASES = [
    (kind(4, layers, both, return_state=returned), given)
    for kind, layers, both, returned, given in product(
        (Rnn, Gru, Lstm), (1, 2), (False, True), (False, True), (False, True)
    )
    if returned or given
]
KINDS = [Lstm(4), Gru(4, layers=2), Rnn(4, bidirectional=True), Lstm(4, 2, bidirectional=True)]


def _takes(op: Recurrent, given: bool) -> tuple[TensorType, ...]:
    count = op.layers * op.directions
    state = Vector(op.features) if count == 1 else Sequence(count, op.features)
    return (SERIES, *[state] * (len(op.holds) if given else 0))


def _torchs(layer: nn.Module, x: Tensor, *given: Tensor) -> tuple[Tensor, ...]:
    """What a layer of PyTorch gives for states with the batch first, with the batch first."""
    states = [one.view(len(x), -1, one.shape[-1]).transpose(0, 1).contiguous() for one in given]
    found, last = layer(x, tuple(states) if len(states) == 2 else states[0] if states else None)
    ends = [one.transpose(0, 1) for one in (last if isinstance(last, tuple) else (last,))]
    return (found, *(one.squeeze(1) for one in ends))


@pytest.mark.parametrize(("op", "given"), CASES)
def test_states_are_those_of_pytorch(op: Recurrent, given: bool) -> None:
    takes = _takes(op, given)
    built = agrees(op, *takes, counted=False, saved=False)
    tensors = built.tensors(3)
    found, expected = built.run(*tensors), _torchs(built.module, *tensors)  # type: ignore[arg-type]
    if not op.return_state:
        return torch.testing.assert_close(found, expected[0])
    assert len(found) == 1 + len(op.holds)
    return torch.testing.assert_close(found, expected)


@pytest.mark.parametrize(("op", "given"), [case for case in CASES if case[0].return_state])
def test_each_reads_what_gradients_come_from(op: Recurrent, given: bool) -> None:
    takes = _takes(op, given)
    built = Built(op, *takes)
    built.train(False)
    parts = op.apart(*takes)
    found = _influences(built)
    for place, one in enumerate(parts):
        for source, foretold in enumerate(declared(one, takes, training=False)):
            there = found[place][source]
            assert not (there & ~foretold).any(), (place, source)
            if source < 2 and not (place == 2 and source == 1):  # of cells a bound is told
                assert torch.equal(there, foretold), (place, source)


def _influences(built: Built) -> list[list[Tensor]]:
    """Of each result, which number of each input has an influence on each of its numbers."""
    assert built.module is not None
    built.module.double()
    tensors = [
        torch.randn(4, *shape(x), dtype=torch.float64, requires_grad=True) for x in built.types
    ]
    found = []
    for result in built.run(*tensors):
        rows = [
            torch.autograd.grad(number.sum(), tensors, retain_graph=True, allow_unused=True)
            for number in result.flatten(1).T
        ]
        found.append(
            [
                torch.stack([_nonzero(row[source], x) for row in rows])
                for source, x in enumerate(built.types)
            ]
        )
    return found


def _nonzero(slope: Tensor | None, x: TensorType) -> Tensor:
    if slope is None:
        return torch.zeros(numel(x), dtype=torch.bool)
    return (slope.flatten(1) != 0).any(0)


@pytest.mark.parametrize("op", KINDS)
def test_states_cost_no_weights_and_no_products(op: Recurrent) -> None:
    told = type(op)(op.features, op.layers, op.bidirectional, return_state=True)
    takes = _takes(op, given=True)
    assert told.params(*takes) == op.params(SERIES)
    assert told.macs(*takes) == op.macs(SERIES)
    states, *last = told.apart(*takes)
    assert states == op
    assert [one.params(*takes) + one.macs(*takes) for one in last] == [0] * len(op.holds)
    assert told.infer(*takes) == Outputs(tuple(one.infer(*takes) for one in (states, *last)))


def test_a_cell_and_a_gated_state_that_was_given_may_be_any_number() -> None:
    takes = _takes(Lstm(4), given=True)
    states, state, cell = Lstm(4, return_state=True).apart(*takes)
    assert [one.bounds(*takes) for one in (states, state, cell)] == [(-1, 1), (-1, 1), (-inf, inf)]
    assert Gru(4).bounds(SERIES) == (-1, 1)
    assert Gru(4).bounds(SERIES, Vector(4)) == (-inf, inf)
    assert Rnn(4).bounds(SERIES, Vector(4)) == (-1, 1)


SAVED = [
    f"{{ let (a, s) = linear(8) -> gru(16{options}, return_state=true) return {end} }}"
    for options in ("", ", layers=2", ", layers=2, bidirectional=true")
    for end in ("a -> tanh", "s -> tanh", "outputs(a -> linear(3), s -> linear(3))")
]


@pytest.mark.parametrize("padded", [False, True])
@pytest.mark.parametrize("text", SAVED)
def test_what_backward_keeps_of_states_is_told(text: str, padded: bool) -> None:
    more = ", padded=true" * padded
    graph = graph_of(f"arch Test {{ data series(12, 8{more}) model {text} }}")
    told = saved_for_backward(graph)
    if padded and "bidirectional" in text:  # packed, it is not copied for the second direction
        assert all(kept(graph, batch) <= told.bytes(batch) for batch in (1, 2, 5))
        return
    assert kept(graph, 1) <= told.bytes(1)
    assert [told.bytes(batch) for batch in (2, 5)] == [kept(graph, batch) for batch in (2, 5)]


@pytest.mark.parametrize("word", ["rnn", "gru", "lstm"])
@pytest.mark.parametrize(("options", "made"), [("", "linear(16)"), (", layers=2", "")])
def test_what_backward_keeps_of_states_that_are_given_is_told(
    word: str, options: str, made: str
) -> None:
    made = f"last -> {made or 'linear(32) -> reshape(16, length=2)'}"
    cell = f", cell={made}" if word == "lstm" else ""
    graph = model(f"linear(8) -> {word}(16{options}, state={made}{cell})", "series(12, 8)")
    told = saved_for_backward(graph)
    for batch in (1, 2, 5):
        spare = told.bytes(batch) - kept(graph, batch)
        pages = 29 * 1024 * (2 if options else 1) if word == "lstm" else 400 * (batch == 1)
        assert 0 <= spare <= pages


PADDED = [
    ("gru(3, return_state=true)", "s"),
    ("gru(3, layers=2, bidirectional=true, return_state=true)", "s -> flatten"),
    ("rnn(3, state=parameter(3), return_state=true)", "concat(s, a -> last)"),
    ("gru(3, bidirectional=true, state=parameter(size(2, 3)))", "a -> mean_over"),
]


@pytest.mark.parametrize(("layer", "end"), PADDED)
def test_a_row_ends_with_the_state_at_its_own_end(layer: str, end: str) -> None:
    names = "(a, s)" if "return_state" in layer else "a"
    padded, plain = (
        build(
            graph_of(f"arch T {{ data {data} model {{ let {names} = {layer} return {end} }} }}")
        ).eval()
        for data in ("series(9, 8, padded=true)", "series(9, 8)")
    )
    plain.load_state_dict(padded.state_dict())
    x, lengths = torch.randn(4, 9, 8), torch.tensor((9, 4, 1, 6))
    alone = [plain(one[None, :length])[0] for one, length in zip(x, lengths, strict=True)]
    torch.testing.assert_close(padded(x, lengths), torch.stack(alone))


def test_the_last_state_of_padded_rows_is_not_padded() -> None:
    text = "let (a, s) = gru(3, layers=2, return_state=true) return outputs(a, s)"
    out = graph_of(f"arch T {{ data series(9, 8, padded=true) model {{ {text} }} }}").model.out
    assert isinstance(out, Outputs)
    states, last = out.parts
    assert isinstance(states, Sequence)
    assert str(states.padded) == "lengths"
    assert last == Sequence(2, 3)


def test_padded_rows_are_no_states() -> None:
    with pytest.raises(SpecError) as caught:
        model("linear(3) -> gru(3, layers=9, state=x -> linear(3))", "series(9, 8, padded=true)")
    (found,) = caught.value.diagnostics
    assert found.code == "E302"
    assert "`state=` has rows of different lengths" in found.message


WRONG = [
    (Gru(4), Vector(6), "`state=` is a vector of 6, and one layer of 4", "features", "6"),
    (Gru(4, layers=2), Sequence(2, 6), "and 2 layers of 4 features begin with", "features", "6"),
    (Gru(4, layers=2), Sequence(3, 4), "`state=` is a 3×4 sequence", "layers", "3"),
    (Gru(4, layers=2), Vector(4), "`state=` is a vector of 4", None, None),
    (Gru(4, bidirectional=True), Vector(4), "both directions of a layer of 4", None, None),
    (Gru(4, 2, bidirectional=True), Sequence(3, 4), "2 layers of 4 features in both", None, None),
    (Rnn(4), Sequence(2, 4), "begins with a vector of 4", "layers", "2"),
]


@pytest.mark.parametrize(("op", "state", "words", "argument", "right"), WRONG)
def test_a_state_of_another_size_is_refused(
    op: Recurrent, state: TensorType, words: str, argument: str | None, right: str | None
) -> None:
    error = refuses(op, SERIES, state, words=words, argument=argument, replacement=right)
    assert error.help
    if argument is not None and right is not None:
        mended = type(op)(**{**vars(op), argument: int(right)})
        assert mended.infer(SERIES, state)


def test_an_lstm_begins_with_both_or_with_zeros() -> None:
    error = refuses(Lstm(4), SERIES, Vector(4), words="begins with a state and a cell")
    assert "`cell=state -> zero`" in error.help
    refuses(Lstm(4), SERIES, Vector(4), Vector(5), words="`cell=` is a vector of 5")
    assert model("lstm(4, state=last -> linear(4), cell=last -> linear(4) -> zero)", "series(5, 6)")


def test_a_let_that_takes_apart_what_is_not_asked_for_is_told_how_to_ask() -> None:
    text = "arch T { data series(9, 8) model { let (a, s) = tanh -> gru(3) return concat(a, a) } }"
    report = archdsl.check(text)
    (found,) = (one for one in report.diagnostics if one.code == "E261")
    assert found.help == "with `return_state=true`, `gru` gives several"
    assert found.fix is not None
    assert found.fix.title == "write `gru(3, return_state=true)`"


@pytest.mark.parametrize("name", ["initial_state", "h_0", "hx"])
def test_states_are_found_by_their_names_in_pytorch_and_keras(name: str) -> None:
    with pytest.raises(SpecError) as caught:
        model(f"gru(4, {name}=last -> linear(4))", "series(5, 6)")
    (found,) = caught.value.diagnostics
    assert found.help == f"`{name}` is called `state` here"
