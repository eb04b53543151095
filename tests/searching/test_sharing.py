"""Data that trials share: prepared once, the same for all, and nobody's to change."""

from __future__ import annotations

import errno
import multiprocessing
import os
import signal
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from archdsl.api import judging_of, read
from archdsl.runtime.extras import BadInput
from archdsl.runtime.live.arrays import Parts
from archdsl.runtime.live.data.fitting import Fitted
from archdsl.runtime.live.data.given import given
from archdsl.runtime.live.learning import prepared as keeping
from archdsl.runtime.live.learning.prepared import Origin, load, prepared, write
from archdsl.runtime.live.learning.splits import parted
from archdsl.searching import sharing
from archdsl.searching.asking import Asked
from archdsl.searching.evaluators.training import evaluate
from archdsl.searching.evaluators.trial import Subject, Trial
from archdsl.searching.events import Remarked
from archdsl.searching.search import Prepared
from archdsl.searching.search import prepared as prepared_search
from archdsl.searching.sharing import SHARED, removed
from archdsl.types import Image

if TYPE_CHECKING:
    from pathlib import Path

    from archdsl.searching.events import Event

DIGITS = """arch Digits {
  data image(1, 8, 8, samples=1_797)
  task classify(10)
  train adam(batch=64, lr=0.01, epochs=1)
  maximize accuracy
  search random(trials=1, seed=3)
  model = conv(4 | 8, 3) -> relu -> flatten -> linear(classes)
}
"""
DESIGN = {"conv.channels": 8}
ORIGIN = Origin("digest", "data", "task", 0)


def _search(spec: str, data: str) -> Prepared:
    read_spec = read(spec)
    subject = Subject(read_spec.source, read_spec.root, None, read_spec.terms)
    return prepared_search(judging_of(read_spec, None), subject, Asked(data=data))


def _evaluated(search: Prepared, folder: Path, options: dict[str, Any]) -> dict[str, float]:
    options = {**search.plan.options, **options}
    return dict(evaluate(Trial(search.subject, 0, DESIGN, 3, folder, options)))


def _same(one: Any, other: Any) -> bool:
    """Whether two values are the same to the bit, in the same layout."""
    if isinstance(one, tuple):
        return type(one) is type(other) and all(map(_same, one, other)) and len(one) == len(other)
    if isinstance(one, np.ndarray):
        is_alike = one.dtype == other.dtype and one.shape == other.shape
        return is_alike and one.tobytes() == other.tobytes()
    return bool(one == other)


def test_a_trial_comes_to_the_same_with_and_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    search = _search(DIGITS, "sklearn:digits")
    assert search.plan.shared is not None
    option = search.plan.shared.kept(tmp_path, pytest.fail)
    without = _evaluated(search, tmp_path / "a", {})
    monkeypatch.setattr("archdsl.runtime.live.data.given.given", None)  # nothing is read any more
    assert _evaluated(search, tmp_path / "b", option) == without
    assert "accuracy" in without


@pytest.mark.parametrize("layout", ["first", "last"])
def test_samples_are_kept_as_they_lie_in_memory(tmp_path: Path, layout: str) -> None:
    x = np.random.default_rng(0).normal(size=(40, 3, 5, 4)).astype("float32")
    if layout == "last":
        x = np.ascontiguousarray(x.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2)
    parts = parted(Fitted("d", Image(3, 5, 4), x, np.arange(40) % 2, 2), 0)
    write(tmp_path / "kept", parts, ORIGIN)
    found = load(tmp_path / "kept", ORIGIN)
    assert isinstance(found, Parts)
    assert _same(parts, found)
    assert found.training.x.strides == parts.training.x.strides
    assert load(tmp_path / "kept", ORIGIN._replace(seed=1)) is None


def test_texts_and_graphs_are_kept_too(tmp_path: Path) -> None:
    words = tmp_path / "t.txt"
    words.write_text("the cat sat on the mat. " * 40, encoding="utf-8")
    arrays = {"x": np.eye(12, 3), "edge_index": np.zeros((2, 0), int), "y": np.arange(12) % 2}
    np.savez(tmp_path / "g.npz", **arrays)
    texts = "data tokens(8, vocab=6)\n task next_token()\n model = embedding(4) -> linear(vocab)"
    graphs = (
        "data graph(3, nodes=12, edges=0)\n task classify(2, per=node)\n model = linear(classes)"
    )
    for name, clauses in (("words:" + str(words), texts), (str(tmp_path / "g.npz"), graphs)):
        of = judging_of(read(f"arch A {{\n {clauses}\n}}"), None).program.clauses
        data = given(name, of.data, of.task)
        folder = tmp_path / f"kept{len(clauses)}"
        write(folder, prepared(data, 0), ORIGIN)
        assert _same(data, load(folder, ORIGIN))


def test_what_one_trial_writes_into_its_data_no_other_sees(tmp_path: Path) -> None:
    data = Fitted("d", Image(1, 2, 2), np.ones((20, 1, 2, 2), "float32"), np.arange(20) % 2, 2)
    write(tmp_path / "kept", parted(data, 0), ORIGIN)
    one, other = load(tmp_path / "kept", ORIGIN), load(tmp_path / "kept", ORIGIN)
    assert isinstance(one, Parts)
    before = one.training.x.copy()
    np.add(one.training.x, 1, out=one.training.x)
    for found in (other, load(tmp_path / "kept", ORIGIN)):
        assert isinstance(found, Parts)
        assert (found.training.x == before).all()
    assert all(file.stat().st_mode & 0o222 == 0 for file in (tmp_path / "kept").glob("*.npy"))


def test_a_full_disk_is_told_in_a_line_and_nothing_half_written_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    search = _search(DIGITS, "sklearn:digits")
    assert search.plan.shared is not None

    def full(file: Any, *_: Any, **__: Any) -> None:
        file.write(b"some")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), file.name)

    monkeypatch.setattr(np, "save", full)
    told: list[str] = []
    option = search.plan.shared.kept(tmp_path, told.append)
    assert [*(tmp_path / "prepared").iterdir()] == []
    (line,) = told
    assert line.startswith("each trial reads the data for itself: ")
    assert line.endswith("cannot be written: no space left on device")
    assert "accuracy" in _evaluated(search, tmp_path, option)


def test_data_take_half_of_what_is_free_at_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    search = _search(DIGITS, "sklearn:digits")
    assert search.plan.shared is not None
    monkeypatch.setattr(sharing, "SHARE", 10**15)
    told: list[str] = []
    search.plan.shared.kept(tmp_path, told.append)
    assert "half of what is free" in told[0]
    assert [*(tmp_path / "prepared").iterdir()] == []


def test_a_trial_that_reads_for_itself_refuses_what_is_other_data_by_now(tmp_path: Path) -> None:
    x = np.random.default_rng(0).normal(size=(60, 1, 8, 8))
    np.savez(tmp_path / "d.npz", X=x, y=np.arange(60) % 10)
    search = _search(DIGITS, str(tmp_path / "d.npz"))
    assert search.plan.shared is not None
    option = search.plan.shared.kept(tmp_path, pytest.fail)
    np.savez(tmp_path / "d.npz", X=-x, y=np.arange(60) % 10)
    assert "accuracy" in _evaluated(search, tmp_path, option)  # it has those of the search
    removed(tmp_path)
    with pytest.raises(BadInput, match="holds other data than when the search began"):
        _evaluated(search, tmp_path, option)


def _apart(what: Any, times: int = 1) -> list[int | None]:
    """The exit codes of processes that do something at once."""
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=what) for _ in range(times)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    return [process.exitcode for process in processes]


def test_what_was_killed_while_it_wrote_is_cleared_and_written_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = _search(DIGITS, "sklearn:digits").plan.shared
    assert shared is not None
    with monkeypatch.context() as patched:
        patched.setattr(keeping, "_write", lambda *_: os.kill(os.getpid(), signal.SIGKILL))
        assert _apart(lambda: shared.kept(tmp_path, print)) == [-signal.SIGKILL]
    (half,) = (tmp_path / "prepared").iterdir()
    assert half.name.startswith(".half.")
    option = shared.kept(tmp_path, pytest.fail)
    (place,) = (tmp_path / "prepared").iterdir()
    assert str(place) == option[SHARED]["folder"]
    assert load(place, shared.origin) is not None


def test_eight_that_begin_at_once_write_once(tmp_path: Path) -> None:
    shared = _search(DIGITS, "sklearn:digits").plan.shared
    assert shared is not None

    def first() -> None:
        whole = keeping.write

        def counted(*arguments: Any) -> None:
            with (tmp_path / "count").open("a") as file:
                file.write("written\n")
            whole(*arguments)

        keeping.write = counted
        shared.kept(tmp_path, pytest.fail)

    assert _apart(first, 8) == [0] * 8
    assert (tmp_path / "count").read_text(encoding="utf-8") == "written\n"
    assert load(next((tmp_path / "prepared").iterdir()), shared.origin) is not None


def test_where_they_cannot_be_kept_a_search_says_so_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[Event] = []
    monkeypatch.setattr(keeping, "write", _denied)
    found = _search(DIGITS, "sklearn:digits").run(tmp_path / "run", events.append)
    (remark,) = [event for event in events if isinstance(event, Remarked)]
    assert remark.text == "each trial reads the data for itself: x cannot be written: denied"
    assert found.complete


def _denied(*_: Any) -> None:
    raise OSError(errno.EACCES, "Denied", "x")
