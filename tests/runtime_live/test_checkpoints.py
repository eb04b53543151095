"""A training that was interrupted goes on, and comes to what it would have come to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch
from safetensors import safe_open

from archdsl.runtime.extras import BadInput
from archdsl.runtime.live.learning import checkpoints
from archdsl.spec import catalog
from tests.runtime_live.trained import Case, case

if TYPE_CHECKING:
    from pathlib import Path

    from archdsl.runtime.live.learning.progress import Learned


class Killed(Exception):
    """What a kill comes to in a test."""


def _interrupted(given: Case, path: Path, *after: int) -> Learned:
    """A training killed after each of some epochs, and gone on with."""

    def kill(epoch):
        if epoch.number in after and epoch.number not in killed:
            killed.add(epoch.number)
            raise Killed

    killed: set[int] = set()
    for _ in after:
        with pytest.raises(Killed):
            given.learned(kill, path)
    return given.learned(kill, path)


def _agree(one: Learned, other: Learned) -> None:
    """The same to the bit, seconds aside."""
    assert [e._replace(seconds=0) for e in one.epochs] == [
        e._replace(seconds=0) for e in other.epochs
    ]
    assert (one.best, one.ended, one.reason) == (other.best, other.ended, other.reason)
    mine, theirs = one.module.state_dict(), other.module.state_dict()
    assert all(torch.equal(mine[name], theirs[name]) for name in mine)


@pytest.mark.parametrize("word", catalog.words("train"))
def test_it_comes_to_the_same_to_the_bit(word: str, tmp_path: Path) -> None:
    given = case(f"{word}(batch=16, lr=0.01, epochs=5, schedule=cosine, warmup=1, clip=1)")
    _agree(_interrupted(given, tmp_path / "c", 1, 3), given.learned())


@pytest.mark.parametrize(
    "train",
    ["sgd(batch=16, lr=0.1, momentum=0.9, epochs=4)", "nadam(batch=16, precision=bf16, epochs=4)"],
)
def test_momentum_and_half_precision_do_too(train: str, tmp_path: Path) -> None:
    given = case(train)
    _agree(_interrupted(given, tmp_path / "c", 2), given.learned())


def test_the_best_epoch_before_the_interruption_stays_the_best(tmp_path: Path) -> None:
    given = case("sgd(batch=16, lr=1e-9, epochs=50, patience=4)", "linear(classes)")
    undisturbed = given.learned()
    _agree(_interrupted(given, tmp_path / "c", undisturbed.best + 2), undisturbed)


def test_a_training_that_is_over_is_not_trained_again(tmp_path: Path) -> None:
    given = case("adam(batch=16, epochs=2)")
    first = given.learned(None, tmp_path / "c")
    told = []
    _agree(given.learned(told.append, tmp_path / "c"), first)
    assert told == []


def test_an_epoch_that_time_cut_short_is_trained_again(tmp_path: Path) -> None:
    given = case("adam(batch=2, epochs=3)")
    assert given.learned(None, tmp_path / "c", seconds=1e-9).ended == "time"
    _agree(given.learned(None, tmp_path / "c"), given.learned())


def test_the_file_is_safetensors_and_nothing_is_pickled(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    case("adam(batch=16, epochs=1)").learned(None, folder / "c")
    with safe_open(folder / "c", "pt") as file:
        assert {name.split(".")[0] for name in file.keys()} == {"model", "optimizer"}  # noqa: SIM118
        assert set(file.metadata()) == {"archdsl"}
    assert [path.name for path in folder.iterdir()] == ["c"]


def test_the_checkpoint_of_another_training_is_refused(tmp_path: Path) -> None:
    case("adam(batch=16, epochs=1)").learned(None, tmp_path / "c")
    for other in (case("adam(batch=16, epochs=2)"), case("adam(batch=16, epochs=1)", "linear(3)")):
        with pytest.raises(BadInput, match="is the checkpoint of another training"):
            other.learned(None, tmp_path / "c")


@pytest.mark.parametrize("content", [b"", b"nothing", b"\x08" + 7 * b"\0" + b'{"a":1} '])
def test_what_is_no_checkpoint_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "c").write_bytes(content)
    with pytest.raises(BadInput, match="c is no safetensors file"):
        case("adam(batch=16)").learned(None, tmp_path / "c")


def test_tensors_that_are_no_checkpoint_are_refused(tmp_path: Path) -> None:
    (tmp_path / "c").write_bytes(checkpoints.packed({"a": torch.ones(1)}))
    with pytest.raises(BadInput, match="is no checkpoint of archdsl: it holds tensors alone"):
        case("adam(batch=16)").learned(None, tmp_path / "c")


def test_a_disk_that_is_full_leaves_the_last_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = case("adam(batch=16, epochs=2)")
    with pytest.raises(Killed):
        _interrupted_once(given, tmp_path / "c")
    before = (tmp_path / "c").read_bytes()

    def full(path, content):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(checkpoints, "replace", full)
        with pytest.raises(OSError, match="No space left"):
            given.learned(None, tmp_path / "c")
    assert (tmp_path / "c").read_bytes() == before
    _agree(given.learned(None, tmp_path / "c"), given.learned())


def _interrupted_once(given: Case, path: Path) -> None:
    def kill(epoch):
        raise Killed

    given.learned(kill, path)


def test_weights_that_are_one_tensor_are_kept_under_each_name(tmp_path: Path) -> None:
    module = torch.nn.ModuleDict({"a": torch.nn.Linear(2, 2), "b": torch.nn.Linear(2, 2)})
    module["b"].weight = module["a"].weight
    packed = checkpoints.packed(module.state_dict())
    (tmp_path / "w").write_bytes(packed)
    with safe_open(tmp_path / "w", "pt") as file:
        assert torch.equal(file.get_tensor("a.weight"), file.get_tensor("b.weight"))
