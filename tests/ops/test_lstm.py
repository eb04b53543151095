"""``lstm`` is nn.LSTM, its hidden states at every position."""

from __future__ import annotations

import pytest
import torch

from archdsl.cost.saved import saved_for_backward
from archdsl.ops.sequence.lstm import Lstm
from archdsl.types import Image, Sequence, Vector
from tests.cost.conftest import model
from tests.ops.against_torch import agrees, foretold_bytes, module, refuses

CASES = [
    (Lstm(8), Sequence(5, 6)),
    (Lstm(8, layers=2), Sequence(5, 6)),
    (Lstm(8, layers=3, bidirectional=True), Sequence(5, 6)),
    (Lstm(8, layers=2, dropout=0.1), Sequence(5, 6)),
    (Lstm(8, layers=2, bidirectional=True, dropout=0.1), Sequence(5, 6)),
    (Lstm(100, layers=2, bias=False), Sequence(33, 64)),
    (Lstm(256), Sequence(9, 320)),
]


@pytest.mark.parametrize(("op", "x"), CASES)
def test_an_lstm_does_what_it_foretold(op: Lstm, x: Sequence) -> None:
    built = agrees(op, x, counted=False, saved=False, reference=lambda m, x: m(x)[0])
    built.train(True)
    for batch in (1, 2, 8):
        spare = foretold_bytes(op, x, batch=batch) - built.saved_bytes(batch)
        pages = spare / 4096
        assert 0 <= pages <= 7 * op.layers * op.directions  # its workspace's arrays end with pages


def test_what_four_layers_of_512_keep_is_at_most_what_is_foretold_and_hardly_less() -> None:
    op, x = Lstm(512, layers=4), Sequence(128, 256)
    measured = {1: 17_334_272, 8: 138_330_112, 32: 553_172_992}
    for batch, truth in measured.items():
        assert truth <= foretold_bytes(op, x, batch=batch) <= 1.004 * truth


def test_the_states_that_a_head_reads_are_kept_once() -> None:
    alone = saved_for_backward(model("lstm(8)", "series(5, 6)")).bytes(1)
    read = saved_for_backward(model("lstm(8) -> last -> linear(2)", "series(5, 6)")).bytes(1)
    assert alone == read


def test_macs_are_four_gates_over_input_and_state() -> None:
    op, x = Lstm(512, layers=4), Sequence(128, 256)
    first, later = 4 * 512 * (256 + 512), 4 * 512 * (512 + 512)
    assert op.macs(x) == 128 * (first + 3 * later)
    assert op.macs(x) + 512 * 1000 == 1_007_144_960  # the reference's, with its classifier
    assert op.params(x) + 513 * 1000 == 8_393_704


def test_a_bidirectional_one_reads_from_both_ends() -> None:
    op, x = Lstm(4, bidirectional=True), Sequence(5, 6)
    assert op.infer(x) == Sequence(5, 8)
    built = agrees(op, x, counted=False, saved=False)
    tensor = torch.randn(1, 5, 6)
    changed = tensor.clone()
    changed[:, -1] = 0
    before, after = built.run(tensor)[:, 0], built.run(changed)[:, 0]
    assert torch.equal(before[:, :4], after[:, :4])
    assert not torch.equal(before[:, 4:], after[:, 4:])


def test_it_is_spelled_without_defaults() -> None:
    assert module(Lstm(512), Sequence(9, 256)) == "nn.LSTM(256, 512, batch_first=True)"
    spelled = module(Lstm(512, 4, bidirectional=True, dropout=0.2), Sequence(9, 256))
    options = "num_layers=4, batch_first=True, dropout=0.2, bidirectional=True"
    assert spelled == f"nn.LSTM(256, 512, {options})"


def test_dropout_needs_a_layer_after_it() -> None:
    words = "dropout acts between layers, and there is one"
    refuses(Lstm(8, dropout=0.1), Sequence(5, 6), words=words, argument="dropout")


def test_only_sequences_are_taken() -> None:
    refuses(Lstm(8), Vector(5), words="lstm cannot take a vector (5)")
    error = refuses(Lstm(8), Image(8, 4, 4), words="lstm cannot take an image (8×4×4)")
    assert error.help == "to_sequence makes an image a sequence of its positions"
