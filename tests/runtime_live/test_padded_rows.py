"""Rows of different lengths: how data give them, and what training makes of them."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import archdsl
from archdsl.runtime.extras import BadInput
from archdsl.runtime.live.augmentations import augmentation
from archdsl.runtime.live.data.given import given, in_python
from archdsl.runtime.live.ladder import flat
from archdsl.runtime.live.learning.splits import parted
from archdsl.runtime.live.losses import HIDDEN
from archdsl.runtime.module import build
from archdsl.spec.data.series import Series
from archdsl.spec.data.tokens import Tokens
from archdsl.spec.inputs import together
from archdsl.spec.task.classify import Classify
from archdsl.spec.task.next_token import NextToken
from archdsl.spec.task.regress import Regress
from archdsl.types import shape

IDS = Tokens(length=6, vocab=9, padded=True)
SIGNAL = Series(length=6, features=2, padded=True)
WHOLE, EACH = Classify(classes=2), Classify(classes=2, per="token")
LENGTHS = np.array([6, 2, 3, 1, 4])
TEXT = """arch Tags {
  data tokens(6, vocab=9, samples=10_000, padded=true)
  task classify(2, per=token)
  train adam(batch=16, epochs=8, lr=2e-2)
  model = embedding(8) -> gru(8, bidirectional=true) -> linear(classes)
}"""


def _rows(lengths=LENGTHS):
    chance = np.random.default_rng(0)
    return [chance.integers(1, 9, size=n) for n in lengths]


def test_a_file_holds_them_padded_with_their_lengths(folder):
    x = np.arange(30).reshape(5, 6) % 9
    np.savez(folder / "d.npz", X=x, lengths=LENGTHS, y=[0, 1, 0, 1, 0])
    ids, lengths = given("d.npz", IDS, WHOLE).x
    assert lengths.tolist() == LENGTHS.tolist()
    for row, mine, length in zip(x, ids, LENGTHS, strict=True):
        assert mine.tolist() == [*row[:length], *[0] * (6 - length)]


def test_in_python_they_may_be_a_list():
    ids, lengths = in_python((_rows(), [0, 1, 0, 1, 0]), IDS, WHOLE).x
    assert ids.shape == (5, 6)
    assert lengths.tolist() == LENGTHS.tolist()
    assert ids[1].tolist() == [*_rows()[1], 0, 0, 0, 0]


def test_nothing_is_asked_for_behind_their_ends():
    y = [np.arange(n) % 2 for n in LENGTHS]
    found = in_python((_rows(), y), IDS, EACH).y
    assert found.dtype == "int64"
    for row, asked, length in zip(found, y, LENGTHS, strict=True):
        assert row.tolist() == [*asked, *[HIDDEN] * (6 - length)]
    x, numbers = np.ones((5, 6, 2)), np.ones((5, 6))
    pair = ({"x": x, "lengths": LENGTHS}, numbers)
    told = in_python(pair, SIGNAL, Regress(targets=1, per="token")).y
    assert np.isnan(told).sum() == 5 * 6 - LENGTHS.sum()


def test_numbers_are_standardised_by_what_is_within_the_rows():
    chance = np.random.default_rng(0)
    lengths = chance.integers(1, 7, size=60)
    x = [5 + 3 * chance.normal(size=(n, 2)) for n in lengths]
    parts = parted(in_python((x, np.arange(60) % 2), SIGNAL, WHOLE), seed=0)
    scaled, there = parts.training.x
    inside = np.arange(6) < there[:, None]
    np.testing.assert_allclose(scaled[inside].mean(0), 0, atol=1e-5)
    np.testing.assert_allclose(scaled[inside].std(0), 1, atol=1e-5)
    assert not scaled[~inside].any()


def test_a_baseline_counts_what_is_within_the_rows():
    x = in_python((_rows(), [0, 1, 0, 1, 0]), IDS, WHOLE).x
    assert flat(x, IDS.tensor()).sum(1).reshape(-1).tolist() == [LENGTHS.tolist()]


def test_of_several_inputs_each_has_its_own():
    both = together(("a", "b"), (IDS, SIGNAL.model_copy(update={"length": 4})))
    signal = np.ones((5, 4, 2))
    arrays = {"a": _rows(), "b": signal, "b_lengths": np.full(5, 3)}
    _, b, of_a, of_b = in_python((arrays, [0, 1, 0, 1, 0]), both, WHOLE).x
    assert (of_a.tolist(), of_b.tolist()) == (LENGTHS.tolist(), [3] * 5)
    assert b[:, 3:].sum() == 0


@pytest.mark.parametrize(
    ("x", "words"),
    [
        (np.zeros((5, 7)), "rows of data: x have shape (7,)"),
        ({"x": np.zeros((5, 6)), "lengths": [1, 2]}, "each row has one"),
        ({"x": np.zeros((5, 6)), "lengths": [0, 2, 3, 4, 5]}, "are 0 to 5 long"),
        ({"x": np.zeros((5, 6)), "lengths": [7, 2, 3, 4, 5]}, "whole numbers from 1 to 6"),
        ([[1], 2, 3, 4, 5], "is no list of rows"),
    ],
)
def test_what_does_not_fit_is_told(x, words):
    with pytest.raises(BadInput) as caught:
        in_python((x, [0, 1, 0, 1, 0]), IDS, WHOLE)
    assert words in str(caught.value)


def test_files_of_other_kinds_are_refused(folder):
    (folder / "d.txt").write_text("words")
    with pytest.raises(BadInput, match="a list of rows of different lengths"):
        given("d.csv", IDS, WHOLE)
    with pytest.raises(BadInput, match="leave out `padded=true`"):
        given("d.txt", IDS, NextToken())


def _tagged(count=160):
    rows = _rows(np.random.default_rng(1).integers(1, 7, size=count))
    return rows, [np.append(row[1:], 0) > 4 for row in rows]  # whether what follows is large


def test_they_are_learned_from():
    run = archdsl.train(TEXT, _tagged())
    assert run.test["accuracy"] > 0.9


def test_rows_that_layers_leave_nothing_of_are_refused():
    deep = TEXT.replace("embedding(8) ->", "embedding(8) -> conv(8, 5, padding=0) ->")
    whole = deep.replace(", per=token", "").replace("linear", "mean_over -> linear")
    rows, _ = _tagged()
    with pytest.raises(BadInput, match="takes rows of at least 5 positions"):
        archdsl.train(whole, (rows, np.arange(len(rows)) % 2))


def test_verify_finds_a_model_that_reads_padding(monkeypatch):
    assert archdsl.verify(TEXT, fits=False).findings == ()

    def reading(graph):
        module = build(graph)
        module.register_forward_pre_hook(lambda _, given: (given[0], torch.full_like(given[1], 6)))
        return module

    monkeypatch.setattr("archdsl.runtime.live.verify.build", reading)
    assert [found.code for found in archdsl.verify(TEXT, fits=False).findings] == ["V310"]


@pytest.mark.parametrize("data", [IDS, SIGNAL])
def test_padding_is_neither_moved_nor_drawn(data):
    vary = augmentation(data.model_copy(update={"augment": "strong"}), WHOLE)
    assert vary is not None
    x = torch.zeros(40, *shape(data.tensor()), dtype=torch.int64 if data is IDS else torch.float32)
    x[:, :3] = torch.arange(1, 4).reshape(3, *[1] * (x.dim() - 2))
    varied = vary(x, 0)
    assert not torch.equal(varied, x)
    if data is IDS:
        assert (varied[:, :3] > 0).all()
    else:
        assert varied[:, 3:].abs().max() < 1  # noise alone
        assert (varied[:, :3].mean((0, 2)) - torch.arange(1, 4)).abs().max() < 0.3
