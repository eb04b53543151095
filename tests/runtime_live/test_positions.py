"""Targets for each pixel, voxel or token, as the loss takes them."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from archdsl.runtime.extras import BadInput
from archdsl.runtime.live.data.given import given
from archdsl.runtime.live.tasks import loss_of
from archdsl.runtime.module import build
from archdsl.spec.data.image import Image
from archdsl.spec.data.series import Series
from archdsl.spec.data.tokens import Tokens
from archdsl.spec.data.volume import Volume
from archdsl.spec.task.classify import Classify
from archdsl.spec.task.next_token import NextToken
from archdsl.spec.task.regress import Regress
from archdsl.types import shape
from tests.runtime_live.specs import SPECS, graph_of

PICTURES = Image(channels=1, height=8, width=6)
PIXELS = Classify(classes=3, per="pixel")


def _given(folder, x, y, data=PICTURES, task=PIXELS):
    np.savez(folder / "d.npz", X=x, y=y)
    return given("d.npz", data, task)


def _x(data, count=5):
    return np.random.default_rng(0).normal(size=(count, *shape(data.tensor())))


def _words(*arguments):
    with pytest.raises(BadInput) as caught:
        _given(*arguments)
    return str(caught.value)


def test_class_numbers_stay_what_they_are_though_some_do_not_occur(folder):
    y = np.zeros((5, 8, 6), dtype="uint8")
    y[0, 1, 2] = 2
    found = _given(folder, _x(PICTURES), y)
    assert (found.y.dtype, found.classes) == (np.dtype("int64"), 3)
    assert np.array_equal(found.y, y)
    for axis in (1, -1):
        assert np.array_equal(_given(folder, _x(PICTURES), np.expand_dims(y, axis)).y, y)


def test_other_values_are_as_many_as_the_classes(folder):
    y = np.zeros((5, 8, 6), dtype="uint8")
    y[:, 0], y[:, 1] = 255, 100
    found = _given(folder, _x(PICTURES), y)
    assert np.array_equal(found.y[:, :3, 0], [[2, 1, 0]] * 5)
    y[:, 2] = 7
    assert _words(folder, _x(PICTURES), y) == (
        "d.npz has 4 classes, from 0 to 255, the spec `task classify(3)`; they have to be numbers "
        "below 3, or as many"
    )


def test_numbers_stand_where_the_model_puts_them(folder):
    chance, task = np.random.default_rng(1), Regress(targets=2, per="pixel")
    behind = chance.normal(size=(5, 8, 6, 2))
    found = _given(folder, _x(PICTURES), behind, PICTURES, task)
    assert np.array_equal(found.y, behind.transpose(0, 3, 1, 2))
    again = _given(folder, _x(PICTURES), found.y, PICTURES, task)
    assert np.array_equal(again.y, found.y)
    series, one = Series(length=7, features=2), Regress(targets=1, per="token")
    found = _given(folder, _x(series), np.ones((5, 7)), series, one)
    assert found.y.shape == (5, 7, 1)
    volume = Volume(channels=1, depth=2, height=3, width=4)
    found = _given(folder, _x(volume), np.ones((5, 2, 3, 4)), volume, Regress(per="pixel"))
    assert found.y.shape == (5, 1, 2, 3, 4)


def test_tokens_have_one_each(folder):
    tokens = Tokens(length=7, vocab=9)
    x = np.arange(35).reshape(5, 7) % 9
    found = _given(folder, x, (x + 1) % 9, tokens, NextToken())
    assert np.array_equal(found.y, (x + 1) % 9)
    assert (found.x.dtype, found.y.dtype, found.classes) == (np.dtype("int64"),) * 2 + (9,)
    words = _words(folder, x, x + 3, tokens, NextToken())
    assert words == "d.npz: y holds ids from 3 to 11; the spec takes whole ones below 9"
    tags = _given(folder, x, x % 2, tokens, Classify(classes=2, per="token"))
    assert np.array_equal(tags.y, x % 2)


def test_what_does_not_fit_is_told(folder):
    assert _words(folder, _x(PICTURES), np.zeros((5, 6, 8))) == (
        "the y of a sample of d.npz is 6×8; the spec takes a class for each of 8×6"
    )
    words = _words(folder, _x(PICTURES), np.zeros(5), PICTURES, Regress(targets=2, per="pixel"))
    assert words == (
        "the y of a sample of d.npz is a single one; the spec takes 2 targets for each of 8×6"
    )
    wrong = np.zeros((5, 9, 9))
    assert "the spec takes a 1×8×6 image" in _words(folder, wrong, np.zeros((5, 8, 6)))


@pytest.mark.parametrize("kind", ["pixels", "words"])
def test_the_loss_takes_them(folder, kind):
    graph = graph_of(SPECS[kind])
    clauses = graph.source.clauses
    ids = np.arange(40).reshape(5, 8) % 20
    arrays = (ids, ids) if kind == "words" else (np.ones((5, 8, 8)), np.ones((5, 8, 8), int))
    found = _given(folder, *arrays, clauses.data, clauses.task)
    result = build(graph)(torch.from_numpy(found.x))
    value = loss_of(clauses.task, graph.model.out)(result, torch.from_numpy(found.y))
    assert value.isfinite()


def test_whole_samples_are_what_they_were(folder):
    found = _given(folder, _x(PICTURES), np.arange(5) % 3, PICTURES, Classify(classes=3))
    assert found.y.tolist() == [0, 1, 2, 0, 1]
    (folder / "d.txt").write_text("hello\n" * 50)
    text = given("d.txt", Tokens(length=4, vocab=9), NextToken())
    assert text.training.x.shape == (59, 4)
