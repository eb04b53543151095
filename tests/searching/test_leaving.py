"""What a search leaves: the network that was found, as a spec, a module and weights."""

from __future__ import annotations

import importlib.util
import math
from typing import TYPE_CHECKING, Any

import pytest

import archdsl
from archdsl.api import judging_of, read
from archdsl.searching.candidates import Candidates
from archdsl.searching.evaluators.trial import Subject
from archdsl.searching.results.leaving import leave
from archdsl.searching.results.subject import candidates_of
from archdsl.searching.troubles import SearchError
from tests.searching.searches import SPEC, searched
from tests.searching.test_results import by_width, run_of

if TYPE_CHECKING:
    from pathlib import Path

    from archdsl.searching.evaluators.trial import Trial

USING = """use "parts.arch"

arch Small {
  data image(3, 32, 32)
  task classify(10)
  model = part(16 | 24) -> global_avg_pool -> linear(classes)
}
"""
PART = "block part(width) = conv(width, 3, stride=2, bias=false) -> batch_norm -> relu\n"


def left(folder: Path, into: Path | None = None) -> list[Path]:
    found = archdsl.results(folder)
    return leave(found, candidates_of(found.subject), found.subject, into)


def weighing(trial: Trial) -> dict[str, float]:
    """Keeps weights, of every second trial."""
    import torch
    from safetensors.torch import save_file

    torch.manual_seed(trial.number)
    if trial.number % 2 == 0:
        save_file(trial.module().state_dict(), trial.folder / "weights.safetensors")
    return {"accuracy": trial.number / 10, "test_accuracy": 0.25, "loss": 1.0}


def test_the_spec_is_the_design_that_was_best_with_its_numbers_on_top(tmp_path: Path) -> None:
    run_of(tmp_path / "run", SPEC.replace("  model", "  maximize accuracy\n  model"))
    found = archdsl.results(tmp_path / "run")
    assert found.best is not None
    written = left(tmp_path / "run")
    assert written == [tmp_path / "run" / "best.py", tmp_path / "run" / "best.arch"]
    text = written[1].read_text(encoding="utf-8")
    assert archdsl.count(text).high == 1
    assert archdsl.format(text) == text
    original = archdsl.compile(SPEC, design=found.best.design)
    closed = archdsl.compile(text)
    assert (closed.params, closed.macs) == (original.params, original.macs)
    lines = text.splitlines()
    assert lines[0] == f"# validation accuracy: {found.best.metrics['accuracy']:.6g}"
    assert f"# params: {original.params:,}" in lines
    assert f"# trial: {found.best.number} of 40" in lines


def test_the_module_takes_the_weights_that_were_kept_and_needs_no_archdsl(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    from safetensors.torch import load_file

    searched(tmp_path / "run", weighing, trials=5)
    weights, module, spec = left(tmp_path / "run")
    assert (module.name, weights.name) == ("best.py", "best.safetensors")
    assert "import archdsl" not in module.read_text(encoding="utf-8")
    loader = importlib.util.spec_from_file_location("left_best", module)
    assert loader is not None
    assert loader.loader is not None
    made = importlib.util.module_from_spec(loader)
    loader.loader.exec_module(made)
    model = made.Small()
    model.load_state_dict(load_file(weights))
    trial = load_file(tmp_path / "run" / "trials" / "00004" / "weights.safetensors")
    assert all(torch.equal(trial[name], value) for name, value in model.state_dict().items())
    same = archdsl.build(spec).load_state_dict(load_file(weights))
    assert not same.missing_keys


def test_weights_of_another_design_do_not_stay(tmp_path: Path) -> None:
    searched(tmp_path / "run", weighing, trials=5)
    assert (tmp_path / "run" / "best.safetensors") in left(tmp_path / "run")
    searched(tmp_path / "run", weighing, trials=6)  # the sixth is better, and kept none
    left(tmp_path / "run")
    assert not (tmp_path / "run" / "best.safetensors").exists()


def test_of_several_objectives_each_design_of_the_front_is_left(tmp_path: Path) -> None:
    run_of(tmp_path / "run", trials=12)
    first = {path.name for path in left(tmp_path / "run")}
    run_of(tmp_path / "run", trials=60)
    found = archdsl.results(tmp_path / "run")
    front = tmp_path / "run" / "front"
    (front / "notes.txt").write_text("mine", encoding="utf-8")
    written = left(tmp_path / "run")
    names = {f"{tried.number:05}.{s}" for tried in found.front for s in ("arch", "py")}
    assert {path.name for path in written} == names
    assert first - names  # some were beaten
    assert {path.name for path in front.iterdir()} == names | {"notes.txt"}
    for tried in found.front:
        text = (front / f"{tried.number:05}.arch").read_text(encoding="utf-8")
        assert archdsl.compile(text).params == (tried.values or ())[1]
        assert f"# params: {int((tried.values or ())[1]):,}\n" in text


def test_what_cannot_be_written_is_told_and_leaves_nothing_behind(tmp_path: Path) -> None:
    run_of(tmp_path / "run", SPEC.replace("  model", "  maximize accuracy\n  model"), trials=3)
    (tmp_path / "out" / "best.arch").mkdir(parents=True)
    with pytest.raises(
        SearchError, match=r"E943: .* cannot be written to .*out: is a dir"
    ) as caught:
        left(tmp_path / "run", tmp_path / "out")
    assert "--leave --into FOLDER" in caught.value.diagnostics[0].help
    assert {path.name for path in (tmp_path / "out").iterdir()} <= {"best.arch", "best.py"}
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(SearchError, match="E943"):
        left(tmp_path / "run", tmp_path / "file" / "below")
    assert len(left(tmp_path / "run", tmp_path / "elsewhere")) == 2


def test_a_run_without_values_leaves_nothing(tmp_path: Path) -> None:
    searched(tmp_path / "run", "tests.searching.evaluating:always_raising", trials=2)
    assert left(tmp_path / "run") == []


def test_files_that_the_spec_uses_are_written_in_and_told_when_they_changed(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "parts.arch").write_text(PART, encoding="utf-8")
    spec = tmp_path / "below" / "model.arch"
    spec.write_text(USING, encoding="utf-8")
    given = read(spec, root=tmp_path)
    candidates = Candidates(judging_of(given, None))
    from archdsl.searching.engine import Search
    from archdsl.searching.objectives import goals_of
    from archdsl.searching.plan import Plan
    from tests.searching.searches import Drawn

    asked: dict[str, Any] = {"evaluator": using, "isolated": False}
    goals = goals_of(candidates.judging.program)
    plan = Plan(objectives=goals, strategy=Drawn, **asked)
    subject = Subject(given.source, given.root, None, given.terms)
    Search(subject, candidates, plan, tmp_path / "run").run()
    (_, written) = left(tmp_path / "run")
    assert archdsl.compile(written.read_text(encoding="utf-8")).params > 0  # it uses no file
    (tmp_path / "below" / "parts.arch").write_text(PART.replace("relu", "gelu"), encoding="utf-8")
    with pytest.raises(SearchError, match=r"E911: trial . is another network now"):
        left(tmp_path / "run")
    (tmp_path / "below" / "parts.arch").unlink()
    with pytest.raises(archdsl.SpecError, match="E701"):
        left(tmp_path / "run")


def using(trial: Trial) -> dict[str, float]:
    return {"accuracy": math.sqrt(trial.compiled.params)}


assert by_width  # what run_of evaluates with
