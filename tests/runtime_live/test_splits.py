"""Data split three ways."""

from __future__ import annotations

import numpy as np
import pytest

from archdsl.runtime.extras import BadInput
from archdsl.runtime.live.data.fitting import Fitted
from archdsl.runtime.live.learning.splits import parted
from archdsl.types import Tokens, Vector


def _numbered(samples: int = 100, classes: int = 2) -> Fitted:
    """Samples that are their own numbers, three quarters of them of the first class."""
    x = np.arange(2 * samples, dtype="float32").reshape(samples, 2)
    y = np.repeat([0, 1], [3 * samples // 4, samples // 4])
    return Fitted("it", Vector(2), x, y, classes)


def test_each_sample_is_in_one_part_and_classes_keep_their_shares() -> None:
    found = parted(_numbered(), seed=3)
    assert found.validation is not None
    parts = (found.training, found.validation, found.test)
    assert [len(part.y) for part in parts] == [60, 20, 20]
    assert [int(part.y.sum()) for part in parts] == [15, 5, 5]
    rows = np.concatenate([part.x for part in parts])
    assert len(np.unique(rows, axis=0)) == 100


def test_the_training_part_alone_says_how_to_scale() -> None:
    found = parted(_numbered(), seed=3)
    assert np.allclose(found.training.x.mean(0), 0, atol=1e-6)
    assert np.allclose(found.training.x.std(0), 1, atol=1e-6)
    assert not np.allclose(found.test.x.mean(0), 0, atol=1e-3)


def test_numbers_to_predict_are_scaled_by_the_training_part_too() -> None:
    data = Fitted("it", Vector(1), np.ones((50, 1)), np.arange(50.0)[:, None], 0)
    found = parted(data, seed=0)
    assert found.training.y.mean() == pytest.approx(0, abs=1e-6)
    assert found.training.y.std() == pytest.approx(1, abs=1e-6)
    assert found.training.y.dtype == np.float32


def test_the_same_seed_gives_the_same_parts() -> None:
    one, again, other = (parted(_numbered(), seed) for seed in (3, 3, 4))
    assert (one.test.x == again.test.x).all()
    assert (one.test.x != other.test.x).any()


def test_where_nothing_is_validated_those_samples_are_learned_from() -> None:
    three, two = parted(_numbered(), 3), parted(_numbered(), 3, validated=False)
    assert two.validation is None
    assert (len(two.training.y), len(two.learned.y), len(two.test.y)) == (80, 80, 20)
    assert len(three.learned.y) == 80
    assert (three.test.y == two.test.y).all()


def test_a_feature_that_never_changes_in_training_is_not_blown_up() -> None:
    x = np.full((20, 1), 7.0, dtype="float32")
    y = np.zeros(20, dtype=int)
    order = np.random.default_rng(0).permutation(20)
    x[order[0]] = 8.0  # the first of the shuffled samples is put aside
    found = parted(Fitted("it", Vector(1), x, y, 1), seed=0)
    assert set(found.training.x.ravel()) == {0.0}
    assert set(found.test.x.ravel()) == {0.0, 1.0}


def test_texts_are_split_as_they_are() -> None:
    x = np.arange(200, dtype="int64").reshape(40, 5)
    found = parted(Fitted("it", Tokens(5, 200), x, x + 1, 200), seed=0)
    assert found.training.x.dtype == np.int64
    assert (found.training.y == found.training.x + 1).all()


@pytest.mark.parametrize("validated", [True, False])
def test_classes_too_small_to_test_are_refused(validated: bool) -> None:
    few = Fitted("it", Vector(1), np.ones((12, 1)), np.arange(12) // 2, 6)
    with pytest.raises(BadInput, match="too few samples of each class"):
        parted(few, 0, validated)


def test_too_little_data_is_refused() -> None:
    few = Fitted("it", Vector(2), np.ones((4, 2)), np.array([0, 1, 0, 1]), 2)
    with pytest.raises(BadInput, match="it has 4 samples; splitting takes at least 10"):
        parted(few, seed=0)
