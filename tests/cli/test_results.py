"""archdsl results"""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

from archdsl.rendering.escape import width
from archdsl.rendering.spans_of_time import lasting
from archdsl.searching.results.values import column, cut, short_names, spark, value
from tests.searching.searches import searched
from tests.searching.test_results import run_of

if TYPE_CHECKING:
    from pathlib import Path

HERE = "tests.searching.evaluating"


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("told") / "two"
    run_of(folder)
    return folder


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("told") / "one"
    searched(folder, f"{HERE}:by_epoch", trials=30)
    return folder


def test_all_of_it_stands_on_a_page_of_80_columns(run, one, two, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    for folder in (one, two):
        told = run("results", str(folder)).stdout
        assert max(map(width, told.splitlines())) <= 80
    assert "front" in told
    assert "failed      1 (3): ValueError: the data are bad" in told
    assert "validation" in told
    assert "test figures" in told
    assert "hypervolume" in told


def test_the_best_comes_first_and_its_design_is_told(run, one):
    told = run("results", str(one), "-n", "3").stdout
    document = json.loads(run("results", str(one), "--format", "json").stdout)
    values = [trial["values"][0] for trial in document["trials"]]
    assert values == sorted(values, reverse=True)
    assert len(values) == 10
    assert f"the best, trial {document['best']}" in told
    assert "… and 27 more, the best first" in told
    for path in document["trials"][0]["design"]:
        assert f"  {path}" in told
    assert "learning curves of the best: accuracy" in told


def test_a_design_that_is_told_compiles(run, one, folder):
    document = json.loads(run("results", str(one), "--format", "json").stdout)
    (folder / "best.json").write_text(json.dumps(document["trials"][0]["design"]))
    (folder / "spec.arch").write_text((one / "spec.arch").read_text())
    assert run("compile", "spec.arch", "--design", "best.json").exit_code == 0


def test_the_order_of_the_trials_may_be_another(run, one):
    def numbers(*arguments):
        told = run("results", str(one), "--format", "json", "-n", "30", *arguments).stdout
        return [trial["number"] for trial in json.loads(told)["trials"]]

    assert numbers("--sort", "number") == list(range(30))
    assert sorted(numbers("--sort", "seconds")) == list(range(30))
    assert numbers() != list(range(30))


def test_a_table_for_programs_has_every_trial_with_what_it_chose(run, two, folder):
    written = run("results", str(two), "--csv", "trials.csv")
    assert "trials.csv: 40 trials" in written.stderr
    text = (folder / "trials.csv").read_text()
    assert run("results", str(two), "--csv", "-").stdout == text
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 40
    (failed,) = (row for row in rows if row["state"] == "failed")
    assert failed["failure"] == "error: ValueError: the data are bad"
    assert failed["maximize accuracy"] == ""
    best = rows[0]
    assert float(best["maximize accuracy"]) == float(best["accuracy"])
    assert best["stem.conv.channels"] in ("16", "24", "32", "40")


def test_plots_and_a_page_are_written_where_they_are_asked_for(run, two, folder):
    pytest.importorskip("matplotlib")
    told = run("results", str(two), "--plots", "plots", "--html", "page.html")
    assert told.exit_code == 0
    assert (folder / "page.html").read_text().startswith("<!doctype html>")
    assert {"history.png", "history.svg", "front.png"} <= {p.name for p in folder.glob("plots/*")}
    assert "plots/front.svg" in told.stderr


def test_where_there_is_no_run_the_way_to_one_is_told(run, folder):
    told = run("results", "nowhere")
    assert told.exit_code == 2
    assert "error[E918]: there is no run in nowhere" in told.stderr
    (finding,) = json.loads(run("results", ".", "--format", "json").stdout)
    assert finding["code"] == "E918"
    assert run("results").exit_code == 2


def test_a_run_whose_trials_all_failed_tells_why_and_has_nothing_to_draw(run, tmp_path):
    searched(tmp_path / "run", f"{HERE}:always_raising", trials=4)
    told = run("results", str(tmp_path / "run"))
    assert told.exit_code == 0
    assert "failed      1 (0): RuntimeError: design 0 is hopeless; see" in told.stdout
    drawn = run("results", str(tmp_path / "run"), "--html", "page.html")
    assert drawn.exit_code == 2
    assert "error[E941]: no trial of the run in" in drawn.stderr
    assert not (tmp_path / "page.html").exists()


def test_what_cannot_be_written_is_told(run, one, folder):
    (folder / "file").write_text("")
    told = run("results", str(one), "--plots", "file/plots")
    assert (told.exit_code, told.stderr.startswith("Error: cannot write file/plots")) == (2, True)
    assert run("results", str(one), "--csv", "file/trials.csv").exit_code == 2
    assert run("results", str(one), "--html", str(folder)).exit_code == 2


def test_numbers_below_each_other_have_as_many_decimals():
    assert column([0.93, 0.9348, None]) == ("0.9300", "0.9348", "–")
    assert column([12.0, 3.5]) == ("12.00", "3.50")
    assert column([1073466.0, 5.0]) == ("1,073,466", "5")
    assert column([0.0, 0.25]) == ("0.0000", "0.2500")


def test_values_have_the_unit_of_their_metric():
    assert value("latency(t4)", 0.0015) == "1.5 ms"
    assert value("memory(training)", 3 * 2**20) == "3 MiB"
    assert value("params", 1e6) == "1,000,000"
    assert value("accuracy", 0.51234) == "0.5123"


def test_names_lose_what_they_all_have():
    paths = ["cell.node1.edge", "cell.node2.edge"]
    assert list(short_names(paths).values()) == ["node1", "node2"]
    assert short_names(["depth", "stem.depth"]) == {"depth": "depth", "stem.depth": "stem.depth"}
    assert short_names(["a.b"]) == {"a.b": "a.b"}


def test_times_curves_and_long_texts_are_short():
    assert [lasting(t) for t in (0.005, 4.25, 75, 3600, 7500)] == [
        "5 ms",
        "4.2 s",
        "1 min 15 s",
        "1 h",
        "2 h 5 min",
    ]
    assert spark([0, 1, 2, 7]) == "▁▂▃█"
    assert spark([1, 1]) == "▁▁"
    assert len(spark(range(1000))) == 24
    assert cut("a long text", 6) == "a lon…"


def test_two_runs_stand_side_by_side(run, two, tmp_path, monkeypatch):
    run_of(tmp_path / "other", seed=1, trials=20)
    monkeypatch.setenv("COLUMNS", "80")
    told = run("results", str(two), "--compare", str(tmp_path / "other"))
    assert told.exit_code == 0
    assert max(width(line) for line in told.stdout.splitlines()[3:]) <= 80
    assert "hypervolume after 20 trials" in told.stdout
    assert "in the front of both" in told.stdout
    assert "…" not in told.stdout
    asked = ("results", str(two), "--compare", str(tmp_path / "other"), "--format", "json")
    document = json.loads(run(*asked).stdout)
    assert [one["trials"] for one in document["runs"]] == [40, 20]
    assert document["after"][-1]["trials"] == 20


def test_what_is_not_to_be_compared_is_told(run, one, two, folder):
    told = run("results", str(two), "--compare", str(one))
    assert (told.exit_code, told.stdout) == (2, "")
    assert "error[E942]: the runs are of other objectives" in told.stderr
    assert "error[E918]" in run("results", str(two), "--compare", "nowhere").stderr


def test_the_best_is_left_again(run, one, folder):
    told = run("results", str(one), "--leave", "--into", "out")
    assert told.exit_code == 0
    assert "wrote out/best.arch" in told.stderr
    assert run("check", "out/best.arch").exit_code == 0
    assert run("count", "out/best.arch").stdout == "1\n"
    assert run("results", str(one), "--into", "out").exit_code == 2
    (folder / "file").write_text("")
    told = run("results", str(one), "--leave", "--into", "file/below")
    assert (told.exit_code, "error[E943]" in told.stderr) == (2, True)
