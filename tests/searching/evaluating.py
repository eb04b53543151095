"""Evaluators for the tests: what they give follows from the design alone."""

from __future__ import annotations

import errno
import hashlib
import os
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archdsl.searching.evaluators.trial import Trial

BELOW = 0.25  # about a quarter of the designs come out below it


def of(document: str) -> float:
    """A number from 0 to 1 for a design."""
    return int(hashlib.sha256(document.encode()).hexdigest()[:8], 16) / 2**32


def digest(trial: Trial) -> dict[str, float]:
    return {"accuracy": of(trial.document)}


def slow(trial: Trial) -> dict[str, float]:
    time.sleep(trial.options.get("seconds", 0.1))
    return digest(trial)


def by_epoch(trial: Trial) -> dict[str, float]:
    """Three epochs, each better."""
    value = of(trial.document)
    for epoch in (1, 2, 3):
        trial.report(epoch, {"accuracy": value * epoch / 3, "loss": 1 / epoch})
    return {"accuracy": value, "loss": 1 / 3}


def raising(trial: Trial) -> dict[str, float]:
    if of(trial.document) < BELOW:
        raise ValueError("the data are bad")
    return digest(trial)


def always_raising(trial: Trial) -> dict[str, float]:
    raise RuntimeError(f"design {trial.number} is hopeless")


def giving_nan(trial: Trial) -> dict[str, float]:
    value = of(trial.document)
    return {"accuracy": value if value >= BELOW else float("nan")}


def telling_something_else(trial: Trial) -> dict[str, float]:
    return {"acuracy": 0.5, "loss": 1.0}


def giving_a_list(trial: Trial) -> list[float]:
    return [0.5]


def crashing(trial: Trial) -> dict[str, float]:
    print("about to crash")
    if of(trial.document) < BELOW:
        sys.stdout.flush()
        os.kill(os.getpid(), signal.SIGSEGV)
    return digest(trial)


def killing_once(trial: Trial) -> dict[str, float]:
    """Kills its process at the first attempt of every design."""
    if trial.attempt == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return digest(trial)


def leaving(trial: Trial) -> dict[str, float]:
    if of(trial.document) < BELOW:
        os._exit(3)
    return digest(trial)


def hanging(trial: Trial) -> dict[str, float]:
    if of(trial.document) < BELOW:
        time.sleep(600)
    return digest(trial)


def stopping_itself(trial: Trial) -> dict[str, float]:
    if of(trial.document) < BELOW:
        os.kill(os.getpid(), signal.SIGSTOP)
    return digest(trial)


def filling_memory(trial: Trial) -> dict[str, float]:
    if of(trial.document) < BELOW:
        kept = []
        while True:
            kept.append(bytearray(os.urandom(1024) * 8192))  # 8 MiB that are touched
            time.sleep(0.01)
    return digest(trial)


def out_of_memory(trial: Trial) -> dict[str, float]:
    if of(trial.document) < BELOW:
        raise MemoryError
    return digest(trial)


def out_of_torchs_memory(trial: Trial) -> dict[str, float]:
    import torch

    if of(trial.document) < BELOW:
        torch.empty(2**60, dtype=torch.uint8)
    return digest(trial)


def with_a_child(trial: Trial) -> dict[str, float]:
    """Leaves a process behind that would outlive it, and says which."""
    child = os.fork()
    if child == 0:
        time.sleep(600)
        os._exit(0)
    (trial.folder / "child").write_text(str(child), encoding="ascii")
    return digest(trial)


def printing(trial: Trial) -> dict[str, float]:
    print("x" * 99 + "\n" + ("line of a long log\n" * 20_000))
    raise ValueError("at the end")


def counted(trial: Trial) -> dict[str, float]:
    """Leaves a line for each time that a design is evaluated."""
    with Path(trial.options["tally"]).open("a", encoding="utf-8") as file:
        file.write(f"{trial.number} {trial.attempt}\n")
    time.sleep(trial.options.get("seconds", 0.0))
    return digest(trial)


def interrupting(trial: Trial) -> dict[str, float]:
    """Ctrl-C comes during the third trial of a run."""
    if trial.number == 2 and not (trial.folder / "came").exists():
        (trial.folder / "came").touch()
        os.kill(trial.options["supervisor"], trial.options["how"])
        time.sleep(5)
    return digest(trial)


def ending_its_process(trial: Trial) -> dict[str, float]:
    """Ends whatever process it runs in, of one design; with a word before it."""
    if trial.number == 2:
        with Path(trial.options["tally"]).open("a", encoding="utf-8") as file:
            file.write(f"{trial.attempt}\n")
        os.kill(os.getpid(), signal.SIGKILL)
    return digest(trial)


def on_a_full_disk(trial: Trial) -> dict[str, float]:
    """There is no room for the weights of the third trial."""
    if trial.number == 2:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    return digest(trial)


def telling_its_process(trial: Trial) -> dict[str, float]:
    return {"accuracy": float(os.getpid())}
