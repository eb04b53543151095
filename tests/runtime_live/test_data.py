"""Where data comes from, and what is said when it cannot be used."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from PIL import Image

from archdsl.runtime.live.data.fitting import fitted
from archdsl.runtime.live.data.samples import in_memory
from archdsl.runtime.live.data.sources import read
from archdsl.runtime.live.extras import Missing, Unfit
from archdsl.spec.data.graph import Graph
from archdsl.spec.data.image import Image as ImageData
from archdsl.spec.data.series import Series
from archdsl.spec.data.table import Table
from archdsl.spec.data.tokens import Tokens
from archdsl.spec.task.classify import Classify
from archdsl.spec.task.next_token import NextToken
from archdsl.spec.task.regress import Regress


def _shapes(x, data, task=None):
    y = np.arange(len(x)) % 2
    found = fitted(in_memory("it", x, y), data, task or Classify(classes=2))
    return found.x.shape, found.x.dtype, found.y.shape


def _words(error, call, *arguments):
    with pytest.raises(error) as caught:
        call(*arguments)
    return str(caught.value)


def test_npz_holds_x_and_y(folder):
    np.savez(folder / "d.npz", X=np.ones((4, 3)), y=np.arange(4))
    assert read("d.npz").inputs.shape == (4, 3)
    np.savez(folder / "other.npz", a=np.ones(3))
    assert _words(Unfit, read, "other.npz") == "other.npz holds a; it has to hold X and y"
    (folder / "broken.npz").write_text("no zip")
    assert "broken.npz is no .npz file" in _words(Unfit, read, "broken.npz")


def test_a_csv_may_name_its_columns(folder):
    (folder / "d.csv").write_text("label,a,b\nyes,1,2\nno,3,4.5\n")
    found = read("d.csv")
    assert found.inputs.tolist() == [[1, 2], [3, 4.5]]
    assert found.y.tolist() == ["yes", "no"]
    assert read("d.csv", "label").y.tolist() == ["yes", "no"]
    assert "has no column 'c'; it has label, a, b" in _words(Unfit, read, "d.csv", "c")


def test_without_names_the_last_column_is_predicted(folder):
    (folder / "d.csv").write_text("1,2,7\n3,4,8\n")
    found = read("d.csv")
    assert found.inputs.tolist() == [[1, 2], [3, 4]]
    assert found.y.tolist() == [7, 8]


def test_words_among_the_features_are_refused_with_their_place(folder):
    (folder / "d.csv").write_text("a,b,y\n1,red,0\n")
    assert "d.csv: b is 'red' in row 1" in _words(Unfit, read, "d.csv")
    (folder / "uneven.csv").write_text("1,2\n3\n")
    assert "row 2 has 1 values, the first has 2" in _words(Unfit, read, "uneven.csv")
    (folder / "nan.csv").write_text("a,y\nnan,0\n1,1\n")
    assert "1 values of X are missing or infinite" in _words(Unfit, read, "nan.csv")


def test_parquet_needs_pandas(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    (folder / "d.parquet").write_bytes(b"")
    words = _words(Missing, read, "d.parquet")
    assert words.endswith("needs pandas, which is not installed: pip install 'pandas pyarrow'")


def test_images_come_from_a_folder_of_classes_at_the_size_of_the_spec(folder):
    for name, shade in (("dark", 0), ("light", 255)):
        (folder / "pictures" / name).mkdir(parents=True)
        for place in range(2):
            image = Image.new("RGB", (6, 4), (shade,) * 3)
            image.save(folder / "pictures" / name / f"{place}.png")
    data = ImageData(channels=3, height=8, width=9)
    found = fitted(read("pictures"), data, Classify(classes=2))
    assert found.x.shape == (4, 3, 8, 9)
    assert found.x[:, 0, 0, 0].tolist() == [0, 0, 1, 1]
    assert found.y.tolist() == [0, 0, 1, 1]
    words = _words(Unfit, fitted, read("pictures"), Table(features=3), Classify(classes=2))
    assert words == "pictures holds images; the spec takes 3 vector"


def test_a_function_of_the_folder_gives_arrays(folder):
    (folder / "mine_to_load.py").write_text(
        "def both():\n    return [[1.0], [2.0]], [0, 1]\ndef one():\n    return 3\n"
    )
    assert read("mine_to_load:both").inputs.tolist() == [[1], [2]]
    assert "gave int; it has to give a pair (X, y)" in _words(Unfit, read, "mine_to_load:one")
    assert "has no none" in _words(Unfit, read, "mine_to_load:none")


@pytest.mark.parametrize("where", ["nowhere.npz", "no_such_module:f", "sklearn:faces", "x.txt"])
def test_unknown_data_is_refused(folder, where):
    (folder / "x.txt").write_text("")
    assert _words(Unfit, read, where)


def test_digits_are_a_table_or_an_image():
    digits, task = read("sklearn:digits"), Classify(classes=10)
    assert fitted(digits, Table(features=64), task).x.shape == (1797, 64)
    image = ImageData(channels=1, height=8, width=8)
    assert fitted(digits, image, task).x.shape == (1797, 1, 8, 8)


def test_channels_may_be_last_or_left_out():
    image = ImageData(channels=3, height=4, width=5)
    assert _shapes(np.ones((4, 4, 5, 3)), image)[0] == (4, 3, 4, 5)
    grey = ImageData(channels=1, height=4, width=5)
    assert _shapes(np.ones((4, 4, 5)), grey)[0] == (4, 1, 4, 5)


def test_channels_at_the_end_stay_where_they_belong():
    x = np.arange(2 * 4 * 5 * 3).reshape(2, 4, 5, 3)
    data = ImageData(channels=3, height=4, width=5)
    found = fitted(in_memory("it", x, [0, 1]), data, Classify(classes=2)).x
    assert found[1, 2].tolist() == x[1, :, :, 2].tolist()


def test_series_and_tokens_keep_their_order():
    assert _shapes(np.ones((4, 6)), Series(length=6, features=1))[0] == (4, 6, 1)
    tokens = Tokens(length=6, vocab=2)
    assert _shapes(np.ones((4, 6)), tokens)[:2] == ((4, 6), np.dtype("int64"))
    words = _words(Unfit, _shapes, np.full((4, 6), 2), tokens)
    assert words == "it holds ids from 2 to 2; the spec takes whole ones below 2"


def test_what_does_not_fit_is_told_with_both_shapes():
    words = _words(Unfit, _shapes, np.ones((4, 7)), ImageData(channels=1, height=4, width=4))
    assert words == "a sample of it is 7; the spec takes 1×4×4 image"
    words = _words(Unfit, _shapes, np.ones((4, 2)), Table(features=2), Classify(classes=3))
    assert words.startswith("it has 2 classes, the spec `task classify(3)`")
    words = _words(Unfit, _shapes, np.ones((4, 2)), Table(features=2), Regress(targets=2))
    assert words == "it has 1 targets, the spec `task regress(2)`"


def test_only_whole_samples_have_baselines():
    tokens = Tokens(length=6, vocab=2)
    assert "no baselines" in _words(Unfit, _shapes, np.ones((4, 6)), tokens, NextToken())
    graph = Graph(features=2, nodes=3, edges=4, graphs=5)
    assert "graphs cannot be given" in _words(Unfit, _shapes, np.ones((4, 2)), graph)
