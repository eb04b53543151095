"""Where data comes from, and what is said when it cannot be used."""

from __future__ import annotations

import pickle
import struct
import sys
import zlib
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from archdsl.runtime.extras import BadInput, MissingPackage
from archdsl.runtime.live.data.fitting import fitted
from archdsl.runtime.live.data.folder import FORMATS
from archdsl.runtime.live.data.samples import in_memory
from archdsl.runtime.live.data.sources import SKLEARN, read
from archdsl.runtime.live.data.text import SUFFIXES, UNITS
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
    assert _words(BadInput, read, "other.npz") == "other.npz holds a; it has to hold X and y"
    (folder / "broken.npz").write_text("no zip")
    assert "broken.npz is no .npz file" in _words(BadInput, read, "broken.npz")


def test_a_csv_may_name_its_columns(folder):
    (folder / "d.csv").write_text("label,a,b\nyes,1,2\nno,3,4.5\n")
    found = read("d.csv")
    assert found.inputs.tolist() == [[1, 2], [3, 4.5]]
    assert found.y.tolist() == ["yes", "no"]
    assert read("d.csv", ["label"]).y.tolist() == ["yes", "no"]
    assert "has no column 'c'; it has label, a, b" in _words(BadInput, read, "d.csv", ["c"])


def test_without_names_the_last_column_is_predicted(folder):
    (folder / "d.csv").write_text("1,2,7\n3,4,8\n")
    found = read("d.csv")
    assert found.inputs.tolist() == [[1, 2], [3, 4]]
    assert found.y.tolist() == [7, 8]


def test_words_among_the_features_are_refused_with_their_place(folder):
    (folder / "d.csv").write_text("a,b,y\n1,red,0\n")
    assert "d.csv: b is 'red' in row 1" in _words(BadInput, read, "d.csv")
    (folder / "uneven.csv").write_text("1,2\n3\n")
    assert "row 2 has 1 values, the first has 2" in _words(BadInput, read, "uneven.csv")
    (folder / "nan.csv").write_text("a,y\nnan,0\n1,1\n")
    assert "1 value is missing" in _words(BadInput, read, "nan.csv")


def test_a_header_is_a_word_above_a_number(folder):
    (folder / "year.csv").write_text("a,2019,kind\n1,2,x\n3,4,z\n")
    assert read("year.csv").inputs.tolist() == [[1, 2], [3, 4]]
    (folder / "none.csv").write_text("1,2,x\n3,4,z\n")
    assert read("none.csv").y.tolist() == ["x", "z"]


def test_semicolons_and_tabs_part_columns_too(folder):
    for separator in ";\t":
        (folder / "d.csv").write_text("a,b,y\n1,2,x\n".replace(",", separator))
        assert read("d.csv").inputs.tolist() == [[1, 2]]


def test_several_columns_may_be_predicted(folder):
    (folder / "d.csv").write_text("a,b,c,w\n1,2,3,x\n4,5,6,z\n")
    words = _words(BadInput, read, "d.csv", ["a", "w"])
    assert "w is 'x' in row 1" in words
    (folder / "d.csv").write_text("a,b,c\n1,2,3\n4,5,6\n")
    found = read("d.csv", ["c", "a"])
    assert (found.inputs.tolist(), found.y.tolist()) == ([[2], [5]], [[3, 1], [6, 4]])


def test_only_tables_have_a_target_to_name():
    assert "--target names a column" in _words(BadInput, read, "sklearn:iris", ["a"])


def test_a_missing_label_is_no_class(folder):
    (folder / "d.csv").write_text("a,y\n1,x\n2,\n")
    assert "1 value is missing in y, first in sample 2" in _words(BadInput, read, "d.csv")
    (folder / "d.csv").write_text("a,y\n1,3\n2,nan\n")
    assert "in y, first in sample 2" in _words(BadInput, read, "d.csv")


def test_parquet_is_read(folder):
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    table = arrow.table({"a": [1, 2], "b": [0.5, 1.5], "y": ["no", "yes"]})
    parquet.write_table(table, folder / "d.parquet")
    found = read("d.parquet")
    assert (found.inputs.tolist(), found.y.tolist()) == ([[1, 0.5], [2, 1.5]], ["no", "yes"])
    (folder / "d.parquet").write_bytes(b"PAR1 no more")
    assert "is no .parquet file that can be read" in _words(BadInput, read, "d.parquet")


def test_without_arrow_the_extra_is_named(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    (folder / "d.parquet").write_bytes(b"")
    words = _words(MissingPackage, read, "d.parquet")
    assert words.endswith("needs pyarrow, which is not installed: pip install 'archdsl[data]'")


def test_nothing_is_unpickled(folder):
    class Trap:
        def __reduce__(self):
            return (Path.touch, (folder / "sprung",))

    np.savez(folder / "d.npz", X=np.array([Trap()], dtype=object), y=[1])
    assert "Object arrays cannot be loaded" in _words(BadInput, read, "d.npz")
    (folder / "raw.npz").write_bytes(pickle.dumps(Trap()))
    assert "is no .npz file of plain arrays" in _words(BadInput, read, "raw.npz")
    assert not (folder / "sprung").exists()


def test_an_empty_file_and_a_single_array_are_no_npz(folder):
    (folder / "d.npz").write_bytes(b"")
    assert "is no .npz file" in _words(BadInput, read, "d.npz")
    np.save(folder / "d.npy", np.ones(3))
    (folder / "d.npy").rename(folder / "d.npz")
    assert "is no .npz file" in _words(BadInput, read, "d.npz")


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        ([[1, 2], [3]], [0, 1], "X is no array"),
        ([["a"], ["b"]], [0, 1], "X holds <U1, not numbers"),
        ([[1], [2]], [0, None], "y holds object, not numbers or words"),
        ([[1], [1e200]], [0, 1], "1 value is missing, infinite or beyond float32 in X"),
        (np.ones((0, 2)), [], "holds no samples"),
        (3, 4, "both need one entry for each sample"),
    ],
)
def test_what_cannot_be_learned_from_is_refused(x, y, words):
    assert words in _words(BadInput, in_memory, "it", x, y)


def test_objects_of_one_kind_are_what_they_hold():
    found = in_memory("it", np.array([[1], [2.5]], dtype=object), np.array(["a", "b"], object))
    assert (found.inputs.dtype, found.y.dtype.kind) == (np.float64, "U")


@pytest.mark.parametrize("content", [b"no image", "half", "bomb"])
def test_an_image_that_cannot_be_read_is_named(folder, content):
    for name in "ab":
        (folder / "pictures" / name).mkdir(parents=True)
        Image.effect_noise((30, 30), 9).save(folder / "pictures" / name / "1.png")
    path = folder / "pictures" / "b" / "1.png"
    whole = path.read_bytes()
    bomb = struct.pack(">II", 60_000, 60_000)
    header = b"IHDR" + bomb + whole[24:29]
    huge = whole[:12] + header + struct.pack(">I", zlib.crc32(header)) + whole[33:]
    path.write_bytes({"half": whole[: len(whole) // 2], "bomb": huge}.get(content, content))
    data = ImageData(channels=1, height=8, width=8)
    words = _words(BadInput, fitted, read("pictures"), data, Classify(classes=2))
    assert words.startswith("pictures/b/1.png is no image that Pillow reads")


def _pictures(folder, content: bytes, name: str):
    """Two classes of images, one of them with a file of this content."""
    for label in "ab":
        (folder / "pictures" / label).mkdir(parents=True)
        Image.effect_noise((30, 30), 9).save(folder / "pictures" / label / "0.png")
    (folder / "pictures" / "b" / name).write_bytes(content)
    data = ImageData(channels=1, height=8, width=8)
    return lambda: fitted(read("pictures"), data, Classify(classes=2))


EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 8 8\n%%EndComments\nshowpage\n"


def _saved(format: str) -> bytes:
    written = BytesIO()
    Image.new("RGB", (8, 8)).save(written, format=format)
    return written.getvalue()


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("content", ["EPS", "PDF", "ICO", "TGA", "PCX"])
def test_what_no_suffix_promises_is_not_opened_whatever_its_name(
    folder, monkeypatch, suffix, content
):
    def interpreter(*arguments, **options):
        raise AssertionError(f"Pillow starts {arguments}")

    monkeypatch.setattr("subprocess.Popen", interpreter)
    monkeypatch.setattr("subprocess.check_call", interpreter)
    fit = _pictures(folder, EPS if content == "EPS" else _saved(content), f"x{suffix}")
    with pytest.raises(BadInput, match="no image that Pillow reads"):
        fit()


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("format", sorted(set(FORMATS.values())))
def test_what_a_suffix_promises_is_read_under_each(folder, suffix, format):
    found = _pictures(folder, _saved(format), f"x{suffix}")()
    assert found.x.shape == (3, 1, 8, 8)


def test_more_data_than_memory_are_refused_before_they_are_read(monkeypatch):
    monkeypatch.setattr("archdsl.runtime.live.room.memory", lambda: 40)
    x = np.ones((4, 1))
    words = _words(BadInput, _shapes, x, Table(features=1))
    assert words == "holding 4 samples of it needs 48 B of memory; this machine has 40 B"


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
    words = _words(BadInput, fitted, read("pictures"), Table(features=3), Classify(classes=2))
    assert words == "pictures holds images; the spec takes a vector of 3"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("raise OSError('the disk is gone')", "(line 2 of mine_BODY.py): OSError: the disk"),
        ("import no_such_thing", "ModuleNotFoundError: No module named 'no_such_thing'"),
        ("raise SystemExit(0)", "SystemExit: 0"),
        ("return 1, 2, 3", "gave tuple; it has to give a pair (X, y)"),
    ],
)
def test_a_function_that_fails_is_told_with_its_line(folder, body, words):
    name = f"mine_{abs(hash(body))}"
    (folder / f"{name}.py").write_text(f"def f():\n    {body}\n")
    assert words.replace("mine_BODY", name) in _words(BadInput, read, f"{name}:f")


def test_what_a_function_prints_is_no_result(folder, capsys):
    (folder / "mine_that_talks.py").write_text(
        "def f():\n    print('loading')\n    return [[1.0]], [0]\n"
    )
    read("mine_that_talks:f")
    assert capsys.readouterr() == ("", "loading\n")


def test_a_function_of_the_folder_gives_arrays(folder):
    (folder / "mine_to_load.py").write_text(
        "def both():\n    return [[1.0], [2.0]], [0, 1]\ndef one():\n    return 3\n"
    )
    assert read("mine_to_load:both").inputs.tolist() == [[1], [2]]
    assert "gave int; it has to give a pair (X, y)" in _words(BadInput, read, "mine_to_load:one")
    assert "has no function none" in _words(BadInput, read, "mine_to_load:none")


@pytest.mark.parametrize("where", ["nowhere.npz", "no_such_module:f", "sklearn:faces", "x.txt"])
def test_unknown_data_is_refused(folder, where):
    (folder / "x.txt").write_text("")
    assert _words(BadInput, read, where)


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
    words = _words(BadInput, _shapes, np.full((4, 6), 2), tokens)
    assert words == "it holds ids from 2 to 2; the spec takes whole ones below 2"


def test_what_does_not_fit_is_told_with_both_shapes():
    words = _words(BadInput, _shapes, np.ones((4, 7)), ImageData(channels=1, height=4, width=4))
    assert words == "a sample of it is 7; the spec takes a 1×4×4 image"
    words = _words(BadInput, _shapes, np.ones((4, 2)), Table(features=2), Classify(classes=3))
    assert words.startswith("it has 2 classes, the spec `task classify(3)`")
    words = _words(BadInput, _shapes, np.ones((4, 2)), Table(features=2), Regress(targets=2))
    assert words == "it has 1 target, the spec `task regress(2)`"


def test_only_whole_samples_have_baselines():
    tokens = Tokens(length=6, vocab=2)
    assert "cannot learn from" in _words(BadInput, _shapes, np.ones((4, 6)), tokens, NextToken())
    graph = Graph(features=2, nodes=3, edges=4, graphs=5)
    assert "the spec takes 3×2 nodes" in _words(BadInput, _shapes, np.ones((4, 2)), graph)


def test_what_data_may_be_is_told_of_every_kind_where_there_is_none():
    told = _words(BadInput, read, "nowhere.xyz")
    for kind in (".npz", "edge_index", ".csv", ".parquet", "folder", "module:function"):
        assert kind in told
    for word in (*SKLEARN, *SUFFIXES, *UNITS):
        assert word in told
