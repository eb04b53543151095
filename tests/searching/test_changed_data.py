"""Data that changed since a run began: noticed, whatever they come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import archdsl
from archdsl.api import judging_of, read
from archdsl.searching.asking import Asked
from archdsl.searching.evaluators.trial import Subject
from archdsl.searching.run.settings import CONTENTS
from archdsl.searching.search import Prepared, prepared
from archdsl.searching.troubles import SearchError

if TYPE_CHECKING:
    from pathlib import Path

SPEC = """arch Small {
  data table(3, samples=100_000)
  task classify(2)
  train adam(batch=16, lr=0.01, epochs=1)
  maximize accuracy
  search random(trials=1)
  model = linear(8 | 16 | 24) -> (relu | gelu) -> linear(classes)
}
"""
FROM = "import numpy as np\ndef load():\n    return np.load('{}')['X'], np.load('{}')['y']\n"


def _written(place: Path, seed: int) -> None:
    x = np.random.default_rng(seed).normal(size=(60, 3))
    y = (x[:, 0] > 0).astype(int)
    if place.suffix == ".csv":
        np.savetxt(place, np.column_stack([x, y]), delimiter=",")
    else:
        np.savez(place, X=x, y=y)


def test_other_contents_under_the_same_name_are_refused(tmp_path: Path) -> None:
    asked: dict[str, Any] = {"data": str(tmp_path / "d.npz"), "run": tmp_path / "run"}
    _written(tmp_path / "d.npz", 0)
    kept: list[bool] = []  # the data, prepared for all trials
    prepared = tmp_path / "run/prepared"
    archdsl.search(SPEC, observer=lambda _: kept.append(prepared.exists()), **asked)
    assert any(kept)
    assert not prepared.exists()
    _written(tmp_path / "d.npz", 1)
    with pytest.raises(SearchError, match=r"E911: .* of other data: what .*d.npz holds") as caught:
        archdsl.search(SPEC, trials=2, **asked)
    assert "--adapt to begin anew" in caught.value.diagnostics[0].help
    found = archdsl.search(SPEC, adapt=True, **asked)
    assert (found.moved, sum(found.dropped.values()), len(found.trials)) == (0, 1, 1)


@pytest.mark.parametrize("kind", ["d.npz", "d.csv", "function"])
def test_data_are_told_by_what_they_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    place = tmp_path / ("d.npz" if kind == "function" else kind)
    if kind == "function":
        (tmp_path / "loads_changed.py").write_text(FROM.format(place, place), encoding="utf-8")
    found = []
    for seed in (0, 0, 1):  # another time the same, then others
        _written(place, seed)
        where = "loads_changed:load" if kind == "function" else kind
        found.append(_prepared(where).plan.evaluated[CONTENTS])
    assert found[0] == found[1] != found[2]


def _prepared(where: str) -> Prepared:
    given = read(SPEC)
    subject = Subject(given.source, given.root, None, given.terms)
    return prepared(judging_of(given, None), subject, Asked(data=where))
