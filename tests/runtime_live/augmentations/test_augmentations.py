"""Augmentation: as declared, the same by seed, and never of what has to stay."""

from __future__ import annotations

import sys

import pytest
import torch

from archdsl.runtime.extras import MissingPackage
from archdsl.runtime.live import vision
from archdsl.runtime.live.augmentations import augmentation
from archdsl.spec.catalog import find, words
from archdsl.spec.task.classify import Classify

SIZES = {
    "graph": {"features": 40, "nodes": 6, "edges": 9, "graphs": 30},
    "image": {"channels": 3, "height": 16, "width": 24},
    "series": {"length": 16, "features": 3},
    "table": {"features": 30},
    "tokens": {"length": 50, "vocab": 20},
    "volume": {"channels": 2, "depth": 3, "height": 16, "width": 8},
}
# An id is what it is, and noise is drawn anew each time anyway.
LEFT_ALONE = {"category": {"vocab": 9}, "noise": {"features": 6}}


def _made(kind, augment, per=None, **sizes):
    data = find("data", kind)(augment=augment, **((SIZES | LEFT_ALONE)[kind] | sizes))
    return augmentation(data, Classify(classes=2, per=per))


def _batch(kind):
    chance = torch.Generator().manual_seed(0)
    sizes = SIZES[kind]
    if kind == "tokens":
        return torch.randint(sizes["vocab"], (12, sizes["length"]), generator=chance)
    shape = (sizes["features"],) if kind == "graph" else sizes.values()
    return torch.randn(12, *shape, generator=chance)


def test_every_kind_of_data_has_one_or_is_left_alone():
    assert {*SIZES, *LEFT_ALONE} == set(words("data"))
    assert all(_made(kind, "none") is None for kind in SIZES)
    assert all(_made(kind, "strong") is None for kind in LEFT_ALONE)


@pytest.mark.parametrize("augment", ["basic", "strong"])
@pytest.mark.parametrize("kind", SIZES)
def test_the_same_seed_varies_alike_and_leaves_the_rest_alone(kind, augment):
    vary, x = _made(kind, augment), _batch(kind)
    before, state = x.clone(), torch.get_rng_state()
    one = vary(x, 5)
    assert torch.equal(one, vary(x, 5))
    assert not torch.equal(one, vary(x, 6))
    assert not torch.equal(one, x)
    assert torch.equal(x, before)
    assert torch.equal(torch.get_rng_state(), state)
    assert (one.shape, one.dtype) == (x.shape, x.dtype)
    assert one.isfinite().all()


@pytest.mark.parametrize("kind", SIZES)
def test_a_generator_goes_on_from_batch_to_batch(kind):
    vary, x = _made(kind, "strong"), _batch(kind)
    runs = []
    for _ in range(2):
        chance = torch.Generator().manual_seed(3)
        runs.append([vary(x, chance) for _ in range(2)])
    assert all(torch.equal(*pair) for pair in zip(*runs, strict=True))
    assert not torch.equal(*runs[0])


def test_a_basic_picture_is_a_shift_perhaps_mirrored():
    x = torch.randn(40, 3, 16, 24, generator=torch.Generator().manual_seed(0))
    padded = torch.nn.functional.pad(x, (3, 3, 2, 2))
    mirrored = 0
    for one, wide in zip(_made("image", "basic")(x, 0), padded, strict=True):
        crops = [wide[:, a : a + 16, b : b + 24] for a in range(5) for b in range(7)]
        plain = any(torch.equal(one, crop) for crop in crops)
        flipped = any(torch.equal(one, crop.flip(-1)) for crop in crops)
        assert plain != flipped
        mirrored += flipped
    assert 10 <= mirrored <= 30


def test_samples_of_a_batch_are_varied_apart():
    x = torch.randn(1, 3, 16, 24).expand(30, -1, -1, -1)
    for kind in ("basic", "strong"):
        assert len(torch.unique(_made("image", kind)(x, 0).flatten(1), dim=0)) > 20


def test_pictures_of_one_channel_are_not_mirrored():
    ramp = torch.arange(24.0).expand(60, 1, 16, 24)
    made = _made("image", "basic", channels=1)(ramp, 0)
    assert (made[..., 2:14, 3:21].diff() > 0).all()


def test_strong_is_more_than_basic():
    x = _batch("image")
    assert (_made("image", "strong")(x, 0) != _made("image", "basic")(x, 0)).any()
    many = torch.randn(6, 5, 16, 24)
    assert _made("image", "strong", channels=5)(many, 0).shape == many.shape


def test_a_strong_picture_keeps_to_the_values_it_has():
    x = _batch("image") * 3
    found = _made("image", "strong")(x, 1)
    assert found.max() <= x.max() + 1e-4
    assert found.min() >= x.min() - 1e-4


@pytest.mark.parametrize(
    ("kind", "per"), [("image", "pixel"), ("volume", "pixel"), ("series", "token")]
)
def test_nothing_moves_where_each_place_has_an_answer(kind, per):
    x = torch.zeros_like(_batch(kind))
    x[..., 4, 2] = 3
    if kind == "image":
        assert torch.equal(_made(kind, "basic", per)(x, 0), x)
    for seed in range(5):
        found = _made(kind, "strong", per)(x, seed).flatten(1)
        assert (
            found[:, x.flatten(1)[0] == 3].amin(1) > found[:, x.flatten(1)[0] == 0].amax(1)
        ).all()


def test_ids_come_from_the_batch_and_few_change():
    x = _batch("tokens").repeat(50, 1) // 2 * 2
    for augment, share in (("basic", 0.05), ("strong", 0.1)):
        found = _made("tokens", augment)(x, 0)
        assert set(found.unique().tolist()) <= set(x.unique().tolist())
        assert 0.8 * share < (found != x).float().mean() < share


def test_rows_take_from_their_own_columns():
    x = torch.arange(30.0).expand(50, 30) * 100 + torch.arange(50.0)[:, None]
    found = _made("table", "strong")(x, 0)
    assert torch.equal((found + 0.5).div(100, rounding_mode="floor"), (x / 100).floor())
    changed = ((found - x).abs() > 0.6).float().mean()
    assert 0.05 < changed < 0.15


def test_features_are_hidden_in_all_nodes_alike():
    x = _batch("graph")
    found = _made("graph", "strong")(x, 0)
    hidden = (found == 0).all(0)
    assert torch.equal(found[:, ~hidden], x[:, ~hidden])
    assert 0 < hidden.sum() < 20


def test_without_torchvision_the_extra_is_named(monkeypatch):
    monkeypatch.setattr(vision, "find_spec", lambda name: None)
    vision.declare_operators.cache_clear()
    monkeypatch.setitem(sys.modules, "torchvision", None)
    with pytest.raises(MissingPackage, match=r"needs torchvision.*archdsl\[data\]"):
        _made("image", "basic")(_batch("image"), 0)
    vision.declare_operators.cache_clear()
