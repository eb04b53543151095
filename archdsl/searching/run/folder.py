"""The folder of a run: what is read by people and programs without a database.

``run.json`` (what it is of), ``spec.arch``, ``trials.db`` (SQLite, unless another storage was
given), and ``trials/00012/`` with what one trial left: ``log.txt``, ``curve.jsonl``, weights as
safetensors. While a search with data works, ``prepared`` has those for its trials, as ``.npy``
(:mod:`archdsl.searching.sharing`). JSON, safetensors and plain arrays, never pickle.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archdsl.searching.run.settings import Settings, loads
from archdsl.searching.troubles import NO_RUN, storing, trouble

if TYPE_CHECKING:
    from collections.abc import Mapping

DATABASE = "trials.db"
TAIL = 64 * 1024  # bytes of a log that are kept


class Folder:
    """A run's folder, made where there is none."""

    def __init__(self, path: str | os.PathLike[str], is_new: bool = True) -> None:
        self.path = Path(path)
        if is_new:
            with storing(str(self.path)):
                self.path.mkdir(parents=True, exist_ok=True)

    @property
    def url(self) -> str:
        """The storage of a run that has no other."""
        return f"sqlite:///{self.path / DATABASE}"

    def settings(self) -> Settings | None:
        """What the run is of; None in a folder that holds no run yet. Raises
        :class:`~archdsl.searching.troubles.SearchError` for what cannot be read."""
        place = self.path / "run.json"
        with storing(str(self.path)):
            if not place.exists():
                return None
            document = place.read_text(encoding="utf-8")
            spec = (self.path / "spec.arch").read_text(encoding="utf-8")
        return loads(document, spec, str(place))

    def write_settings(self, settings: Settings) -> None:
        """Keep what the run is of. A spec that was there before is kept under a number."""
        with storing(str(self.path)):
            place = self.path / "spec.arch"
            if place.exists() and place.read_text(encoding="utf-8") != settings.spec:
                number = len(list(self.path.glob("spec.*.arch"))) + 1
                place.rename(self.path / f"spec.{number}.arch")
            write(place, settings.spec)
            write(self.path / "run.json", settings.dumps())

    def of_trial(self, number: int) -> Path:
        """Where a trial leaves what it leaves; made by whoever writes there."""
        return self.path / "trials" / f"{number:05}"

    def log(self, number: int) -> Path:
        """What a trial printed."""
        return self.of_trial(number) / "log.txt"

    def tidied(self, number: int) -> str:
        """Keep the end of a trial's log: its path in the folder; an empty text, and no file, where
        nothing was printed."""
        log = self.log(number)
        try:
            size = log.stat().st_size
        except OSError:
            return ""
        if size == 0:
            log.unlink()
            _remove_empty(log.parent)
            return ""
        if size > TAIL:
            with log.open("rb") as file:
                file.seek(-TAIL, os.SEEK_END)
                end = file.read()
            log.write_bytes(b"[\xe2\x80\xa6]\n" + end.partition(b"\n")[2])
        return self.told(log)

    def told(self, place: Path) -> str:
        """A path as it is kept: from this folder on, which may be moved."""
        return str(place.relative_to(self.path))

    def add_to_log(self, number: int, text: str) -> None:
        """Write behind what a trial printed."""
        self.of_trial(number).mkdir(parents=True, exist_ok=True)
        with self.log(number).open("a", encoding="utf-8") as file:
            file.write(text if text.endswith("\n") else f"{text}\n")

    def add_to_curve(self, number: int, epoch: int, metrics: Mapping[str, float]) -> None:
        """Keep what a trial reported of an epoch."""
        self.of_trial(number).mkdir(parents=True, exist_ok=True)
        with (self.of_trial(number) / "curve.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps({"epoch": epoch, **metrics}) + "\n")

    def curve(self, number: int) -> list[dict[str, Any]]:
        """What a trial reported, by epoch; of an epoch that was run again, the last."""
        try:
            text = (self.of_trial(number) / "curve.jsonl").read_text(encoding="utf-8")
        except OSError:
            return []
        found: dict[int, dict[str, Any]] = {}
        for line in text.splitlines():
            try:
                one = json.loads(line)
            except ValueError:  # cut off when its process was killed
                continue
            found[one["epoch"]] = one
        return [found[epoch] for epoch in sorted(found)]


def existing(path: str | os.PathLike[str]) -> tuple[Folder, Settings]:
    """A folder that holds a run. Raises :class:`~archdsl.searching.troubles.SearchError`."""
    folder = Folder(path, is_new=False)
    settings = folder.settings() if folder.path.is_dir() else None
    if settings is None:
        help = "`archdsl search SPEC -o FOLDER` makes one"
        raise trouble(NO_RUN, f"there is no run in {folder.path}", help=help)
    return folder, settings


def write(place: Path, text: str) -> None:
    """Write a file whole: whenever it is read, it is as before or as after."""
    new = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        with new.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        new.replace(place)
    except OSError:
        new.unlink(missing_ok=True)
        raise


def _remove_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:
        return
