"""A run: what is kept of it, who may work on it, and what it becomes when the spec changes."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
import time
from importlib.util import find_spec
from random import Random
from typing import TYPE_CHECKING, Any
from wsgiref.util import setup_testing_defaults

import optuna
import pytest

from archdsl.api import judging_of, read
from archdsl.searching.candidates import Candidates
from archdsl.searching.objectives import goals_of
from archdsl.searching.results.gathering import results
from archdsl.searching.run import owners
from archdsl.searching.run.adapting import REPLACED
from archdsl.searching.run.folder import Folder
from archdsl.searching.run.opening import read_run
from archdsl.searching.run.owners import LEASE, Owner, this_process
from archdsl.searching.run.run import Holder
from archdsl.searching.run.sessions import PREFIX, Session, sessions, spent
from archdsl.searching.run.settings import Settings
from archdsl.searching.run.storage import is_on_network, shown
from archdsl.searching.run.taking_over import take_over
from archdsl.searching.troubles import SearchError
from tests.searching.searches import SPEC, searched, values

if TYPE_CHECKING:
    from pathlib import Path

    from archdsl.searching.run.run import Run

HERE = "tests.searching.evaluating"
PYTHON = [sys.executable, "-c"]
BEGIN = """
import sys
from pathlib import Path
from tests.searching.searches import searched

asked = {"trials": int(sys.argv[3]), "options": {"seconds": float(sys.argv[4])}}
found = searched(Path(sys.argv[1]), sys.argv[2], join=True, **asked)
print(found.ended)
"""


def begun(folder: Path, trials: int = 40, seconds: float = 0.05) -> subprocess.Popen[str]:
    """A search in another process."""
    arguments = [str(folder), f"{HERE}:slow", str(trials), str(seconds)]
    return subprocess.Popen(
        [*PYTHON, BEGIN, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def wait_for_trials(folder: Path, some: int = 1) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if (folder / "run.json").exists() and len(read_run(folder).trials) >= some:
            return
        time.sleep(0.05)
    pytest.fail("no trial was begun")


def test_a_folder_says_what_the_run_is_of(tmp_path: Path) -> None:
    searched(tmp_path / "run", trials=2, seed=7)
    kept = json.loads((tmp_path / "run" / "run.json").read_text(encoding="utf-8"))
    assert kept["seed"] == 7
    assert kept["arch"] == "Small"
    assert kept["objectives"] == [
        {"text": "accuracy", "direction": "maximize", "reads": ["accuracy"]}
    ]
    assert kept["versions"]["optuna"] == optuna.__version__
    assert (tmp_path / "run" / "spec.arch").read_text(encoding="utf-8") == SPEC


def test_optuna_reads_what_was_written(tmp_path: Path) -> None:
    found = searched(tmp_path / "run", f"{HERE}:raising", trials=25)
    (name,) = optuna.get_all_study_names(f"sqlite:///{tmp_path / 'run' / 'trials.db'}")
    study = optuna.load_study(study_name=name, storage=f"sqlite:///{tmp_path / 'run'}/trials.db")
    assert study.metric_names == ["accuracy"]
    assert study.direction == optuna.study.StudyDirection.MAXIMIZE
    for theirs, ours in zip(study.trials, found.trials, strict=True):
        assert theirs.params == dict(ours.design)
        assert theirs.values == (list(ours.values) if ours.values else None)
        assert theirs.state.name == ("FAIL" if ours.failed else "COMPLETE")
        assert theirs.duration is not None
        theirs._validate()
    assert found.best is not None
    assert study.best_trial.number == found.best.number
    sampler = optuna.samplers.TPESampler(seed=0)
    again = optuna.load_study(study_name=name, storage=study._storage, sampler=sampler)
    trial = again.ask(dict(study.trials[0].distributions))
    assert trial.params.keys() == study.trials[0].params.keys()


def test_reports_are_what_optuna_calls_intermediate_values(tmp_path: Path) -> None:
    found = searched(tmp_path / "run", f"{HERE}:by_epoch", trials=2)
    storage = read_run(tmp_path / "run").rows.storage
    trial = storage.get_trial(found.trials[1].id)
    assert list(trial.intermediate_values) == [1, 2, 3]
    assert [trial.intermediate_values[3]] == list(found.trials[1].values or ())


def test_the_dashboard_opens_it(tmp_path: Path) -> None:
    dashboard = pytest.importorskip("optuna_dashboard")
    found = searched(tmp_path / "run", f"{HERE}:giving_nan", trials=12)
    app = dashboard.wsgi(f"sqlite:///{tmp_path / 'run' / 'trials.db'}")

    def asked(path: str) -> Any:
        environ: dict[str, Any] = {}
        setup_testing_defaults(environ)
        environ["PATH_INFO"] = path
        status: list[str] = []
        body = b"".join(app(environ, lambda said, *_: status.append(said)))
        assert status == ["200 OK"]
        return json.loads(body, parse_constant=pytest.fail)  # browsers know no NaN

    (study,) = asked("/api/studies")["study_summaries"]
    told = asked(f"/api/studies/{study['study_id']}")
    states = ["Fail" if trial.failed else "Complete" for trial in found.trials]
    assert [trial["state"] for trial in told["trials"]] == states
    assert "Fail" in states


def test_nothing_is_pickled(tmp_path: Path) -> None:
    searched(tmp_path / "run", f"{HERE}:by_epoch", trials=2)
    names = {path.suffix for path in (tmp_path / "run").rglob("*") if path.is_file()}
    assert names <= {".json", ".jsonl", ".arch", ".db", ".lock", ".txt"}


def test_a_second_search_is_refused_and_the_first_is_named(tmp_path: Path) -> None:
    first = begun(tmp_path / "run")
    try:
        wait_for_trials(tmp_path / "run")
        with pytest.raises(SearchError, match=f"E912: .* process {first.pid}") as caught:
            searched(tmp_path / "run", f"{HERE}:slow", trials=40)
        assert "--join" in caught.value.diagnostics[0].help
    finally:
        first.kill()
        first.communicate()
    found = searched(tmp_path / "run", f"{HERE}:slow", trials=5, options={"seconds": 0.0})
    assert found.ended == "trials"  # nobody holds it any more


@pytest.mark.slow
def test_searches_may_work_on_one_run_together(tmp_path: Path) -> None:
    others = [begun(tmp_path / "run", 30, 0.03) for _ in range(3)]
    told = [other.communicate(timeout=120) for other in others]
    assert [other.returncode for other in others] == [0] * 3, told
    run = read_run(tmp_path / "run")
    assert len({trial.key for trial in run.trials}) == len(run.trials) == 30
    assert values(run.trials) == values(searched(tmp_path / "whole", trials=30).trials)
    assert len(sessions(run.rows)) == 3


def test_a_trial_whose_owner_died_runs_again_once(tmp_path: Path) -> None:
    tally = tmp_path / "tally"
    code = BEGIN.replace('"options": {', f'"options": {{"tally": {str(tally)!r}, ')
    arguments = [str(tmp_path / "run"), f"{HERE}:counted", "30", "30"]
    first = subprocess.Popen([*PYTHON, code, *arguments])
    wait_for_trials(tmp_path / "run")
    first.kill()
    first.wait()
    (trial,) = read_run(tmp_path / "run").trials
    assert trial.state == "running"
    options = {"tally": str(tally)}
    found = searched(tmp_path / "run", f"{HERE}:counted", trials=3, options=options)
    assert found.trials[0].attempt == 2
    assert tally.read_text(encoding="utf-8").splitlines() == ["0 1", "0 2", "1 1", "2 1"]


def test_a_changed_spec_is_refused_with_the_difference(tmp_path: Path) -> None:
    searched(tmp_path / "run", trials=3)
    with pytest.raises(SearchError, match=r"E911: the run in .* is of another search") as caught:
        searched(tmp_path / "run", spec=SPEC.replace("3 | 5 | 7", "3 | 5"))
    (finding,) = caught.value.diagnostics
    changed = [line for line in finding.notes if line[:1] in "+-"]
    assert [line[:1] for line in changed[2:]] == ["-", "+"]
    assert "3 | 5 | 7" in changed[2]
    with pytest.raises(SearchError, match="E911"):
        searched(tmp_path / "run", seed=1)
    with pytest.raises(SearchError, match="E911"):
        searched(tmp_path / "run", f"{HERE}:slow")
    assert len(read_run(tmp_path / "run").trials) == 3


def test_trials_that_still_hold_are_taken_over(tmp_path: Path) -> None:
    before = searched(tmp_path / "run", trials=30)
    smaller = SPEC.replace("3 | 5 | 7", "3 | 5")
    found = searched(tmp_path / "run", spec=smaller, trials=1000, adapt=True)
    gone = [t for t in before.trials if t.design["body.residual.f.conv.kernel"] == 7]
    assert 0 < len(gone) < 30
    assert found.moved == 30 - len(gone)
    assert found.dropped == {"their design does not exist any more": len(gone)}
    kept = [trial for trial in before.trials if trial not in gone]
    assert values(found.trials[: len(kept)]) == values(kept)
    assert len(found.trials) == 72  # each design of the new space, once
    assert (tmp_path / "run" / "spec.1.arch").read_text(encoding="utf-8") == SPEC
    assert searched(tmp_path / "run", spec=smaller, trials=1000).ended == "space"


def test_what_trials_left_gets_their_new_numbers(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    before = searched(folder, f"{HERE}:by_epoch", trials=12)
    for trial in before.trials:  # as weights are
        (folder / "trials" / f"{trial.number:05}" / "left").write_text(trial.key, "utf-8")
    smaller = SPEC.replace("3 | 5 | 7", "3 | 5")
    for spec in (smaller, SPEC):  # there and back
        found = searched(folder, f"{HERE}:by_epoch", spec, trials=12, adapt=True)
        keys = {f"{trial.number:05}": trial.key for trial in found.trials}
        left = {place.parent.name: place for place in folder.glob("trials/*/left")}
        assert len(left) == 12 if spec == SPEC else 0 < len(left) == found.moved < 12
        assert all(place.read_text("utf-8") == keys[name] for name, place in left.items())
        for trial in found.trials:
            (*_, last) = results(folder).curve(trial.number)
            assert last["accuracy"] == trial.metrics["accuracy"]


def test_taking_over_what_trials_left_goes_on_where_it_was_interrupted(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    old, new = (Settings("", "A", (), study=f"A {name}") for name in ("old", "new"))
    for number in (0, 1):
        folder.add_to_log(number, f"was {number}")
    numbers = {1: 0}
    for renamed in range(3):  # of two folders, when it was interrupted
        take_over(folder, old, new, numbers)
        assert folder.log(0).read_text("utf-8") == "was 1\n"
        assert not folder.log(1).exists()
        if renamed == 0:
            (tmp_path / "trials").rename(tmp_path / "trials.new")
        if renamed == 1:
            (tmp_path / "trials").rename(tmp_path / "trials.new")
            (tmp_path / "trials.old").rename(tmp_path / "trials")
    take_over(folder, new, old, {})
    assert [folder.log(number).read_text("utf-8") for number in (0, 1)] == ["was 0\n", "was 1\n"]


def test_a_mistake_in_the_first_command_does_not_keep_the_folder(tmp_path: Path) -> None:
    with pytest.raises(SearchError, match="E917"):
        searched(tmp_path / "run", "tests.searching.evaluatin:of", trials=2)
    with pytest.raises(SearchError, match="E915"):
        searched(tmp_path / "run", f"{HERE}:telling_something_else", trials=2)
    found = searched(tmp_path / "run", f"{HERE}:by_epoch", trials=2)
    assert [trial.attempt for trial in found.complete] == [1, 1]
    assert (found.moved, found.dropped) == (0, {})
    with pytest.raises(SearchError, match="E911"):
        searched(tmp_path / "run", f"{HERE}:slow")
    assert len(_studies(tmp_path / "run")) == 1  # those of the mistakes are gone


def _studies(run: Path) -> dict[str, str]:
    """What a dashboard shows: each study, and which one took its place."""
    storage = optuna.storages.RDBStorage(f"sqlite:///{run / 'trials.db'}")
    return {one.study_name: one.user_attrs.get(REPLACED, "") for one in storage.get_all_studies()}


def test_a_study_that_was_taken_over_says_which_took_its_place(tmp_path: Path) -> None:
    other = SPEC.replace("max_pool(3", "avg_pool(3")
    searched(tmp_path / "run", trials=2)
    (first,) = _studies(tmp_path / "run")
    searched(tmp_path / "run", spec=other, trials=2, adapt=True)
    (second,) = _studies(tmp_path / "run").keys() - {first}
    assert _studies(tmp_path / "run") == {first: second, second: ""}
    searched(tmp_path / "run", trials=2, adapt=True)  # and back
    assert _studies(tmp_path / "run") == {first: "", second: first}


def test_a_network_that_became_another_is_not_taken_over(tmp_path: Path) -> None:
    searched(tmp_path / "run", trials=10)
    other = SPEC.replace("max_pool(3", "avg_pool(3")
    found = searched(tmp_path / "run", spec=other, trials=12, adapt=True)
    assert (found.moved, len(found.trials)) == (0, 12)
    assert found.dropped == {"their design is another network now": 10}


def test_new_objectives_are_worked_out_from_what_was_reported(tmp_path: Path) -> None:
    searched(tmp_path / "run", f"{HERE}:by_epoch", trials=10)
    text = SPEC.replace("  model", "  minimize loss\n  minimize params\n  model")
    candidates = Candidates(judging_of(read(text), None))
    targets = goals_of(candidates.judging.program)
    asked: dict[str, Any] = {"trials": 10, "adapt": True, "objectives": targets}
    found = searched(tmp_path / "run", f"{HERE}:by_epoch", text, **asked)
    assert found.moved == 10
    for trial in found.trials:
        assert trial.values == (1 / 3, candidates.computed(trial.design, "params"))


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("chapter", encoding="utf-8")
    with pytest.raises(SearchError, match=r"E918: .* holds other files, such as thesis.tex"):
        searched(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 99}', "not json"])
def test_a_run_that_cannot_be_read_is_told(tmp_path: Path, text: str) -> None:
    searched(tmp_path / "run", trials=1)
    (tmp_path / "run" / "run.json").write_text(text, encoding="utf-8")
    with pytest.raises(SearchError, match="E918"):
        searched(tmp_path / "run", trials=2)


def test_there_is_no_run_where_none_was_begun(tmp_path: Path) -> None:
    with pytest.raises(SearchError, match="E918: there is no run in"):
        read_run(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


def test_another_storage_than_the_runs_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'elsewhere.db'}"
    searched(tmp_path / "run", trials=2, storage=url)
    assert len(searched(tmp_path / "run", trials=3).trials) == 3  # it is known where they are
    with pytest.raises(SearchError, match=r"E918: the trials of this run are in .*elsewhere\.db"):
        searched(tmp_path / "run", trials=3, storage=f"sqlite:///{tmp_path / 'third.db'}")


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("nonsense", "E913: the storage is no URL of a database"),
        ("nosuch://a/b", "E913: the storage nosuch://a/b cannot be used"),
        ("mysql+oursql://a/b", "E913: the storage mysql.oursql://a/b cannot be used"),
        ("sqlite://", "E913: a search keeps its trials in a file"),
        ("sqlite:////proc/nowhere/t.db", "E913: the storage .*: there is no folder /proc/nowhere"),
    ],
)
def test_a_storage_that_cannot_be_is_told(tmp_path: Path, url: str, told: str) -> None:
    with pytest.raises(SearchError, match=told):
        searched(tmp_path / "run", storage=url)


@pytest.mark.skipif(find_spec("MySQLdb") is not None, reason="the driver is there")
def test_a_driver_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(SearchError, match="needs MySQLdb, which is not installed") as caught:
        searched(tmp_path / "run", storage="mysql+mysqldb://me@host/db")
    assert caught.value.diagnostics[0].help == "pip install 'mysqlclient'"


def test_passwords_are_not_shown() -> None:
    assert shown("postgresql://me:secret@host/db") == "postgresql://me:***@host/db"


def test_what_is_no_database_is_told(tmp_path: Path) -> None:
    searched(tmp_path / "run", trials=1)
    (tmp_path / "run" / "trials.db").write_text("something else entirely" * 100, encoding="utf-8")
    with pytest.raises(SearchError, match=r"E913: .* not a database"):
        searched(tmp_path / "run", trials=2)


def test_a_process_is_told_from_a_later_one_with_its_number() -> None:
    this = this_process()
    assert this.pid == os.getpid()
    assert not this.is_gone
    assert this._replace(began="1").is_gone
    assert this._replace(boot="another").is_gone
    assert Owner(this.host, this.boot, 2**22 + 1, "5").is_gone
    assert not this._replace(host="elsewhere").is_gone  # it cannot be seen from here


def test_a_zombie_is_gone() -> None:
    child = subprocess.Popen([*PYTHON, "pass"])
    owner = this_process()._replace(pid=child.pid, began=owners._began(child.pid))
    deadline = time.monotonic() + 20
    while not owner.is_gone and time.monotonic() < deadline:
        time.sleep(0.01)
    assert owner.is_gone
    assert child.returncode is None  # it ended, and nobody asked how
    child.wait()


def test_an_owner_elsewhere_is_gone_when_it_gives_no_sign_of_life() -> None:
    there = this_process()._replace(host="elsewhere")
    now = time.time()
    assert not owners.lost(there, now - 1)
    assert owners.lost(there, now - LEASE - 1)
    assert owners.lost(there, None)


def test_the_time_of_a_run_is_that_in_which_somebody_worked() -> None:
    owner = this_process()._replace(began="0")
    times = [(0.0, 10.0), (5.0, 12.0), (20.0, 21.0)]
    some = [Session(owner, begin, end, ended=True) for begin, end in times]
    assert spent(some) == 13


def test_a_file_system_of_a_network_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not is_on_network(tmp_path)
    mounts = f"a / ext4 rw 0 0\nserver:/x {tmp_path} nfs4 rw 0 0\n"
    monkeypatch.setattr(pathlib.Path, "read_text", lambda self, **_: mounts)
    assert is_on_network(tmp_path / "run" / "trials.db")
    assert not is_on_network(tmp_path.parent / "trials.db")


def joined(folder: Path) -> Run:
    """This process's part in a run, which it works on beside others."""
    run = read_run(folder)
    run.join({}, beside_others=True)
    return run


def elsewhere(run: Run, beat: float) -> None:
    """Make a run's part one of another machine, last seen at a time."""
    assert run._pulse is not None
    pulse = run._pulse
    pulse._over.set()
    pulse._thread.join()
    there = run.owner._replace(host="elsewhere")
    for tried in run.mine():
        was, now = Holder(run.owner).dumps(), Holder(there).dumps()
        assert run.rows.exchange(tried.id, "owner", was, now)
    pulse.session = pulse.session._replace(owner=there, beat=beat)
    run.rows.set_study_attribute(PREFIX + there.session, pulse.session.kept())


def test_a_machine_that_is_silent_loses_its_trials_and_may_not_end_them(tmp_path: Path) -> None:
    searched(tmp_path / "run", trials=2)
    candidates = Candidates(judging_of(read(SPEC), None))
    there, here, third = (joined(tmp_path / "run") for _ in range(3))
    candidate = candidates.unseen({trial.key for trial in there.trials}, Random(5))
    assert candidate is not None
    began = there.begin(candidate)
    elsewhere(there, time.time() - 10)
    here.sync()
    assert here.lost() == []  # it was heard of just now
    elsewhere(there, time.time() - LEASE - 10)
    (lost,) = here.lost()
    third.sync()
    (also,) = third.lost()
    ours = here.take_over(lost)
    assert ours is not None
    assert ours.attempt == 2
    assert third.take_over(also) is None  # one of several that try succeeds
    here.end(ours.number, "complete", (0.5,), {"accuracy": 0.5})
    late = there.end(began.number, "complete", (0.9,), {"accuracy": 0.9})  # it woke up
    assert late.values == (0.5,)
    assert read_run(tmp_path / "run").trials[2].values == (0.5,)
    here.leave()
    third.leave()
    there.close()


def test_a_search_on_another_machine_is_known_by_its_signs_of_life(tmp_path: Path) -> None:
    searched(tmp_path / "run", trials=2)
    there = joined(tmp_path / "run")
    elsewhere(there, time.time() - 10)
    with pytest.raises(SearchError, match=r"E912: .* on elsewhere"):
        searched(tmp_path / "run", trials=3)
    elsewhere(there, time.time() - LEASE - 10)
    assert len(searched(tmp_path / "run", trials=3).trials) == 3
    there.close()
