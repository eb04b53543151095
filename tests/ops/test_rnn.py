"""``rnn`` is nn.RNN, its hidden states at every position."""

from __future__ import annotations

import pytest

from archdsl.ops.sequence.rnn import Rnn
from archdsl.types import Sequence, Tokens, Vector
from tests.ops.against_torch import agrees, module, refuses

CASES = [
    (Rnn(8), Sequence(5, 6)),
    (Rnn(8, layers=2, bias=False), Sequence(5, 6)),
    (Rnn(8, layers=3, dropout=0.1), Sequence(7, 6)),
    (Rnn(8, layers=3, bidirectional=True), Sequence(5, 6)),
    (Rnn(8, layers=2, bidirectional=True, dropout=0.1), Sequence(5, 6)),
]


@pytest.mark.parametrize(("op", "x"), CASES)
def test_a_rnn_does_what_it_foretold(op: Rnn, x: Sequence) -> None:
    agrees(op, x, batches=(2, 5), reference=lambda m, x: m(x)[0])  # a batch of 1 is not copied


def test_macs_are_those_of_input_and_state() -> None:
    op, x = Rnn(8, layers=2, bidirectional=True), Sequence(5, 6)
    assert op.macs(x) == 5 * 2 * 8 * ((6 + 8) + (16 + 8))


def test_it_is_spelled_without_defaults() -> None:
    spelled = module(Rnn(8, bidirectional=True, bias=False), Sequence(5, 6))
    assert spelled == "nn.RNN(6, 8, bias=False, batch_first=True, bidirectional=True)"


def test_dropout_needs_a_layer_after_it() -> None:
    words = "dropout acts between layers, and there is one"
    refuses(Rnn(8, dropout=0.1), Sequence(5, 6), words=words, argument="dropout")


def test_only_sequences_are_taken() -> None:
    refuses(Rnn(8), Vector(5), words="rnn cannot take a vector (5)")
    refuses(Rnn(8), Tokens(5, 9), words="rnn cannot take token ids (5)")
