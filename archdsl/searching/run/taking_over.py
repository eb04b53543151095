"""What trials left (logs, curves, weights), where another search takes the run's folder over.

Trials get new numbers then. Those of each search stand in a folder of its own: ``trials`` for the
one whose run it is, ``trials.1a2b3c4d`` for each before.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from archdsl.searching.troubles import storing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from archdsl.searching.run.folder import Folder
    from archdsl.searching.run.settings import Settings

TRIALS = "trials"


def take_over(folder: Folder, old: Settings, new: Settings, numbers: Mapping[int, int]) -> None:
    """Give the trials of a search what they left as those of another; ``numbers`` has their new
    ones by their old. May be done again after it was interrupted: the folders are renamed last."""
    trials, before, after = folder.path / TRIALS, _aside(folder, old), _aside(folder, new)
    with storing(str(folder.path)):
        is_aside = before.exists()
        there = before if is_aside else trials
        here = trials if is_aside and trials.exists() else after
        for number, other in numbers.items():
            _copied(there / folder.of_trial(number).name, here / folder.of_trial(other).name)
        if trials.exists() and not is_aside:
            trials.rename(before)
        if after.exists():
            after.rename(trials)


def _aside(folder: Folder, settings: Settings) -> Path:
    """Where what trials left stands while another search has the folder."""
    return folder.path / f"{TRIALS}.{settings.study.rpartition(' ')[2]}"


def _copied(there: Path, here: Path) -> None:
    """A trial's folder, whole or not at all, unless it is there already."""
    if here.exists() or not there.exists():
        return
    new = here.with_name(f".{here.name}")
    shutil.rmtree(new, ignore_errors=True)
    shutil.copytree(there, new)
    new.rename(here)
