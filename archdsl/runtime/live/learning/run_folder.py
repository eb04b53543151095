"""The folder of a training: what it is of, how far it is, and what it came to.

``run.json`` says what is trained, and on what; ``spec.arch``, ``design.json`` and ``model.py`` are
the model (the last needs torch alone). ``curves.csv`` has a row for each epoch,
``weights.safetensors`` the weights that are kept, ``metrics.json`` what they are worth. While a
training is not over, ``checkpoint.safetensors`` holds where it stands. Every file is written whole
or not at all, and none is pickled.
"""

from __future__ import annotations

import csv
import io
import json
import os
from contextlib import contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl import __version__
from archdsl.content import content_of, replace
from archdsl.emit.pytorch import emit
from archdsl.evaluate.designs import design_of
from archdsl.rendering.finite import finite
from archdsl.runtime.extras import BadInput
from archdsl.runtime.live.data.identity import digest
from archdsl.runtime.live.learning.checkpoints import packed, unpacked
from archdsl.runtime.live.learning.progress import DIVERGED, FINISHED, PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from torch import nn

    from archdsl.evaluate.program import Evaluation
    from archdsl.runtime.live.data.given import Given
    from archdsl.runtime.live.learning.progress import Epoch, Learned, Options
    from archdsl.runtime.live.learning.started import Start

OVER = (FINISHED, PATIENCE, DIVERGED)  # how a training ends that does not go on
RUN, METRICS, CURVES = "run.json", "metrics.json", "curves.csv"
WEIGHTS, CHECKPOINT, LOCK = "weights.safetensors", "checkpoint.safetensors", ".lock"
MOST = 1 << 26  # bytes of a file of JSON that is read
SAID = {
    "model": "the model",
    "clauses": "a clause of the spec",
    "data": "where the data come from",
    "samples": "the data",
    "epochs": "the number of epochs",
    "seed": "the seed",
    "weights": "the weights to start from",
}


class Kept(NamedTuple):
    """What a folder says of a training: the texts of its model, by the names of their files, and
    what it follows from besides."""

    files: Mapping[str, str]
    origin: Mapping[str, Any]


def kept_of(
    source: str,
    evaluation: Evaluation,
    data: Given,
    where: str,
    options: Options,
    start: Start | None = None,
) -> Kept:
    """What a folder says of the training of a design, on data that ``where`` names."""
    clauses, module = evaluation.clauses, emit(evaluation.graph)
    design = json.dumps(design_of(evaluation), ensure_ascii=False)
    files = {"spec.arch": source, "design.json": f"{design}\n", "model.py": module}
    origin = {
        "model": sha256(module.encode()).hexdigest(),
        "clauses": [repr(one) for one in (clauses.data, clauses.task, clauses.train)],
        "data": where,
        "samples": digest(data),
        "epochs": options.epochs,
        "seed": options.seed,
        "weights": None if start is None else start.digest,
    }
    return Kept(files, origin)


class RunFolder:
    """A folder that one process at a time trains in."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.checkpoint = path / CHECKPOINT

    @contextmanager
    def held(self, kept: Kept) -> Iterator[None]:
        """Inside, the folder is there, says what is trained in it, and is nobody else's.

        Raises :class:`BadInput` for a folder of another training or of something else, or where
        another process trains in it; OSError where it cannot be written.
        """
        import torch

        self.path.mkdir(parents=True, exist_ok=True)
        self._refuse_other(kept)
        with _locked(self.path / LOCK, self.path):
            for leftover in self._leftovers(kept):
                leftover.unlink(missing_ok=True)
            if not self._is_begun:
                for name, text in kept.files.items():
                    replace(self.path / name, text.encode())
                versions = {"archdsl": __version__, "torch": torch.__version__}
                self._put(RUN, {**kept.origin, "versions": versions})
            yield

    @property
    def _is_begun(self) -> bool:
        """Whether there is anything that training came to."""
        return any((self.path / name).exists() for name in (CURVES, CHECKPOINT, METRICS))

    def _refuse_other(self, kept: Kept) -> None:
        there = self._read(RUN)
        if there is None:
            known = {LOCK, *kept.files, *(path.name for path in self._leftovers(kept))}
            if any(entry.name not in known for entry in self.path.iterdir()):
                raise BadInput(f"{self.path} holds other things and no training: name a new folder")
            return
        changed = [SAID[name] for name, value in kept.origin.items() if there.get(name) != value]
        if changed and self._is_begun:
            told = " and ".join(", ".join(changed).rsplit(", ", 1))
            raise BadInput(
                f"{self.path} holds another training: {told} changed since; name a new folder"
            )

    def _leftovers(self, kept: Kept) -> list[Path]:
        """What a process left half written that was killed meanwhile."""
        names = (RUN, METRICS, CURVES, WEIGHTS, CHECKPOINT, *kept.files)
        return [path for name in names for path in self.path.glob(f".{name}.*")]

    def result(self) -> dict[str, Any] | None:
        """What a training that is over came to; None while it is not."""
        found = self._read(METRICS)
        return found if found is not None and found.get("ended") in OVER else None

    def restore(self, module: nn.Module) -> nn.Module:
        """A module with the weights that are kept."""
        path = self.path / WEIGHTS
        if path.exists():
            tensors = unpacked(path.read_bytes(), path)
            stored = [one.dtype for one in tensors.values() if one.is_floating_point()]
            module.to(dtype=stored[0] if stored else None).load_state_dict(tensors)
        return module.eval()

    def add(self, epoch: Epoch) -> None:
        """A row for an epoch, after those before it."""
        self._write_curves([*(row for row in self._rows() if _number(row) < epoch.number)], [epoch])

    def finish(self, learned: Learned, document: dict[str, Any]) -> None:
        """Keep what a training came to. One that is over needs its checkpoint no more."""
        self._write_curves([], learned.epochs)
        if learned.best:
            replace(self.path / WEIGHTS, packed(learned.module.state_dict()))
        self._put(METRICS, document)
        if learned.ended in OVER:
            self.checkpoint.unlink(missing_ok=True)

    def _rows(self) -> list[dict[str, str]]:
        path = self.path / CURVES
        if not path.exists():
            return []
        text = content_of(path, MOST).decode("utf-8", errors="replace")
        return list(csv.DictReader(io.StringIO(text)))

    def _write_curves(self, rows: list[dict[str, str]], epochs: Any) -> None:
        new = [_row(epoch) for epoch in epochs]
        text = io.StringIO()
        columns = (new or rows or [{}])[-1]
        writer = csv.DictWriter(text, list(columns), lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        writer.writerows([*rows, *new])
        replace(self.path / CURVES, text.getvalue().encode())

    def _put(self, name: str, document: Mapping[str, Any]) -> None:
        text = json.dumps(finite(dict(document)), indent=2, ensure_ascii=False)
        replace(self.path / name, f"{text}\n".encode())

    def _read(self, name: str) -> dict[str, Any] | None:
        path = self.path / name
        if not path.exists():
            return None
        try:
            found = json.loads(content_of(path, MOST))
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise BadInput(f"{path} is not what archdsl wrote: name a new folder")
        return found


def _row(epoch: Epoch) -> dict[str, str]:
    columns = {"epoch": epoch.number, "loss": epoch.loss, "rate": epoch.rate}
    measured = {f"validation_{word}": value for word, value in sorted(epoch.validation.items())}
    whole = {**columns, **measured, "seconds": round(epoch.seconds, 3)}
    return {name: repr(value) for name, value in whole.items()}


def _number(row: Mapping[str, str]) -> int:
    """The epoch of a row; of one that is none, more than any."""
    said = row.get("epoch") or ""
    return int(said) if said.isdecimal() else MOST


@contextmanager
def _locked(path: Path, folder: Path) -> Iterator[None]:
    """A lock that ends with the process, however that ends. Where the system has none, there is
    none."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise BadInput(f"process {file.read(20)} trains in {folder} already") from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
