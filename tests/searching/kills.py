"""Searches whose processes are killed and stopped at random moments: `python -m
tests.searching.kills --kills 200`.

The supervisor, its workers and the server they are forked from are killed (-9) or stopped; the
search is begun again whenever it ended. Of every run has to hold:

- what was once recorded as finished stays as it was, and is not evaluated again;
- no design is tried twice;
- in the end, the trials are those of a search that nobody disturbed, with the same values.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from archdsl.searching.run.opening import read_run
from archdsl.searching.supervising import processes
from archdsl.searching.troubles import SearchError
from tests.searching.searches import searched, values

ROOT = Path(__file__).parents[2]
EVALUATOR = "tests.searching.evaluating:counted"
STEPS = ("kill supervisor", "stop supervisor", "kill worker", "stop worker", "kill server")
WEIGHTS = (3, 1, 4, 2, 1)
SOON = 0.5  # seconds after which a stopped worker counts as stalled here
BEGINNING = 20.0  # seconds in which a search has to begin


class Child(NamedTuple):
    """A process below another, and how deep."""

    pid: int
    depth: int


def main() -> None:
    """What the command line asks for; or, with a folder alone, to be the search that is killed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--trials", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--child", nargs=2, metavar=("FOLDER", "SEED"))
    asked = parser.parse_args()
    if asked.child:
        begin(Path(asked.child[0]), asked.trials, int(asked.child[1]))
        return
    with tempfile.TemporaryDirectory() as folder:
        print(disturbed(Path(folder), asked.kills, asked.trials, asked.seed))


def begin(folder: Path, trials: int, seed: int) -> None:
    """The search that is killed."""
    processes.STOPPED = SOON
    options = {"tally": str(folder.with_suffix(".tally")), "seconds": 0.1}
    searched(
        folder,
        EVALUATOR,
        trials=trials,
        seed=seed,
        options=options,
        workers=2,
        isolated=True,
        attempts=10_000,  # whether a design or somebody else killed its worker cannot be seen
    )


def disturbed(folder: Path, kills: int, trials: int, seed: int) -> str:
    """Disturb one search after the other until so many kills were dealt; what was done. Raises
    AssertionError where something does not hold."""
    chance = random.Random(seed)
    dealt: Counter[str] = Counter()
    runs = 0
    while sum(dealt.values()) < kills:
        one = Disturbed(folder / f"run{runs}", trials, runs, chance)
        dealt += one.until_it_ends(kills - sum(dealt.values()))
        whole = searched(folder / f"whole{runs}", trials=trials, seed=runs)
        assert values(read_run(one.folder).trials) == values(whole.trials)
        runs += 1
    told = ", ".join(f"{count} × {step}" for step, count in dealt.most_common())
    return f"{sum(dealt.values())} disturbances in {runs} searches of {trials} trials: {told}"


class Disturbed:
    """One search, and what was seen of it so far."""

    def __init__(self, folder: Path, trials: int, seed: int, chance: random.Random) -> None:
        self.folder = folder
        self.trials = trials
        self.seed = seed
        self.chance = chance
        self.dealt: Counter[str] = Counter()
        self.finished: dict[int, object] = {}
        self.evaluated: Counter[int] = Counter()  # of the finished ones, when they were seen so

    def until_it_ends(self, kills: int) -> Counter[str]:
        """Disturb it at most so often, and let it end."""
        while True:
            search = self._begun()
            while search.poll() is None and sum(self.dealt.values()) < kills:
                time.sleep(self.chance.uniform(0.05, 0.8))
                self._disturb(search)
                self._check()
            code = search.wait(timeout=300)
            self._check()
            if code == 0:
                return self.dealt
            assert code == -signal.SIGKILL, f"the search ended with {code}"

    def _begun(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.searching.kills", "--trials", str(self.trials)]
        search = subprocess.Popen([*command, "--child", str(self.folder), str(self.seed)], cwd=ROOT)
        until = time.monotonic() + BEGINNING
        while time.monotonic() < until and search.poll() is None:
            if any(child.depth == 2 for child in below(search.pid)):
                break  # the first worker is there
            time.sleep(0.02)
        return search

    def _disturb(self, search: subprocess.Popen[bytes]) -> None:
        (step,) = self.chance.choices(STEPS, WEIGHTS)
        what, whom = step.split()
        depth = {"supervisor": 0, "server": 1, "worker": 2}[whom]
        some = [one.pid for one in below(search.pid) if one.depth == depth]
        if not some or search.poll() is not None:
            return
        victim = self.chance.choice(some)
        with suppress(ProcessLookupError):
            os.kill(victim, signal.SIGKILL if what == "kill" else signal.SIGSTOP)
            self.dealt[step] += 1
            if step == "stop supervisor":
                time.sleep(self.chance.uniform(0.1, 1.0))
                self._check()
                goes_on = self.chance.random() < 0.5
                os.kill(victim, signal.SIGCONT if goes_on else signal.SIGKILL)
        if whom == "supervisor" and what == "kill":
            search.wait(timeout=60)

    def _check(self) -> None:
        """What was finished stays so; no design comes twice."""
        try:
            run = read_run(self.folder)
        except SearchError:
            return  # it had not come so far
        now = {t.number: (t.key, t.state, t.values) for t in run.trials if t.state != "running"}
        keys = [trial.key for trial in run.trials]
        assert len(set(keys)) == len(keys)
        tally = self._tally()
        for number, before in self.finished.items():
            assert now.get(number) == before, f"trial {number} was {before}, is {now.get(number)}"
            assert tally[number] == self.evaluated[number], f"trial {number} was evaluated again"
        new = now.keys() - self.finished.keys()
        self.evaluated.update({number: tally[number] for number in new})
        self.finished = dict(now)

    def _tally(self) -> Counter[int]:
        """How often each trial was begun to be evaluated."""
        try:
            lines = self.folder.with_suffix(".tally").read_text(encoding="utf-8").splitlines()
        except OSError:
            return Counter()
        return Counter(int(line.split()[0]) for line in lines)


def below(pid: int, depth: int = 0) -> list[Child]:
    """A process and those below it."""
    found = [Child(pid, depth)]
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    except OSError:
        return found
    for child in text.split():
        found += below(int(child), depth + 1)
    return found


if __name__ == "__main__":
    main()
