"""archdsl train, and archdsl.train: one design trained and kept in a folder."""

from __future__ import annotations

import csv
import json
import os
import pickle
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

import archdsl
from archdsl.cli import training_progress
from archdsl.cli.console import Console
from archdsl.runtime.live.learning import checkpoints, loop, run_folder
from archdsl.runtime.live.learning.progress import Epoch, Stopped
from tests.thinning import mostly_slow

if TYPE_CHECKING:
    from collections.abc import Iterator

SPEC = """\
arch Wines {
  data  table(13)
  task  classify(3)
  train adamw(batch=16, epochs=6, lr=0.01, schedule=cosine, warmup=0.5, clip=1)

  model = linear(8, bias=false) -> batch_norm -> relu -> dropout(0.1) -> linear(classes)
}
"""
DATA = ("--data", "sklearn:wine")


@pytest.fixture
def wines(folder: Path) -> Path:
    (folder / "wines.arch").write_text(SPEC)
    return folder


def _train(run, *arguments: str, to: str = "run"):
    return run("train", "wines.arch", *DATA, "-o", to, *arguments)


def _interrupting(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Ctrl-C in the middle of an epoch."""
    real = loop.Training._step
    steps = iter(range(10_000))
    each = 7  # of 106 samples in batches of 16

    def step(self, *arguments):
        if next(steps) == each * (number - 1) + 3:
            raise KeyboardInterrupt
        return real(self, *arguments)

    monkeypatch.setattr(loop.Training, "_step", step)


def test_the_folder_holds_what_a_training_came_to(run, wines) -> None:
    result = _train(run)
    assert result.exit_code == 0, result.stderr
    assert result.stderr.splitlines()[-1].startswith("epoch 6/6: loss 0.")
    assert result.stdout.startswith("Wines on sklearn:wine: learned from 106 samples in 6 epochs (")
    assert sorted(path.name for path in Path("run").iterdir()) == [
        ".lock",
        "curves.csv",
        "design.json",
        "metrics.json",
        "model.py",
        "run.json",
        "spec.arch",
        "weights.safetensors",
    ]
    assert Path("run/spec.arch").read_text() == SPEC
    with Path("run/curves.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["epoch"] for row in rows] == list("123456")
    metrics = json.loads(Path("run/metrics.json").read_text())
    assert metrics["samples"] == {"training": 106, "validation": 36, "test": 36}
    best = rows[metrics["best_epoch"] - 1]
    assert float(best["validation_error"]) == metrics["validation"]["error"]
    assert metrics["test"]["accuracy"] > 0.8


def test_the_weights_and_the_model_need_nothing_of_archdsl(run, wines) -> None:
    _train(run)
    code = """
import sys, torch
from safetensors.torch import load_file
sys.path.insert(0, "run")
from model import Wines
model = Wines()
model.load_state_dict(load_file("run/weights.safetensors"))
print(tuple(model.eval()(torch.zeros(2, 13)).shape), "archdsl" in sys.modules)
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == "(2, 3) False\n"


def test_a_document_for_programs(run, wines) -> None:
    document = json.loads(_train(run, "--format", "json", "--epochs", "2", "-q").stdout)
    assert (document["name"], document["epochs"], document["ended"]) == ("Wines", 2, "finished")


def test_after_ctrl_c_the_same_command_comes_to_the_same(run, wines, monkeypatch) -> None:
    assert _train(run, to="undisturbed").exit_code == 0
    with monkeypatch.context() as patched:
        _interrupting(patched, 4)
        result = _train(run)
    assert result.exit_code == 130
    assert "interrupted; the same command goes on from what run holds\n" in result.stderr
    assert not Path("run/metrics.json").exists()
    again = _train(run)
    assert again.exit_code == 0
    lines = again.stderr.splitlines()
    assert [line.split(":")[0] for line in lines] == ["epoch 4/6", "epoch 5/6", "epoch 6/6"]
    _alike(Path("run"), Path("undisturbed"))


def _alike(one: Path, other: Path) -> None:
    """Two folders of one training, seconds aside."""
    assert (one / "weights.safetensors").read_bytes() == (
        other / "weights.safetensors"
    ).read_bytes()
    mine, theirs = ((f / "curves.csv").read_text().splitlines() for f in (one, other))
    assert [row.rpartition(",")[0] for row in mine] == [row.rpartition(",")[0] for row in theirs]
    metrics = [json.loads((f / "metrics.json").read_text()) for f in (one, other)]
    assert len({json.dumps({**found, "seconds": 0}) for found in metrics}) == 1


@pytest.fixture
def heeded() -> Iterator[None]:
    """What is started heeds SIGINT, also where the tests run in the background of a shell."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("how", mostly_slow([signal.SIGKILL, signal.SIGINT], 2))
@pytest.mark.usefixtures("heeded")
def test_a_killed_process_is_gone_on_with(run, wines, how: signal.Signals) -> None:
    text = SPEC.replace("epochs=6", "epochs=20").replace("batch=16", "batch=2")
    (wines / "wines.arch").write_text(text)
    command = [sys.executable, "-m", "archdsl", "train", "wines.arch", *DATA, "-o", "run"]
    started = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert started.stderr is not None
    for line in started.stderr:
        if line.startswith("epoch 3/"):
            break
    started.send_signal(how)
    started.communicate()
    assert started.returncode in (-signal.SIGKILL, 130)
    assert Path("run/checkpoint.safetensors").exists()
    assert _train(run).exit_code == 0
    assert _train(run, to="undisturbed").exit_code == 0
    _alike(Path("run"), Path("undisturbed"))


def test_a_training_that_is_over_is_told_again(run, wines) -> None:
    first, again = _train(run), _train(run)
    assert again.stdout == first.stdout
    assert again.stderr == "this training was over already; here is what it came to\n"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("--seed", "1"), "the seed changed"),
        (("--epochs", "3"), "the number of epochs changed"),
        (("--data", "other.npz"), "where the data come from and the data changed"),
    ],
)
def test_a_folder_of_another_training_is_refused(run, wines, change, told) -> None:
    x = np.random.default_rng(0).normal(size=(60, 13))
    np.savez("other.npz", X=x, y=np.arange(60) % 3)
    assert _train(run, "--epochs", "1").exit_code == 0
    before = Path("run/run.json").read_bytes()
    result = _train(run, *(("--epochs", "1") if change[0] != "--epochs" else ()), *change)
    assert result.exit_code == 2
    assert f"Error: run holds another training: {told} since; name a new folder" in result.stderr
    assert Path("run/run.json").read_bytes() == before


def test_another_spec_is_refused_but_not_another_comment(run, wines) -> None:
    assert _train(run).exit_code == 0
    (wines / "wines.arch").write_text(f"# the same\n{SPEC}")
    assert _train(run).exit_code == 0
    (wines / "wines.arch").write_text(SPEC.replace("linear(8", "linear(9"))
    assert "another training: the model changed since" in _train(run).stderr
    (wines / "wines.arch").write_text(SPEC.replace("clip=1", "clip=2"))
    assert "another training: a clause of the spec changed since" in _train(run).stderr


def test_a_folder_of_other_things_is_left_alone(run, wines) -> None:
    assert run("train", "wines.arch", *DATA, "-o", ".").exit_code == 2
    assert not Path("run.json").exists()
    Path("run").write_text("a file")
    result = _train(run)
    assert (result.exit_code, result.stderr) == (2, "Error: cannot write run: file exists\n")


@pytest.mark.parametrize("name", ["spec.arch", "checkpoint.safetensors"])
def test_what_a_kill_left_half_written_is_swept_away(run, wines, name: str) -> None:
    Path("run").mkdir()
    Path("run", f".{name}.a1b2c3").write_text("half")
    assert _train(run, "--epochs", "1").exit_code == 0
    assert not Path("run", f".{name}.a1b2c3").exists()


@pytest.mark.parametrize("name", ["run.json", "metrics.json", "checkpoint.safetensors"])
@pytest.mark.parametrize("content", ["", "[]", "{}", "nonsense"])
def test_what_somebody_else_wrote_there_is_no_crash(run, wines, name: str, content: str) -> None:
    _train(run, "--epochs", "1")
    Path("run", name).write_text(content)
    if name == "checkpoint.safetensors":
        Path("run/metrics.json").unlink()
    result = _train(run, "--epochs", "1")
    assert result.exit_code in (0, 2)
    assert "bug" not in result.stderr


def test_a_second_process_in_one_folder_is_refused_with_the_first_one(run, wines) -> None:
    _train(run, "--epochs", "1")
    code = (
        "import fcntl, sys, time\n"
        "file = open('run/.lock', 'a+'); fcntl.flock(file, fcntl.LOCK_EX)\n"
        "print('held', flush=True); time.sleep(60)"
    )
    other = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    other.stdout.readline()
    try:
        result = _train(run, "--epochs", "1")
    finally:
        other.kill()
        other.wait()
        other.stdout.close()
    assert result.exit_code == 2
    assert (
        f"Error: process {os.getpid()} trains in run already" in result.stderr
    )  # who held it last


@pytest.mark.parametrize("module", [checkpoints, run_folder])
def test_a_full_disk_is_told_and_leaves_nothing_half_written(
    run, wines, monkeypatch, module
) -> None:
    def full(path, content):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(module, "replace", full)
        result = _train(run)
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (
        2,
        "Error: cannot write run: no space left on device",
    )
    assert not Path("run/weights.safetensors").exists()
    assert _train(run).exit_code == 0


def test_time_ends_it_and_more_time_goes_on(run, wines) -> None:
    result = _train(run, "--time", "0.000001s")
    assert result.exit_code == 0
    assert "1e-06 seconds are over" in result.stdout
    assert Path("run/checkpoint.safetensors").exists() is False
    assert _train(run).exit_code == 0
    _train(run, to="undisturbed")
    _alike(Path("run"), Path("undisturbed"))


def test_what_diverges_is_told_with_what_to_try(run, wines) -> None:
    model = "linear(8) -> linear(classes)"
    (wines / "wines.arch").write_text(
        f"arch Wines {{ data table(13) task classify(3) train sgd(lr=1e30) model = {model} }}"
    )
    result = _train(run, "--ignore", "P")
    assert result.exit_code == 1
    assert "the loss was" in result.stdout
    assert "Lower the learning rate" in result.stdout
    assert not Path("run/weights.safetensors").exists()
    again = _train(run, "--ignore", "P")
    assert (again.exit_code, again.stdout) == (1, result.stdout)


def test_a_space_is_asked_for_a_design(run, wines) -> None:
    (wines / "wines.arch").write_text(SPEC.replace("linear(8,", "linear(8 | 16,"))
    refused = _train(run)
    assert refused.exit_code == 1
    assert not Path("run").exists()
    assert _train(run, "--choose", "linear.features=16").exit_code == 0
    assert json.loads(Path("run/design.json").read_text()) == {"linear.features": 16}
    shapes = {tuple(weight.shape) for weight in load_file("run/weights.safetensors").values()}
    assert {(16, 13), (3, 16)} <= shapes


def test_a_design_that_misses_what_the_spec_requires_is_not_trained(run, wines) -> None:
    (wines / "wines.arch").write_text(SPEC.replace("model =", "require params <= 10\n  model ="))
    assert _train(run).exit_code == 4
    assert not Path("run").exists()


def test_data_that_do_not_fit_are_refused(run, wines) -> None:
    result = run("train", "wines.arch", "--data", "sklearn:digits", "-o", "run")
    assert result.exit_code == 2
    assert "sklearn:digits has 10 classes" in result.stderr


@pytest.mark.parametrize("said", ["5x", "0", "-1", "1e400", "9" * 40])
def test_a_time_that_is_none_is_refused(run, wines, said: str) -> None:
    assert _train(run, "--time", said).exit_code == 2


def test_a_terminal_gets_a_bar(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    pytest.importorskip("rich")
    monkeypatch.setattr(training_progress, "is_animated", lambda stream: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("FORCE_COLOR", "1")
    with training_progress.progress(Console(), 2) as report:
        report(Epoch(1, 0.5, {"error": 0.25, "loss": 1.0}, 0.1, 1.0))
        time.sleep(0.2)
    assert "error 0.2500" in capsys.readouterr().err


def test_it_is_a_function_too(wines) -> None:
    x = np.random.default_rng(0).normal(size=(60, 13))
    y = (x[:, 0] > 0).astype(int) + (x[:, 1] > 0)
    seen: list[Epoch] = []
    found = archdsl.train(SPEC, (x, y), report=seen.append, device="cpu", epochs=3)
    assert [epoch.number for epoch in seen] == [1, 2, 3]
    assert (found.ended, found.epochs) == ("finished", 3)
    assert found.validation == seen[found.best_epoch - 1].validation
    assert found.module(torch.zeros(2, 13)).shape == (2, 3)
    assert not found.module.training


def test_what_the_function_gives_travels_with_its_module(wines) -> None:
    found = archdsl.train(SPEC, "sklearn:wine", epochs=1, device="cpu")
    again = pickle.loads(pickle.dumps(found))
    assert again == found
    x = torch.randn(5, 13)
    assert torch.equal(found.module(x), again.module(x))


def test_a_folder_gives_the_function_its_module_again(wines) -> None:
    first = archdsl.train(SPEC, "sklearn:wine", run="kept", epochs=2)
    again = archdsl.train(SPEC, "sklearn:wine", run=Path("kept"), epochs=2)
    assert again == first
    x = torch.randn(5, 13)
    assert torch.equal(first.module(x), again.module(x))


def test_half_precision_comes_back_as_it_was(wines) -> None:
    spec = SPEC.replace("clip=1", "clip=1, precision=bf16")
    first, again = (archdsl.train(spec, "sklearn:wine", run="kept", epochs=1) for _ in "12")
    assert next(again.module.parameters()).dtype == torch.bfloat16
    assert again == first


def test_a_report_may_stop_the_function(wines) -> None:
    def report(epoch: Epoch) -> None:
        raise Stopped("enough")

    found = archdsl.train(SPEC, "sklearn:wine", run="kept", report=report)
    assert (found.ended, found.reason, found.epochs) == ("stopped", "enough", 1)
    assert archdsl.train(SPEC, "sklearn:wine", run="kept").epochs == 6


def test_what_the_function_cannot_use_is_an_error_of_its_own(wines) -> None:
    with pytest.raises(archdsl.SpecError):
        archdsl.train(SPEC.replace("linear(8", "linaer(8"), "sklearn:wine")
    with pytest.raises(ValueError, match="has 10 classes"):
        archdsl.train(SPEC, "sklearn:digits")
    with pytest.raises(ValueError, match="X has shape"):
        archdsl.train(SPEC, (np.zeros((3, 13)), np.zeros(4)))
