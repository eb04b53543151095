"""Texts as windows of ids: what an id is, and that no part sees another."""

from __future__ import annotations

import numpy as np
import pytest

from archdsl.runtime.extras import BadInput
from archdsl.runtime.live.data import text
from archdsl.runtime.live.data.text import is_text, read_text
from archdsl.spec.data.table import Table
from archdsl.spec.data.tokens import Tokens
from archdsl.spec.task.classify import Classify
from archdsl.spec.task.next_token import NextToken

ODD = "naïve, «quoted» words_and 1,234 numbers\r\n\n"


def _read(where, length=4, vocab=256):
    return read_text(where, Tokens(length=length, vocab=vocab), NextToken())


def _refusal(where, **sizes):
    with pytest.raises(BadInput) as caught:
        _read(where, **sizes)
    return str(caught.value)


def _said(found, part):
    return [[found.symbols[place] for place in row] for row in part]


def test_256_ids_are_the_bytes_of_the_file(folder):
    content = bytes(range(256)) * 2
    (folder / "d.txt").write_bytes(content)
    found = _read("d.txt")
    assert (found.unit, found.unknown) == ("bytes", 0)
    assert bytes(found.training.x.ravel().tolist()) == content[: found.training.x.size]
    assert found.training.x.dtype == found.training.y.dtype == np.dtype("int64")


def test_fewer_ids_are_characters_in_the_order_of_their_numbers(folder):
    (folder / "d.txt").write_text("hello\n" * 20)
    found = _read("d.txt", vocab=5)
    assert found.symbols == ("\n", "e", "h", "l", "o")
    assert "".join(_said(found, found.training.x)[1]) == "o\nhe"


def test_more_ids_are_the_commonest_words_of_the_training_part(folder):
    (folder / "d.txt").write_text("the cat, the dog. " * 60 + "a new end " * 30)
    found = _read("words:d.txt", vocab=5)
    assert found.symbols == ("the", ",", ".", "cat")  # and dog, equally common, is left over
    assert found.unit == _read("d.txt", vocab=300).unit == "words"
    assert found.training.x[0].tolist() == [0, 3, 1, 0]
    assert (found.test.x == 4).all()
    unknown = 60 + 90
    assert found.unknown == pytest.approx(unknown / (60 * 6 + 90))


def test_targets_are_the_ids_that_follow(folder):
    (folder / "d.txt").write_text("".join(map(chr, range(32, 122))) * 3)
    found = _read("d.txt", length=7, vocab=90)
    for part in (found.training, found.validation, found.test):
        assert np.array_equal(part.x[:, 1:], part.y[:, :-1])
        assert np.array_equal(part.x[1:, 0], part.y[:-1, -1])


def test_parts_follow_each_other_and_share_no_position(folder):
    length, size = 7, 1000
    (folder / "d.txt").write_text("x" * size)
    at = np.arange(size)
    parts = text._parts("it", "positions", at, length)
    spans = [(part.x.min(), part.y.max()) for part in parts]
    assert spans[0][0] == 0
    assert spans[0][1] < 800 <= spans[1][0]
    assert spans[1][1] < 900 <= spans[2][0]
    for part in parts:
        assert len(np.unique(part.x)) == part.x.size
    left_out = size - sum(part.x.size for part in parts)
    assert left_out <= 3 * length


@pytest.mark.parametrize("unit", text.UNITS)
@pytest.mark.parametrize("block", [10, 11, 12, 13, 17])
def test_blocks_that_a_file_is_read_in_leave_no_trace(folder, monkeypatch, unit, block):
    content = ODD * 40
    (folder / "d.txt").write_text(content, newline="")
    whole = _read(f"{unit}:d.txt", vocab=300)
    monkeypatch.setattr(text, "BLOCK", block)
    found = _read(f"{unit}:d.txt", vocab=300)
    assert found.symbols == whole.symbols
    assert np.array_equal(found.training.x, whole.training.x)
    assert np.array_equal(found.test.y, whole.test.y)


def test_what_does_not_fit_is_told(folder):
    (folder / "d.txt").write_text("hello\n" * 20)
    assert _refusal("d.txt", vocab=4) == (
        "d.txt has 5 different characters; the spec takes ids below 4: "
        "`tokens(…, vocab=5)` takes them all"
    )
    assert _refusal("bytes:d.txt", vocab=100).startswith(
        "d.txt has bytes up to 111; the spec takes ids below 100"
    )
    assert _refusal("d.txt", length=40) == (
        "d.txt has 120 bytes; windows of 40 in three parts take at least 411"
    )
    (folder / "bin.txt").write_bytes(b"\xff\xfe\x00")
    assert "bin.txt is no text in UTF-8" in _refusal("characters:bin.txt", vocab=9)
    assert _refusal("nowhere.txt").startswith("cannot read nowhere.txt")
    (folder / "empty.txt").write_text("")
    assert _refusal("empty.txt").startswith("empty.txt has 0 bytes")


def test_the_least_that_is_told_is_enough(folder):
    (folder / "d.txt").write_text("x" * 411)
    assert len(_read("d.txt", length=40).test.x) == 1


def test_only_next_token_takes_a_text(folder):
    (folder / "d.txt").write_text("hello\n" * 20)
    with pytest.raises(BadInput, match=r"the spec is classify\(2\) of vector"):
        read_text("d.txt", Table(features=3), Classify(classes=2))


def test_a_text_is_known_by_its_suffix_or_its_unit():
    assert is_text("a/b.TXT")
    assert is_text("words:book")
    assert not is_text("sklearn:iris")
    assert not is_text("module:function")


def test_more_text_than_memory_is_refused_before_it_is_read(folder, monkeypatch):
    (folder / "d.txt").write_text("x" * 2000)
    monkeypatch.setattr("archdsl.runtime.live.room.memory", lambda: 1000)
    assert "holding the 2,000 bytes of d.txt needs" in _refusal("d.txt")
