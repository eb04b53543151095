"""``embedding`` gives each token id a vector."""

from __future__ import annotations

import torch.nn.functional as F

from archdsl.ops.sequence.embedding import Embedding
from archdsl.types import Sequence, Tokens, Vector
from tests.ops.against_torch import agrees, module, refuses


def test_ids_become_vectors_of_the_table() -> None:
    agrees(Embedding(8), Tokens(5, 30), reference=lambda m, ids: F.embedding(ids, m.weight))


def test_the_padding_id_has_the_vector_zero() -> None:
    built = agrees(Embedding(8, padding=3), Tokens(5, 30))
    assert built.module is not None
    assert not built.module.weight[3].any()


def test_it_is_spelled_without_defaults() -> None:
    assert module(Embedding(768), Tokens(128, 30522)) == "nn.Embedding(30522, 768)"
    padded = module(Embedding(768, padding=0), Tokens(128, 30522))
    assert padded == "nn.Embedding(30522, 768, padding_idx=0)"


def test_the_padding_id_lies_in_the_vocabulary() -> None:
    words = "padding=30 is no id of a vocabulary of 30"
    error = refuses(Embedding(8, padding=30), Tokens(5, 30), words=words, argument="padding")
    assert error.needed == "an id from 0 to 29"


def test_only_token_ids_are_taken() -> None:
    refuses(Embedding(8), Sequence(5, 6), words="embedding cannot take a sequence (5×6)")
    refuses(Embedding(8), Vector(5), words="embedding cannot take a vector (5)")


def test_the_vocabulary_is_not_written_first() -> None:
    words = "the 100 ids of the vocabulary are written first, as elsewhere, and the 64 features"
    error = refuses(Embedding(100, 64), Tokens(9, 100), words=words, argument="features")
    assert (error.help, error.call) == ("embedding(64) gives 64 features", "embedding(64)")
    refuses(Embedding(100, 128), Tokens(9, 100), words="the 128 features behind them")
    for padding in (0, 1, 99):
        assert Embedding(100, padding).infer(Tokens(9, 100)) == Sequence(9, 100)
