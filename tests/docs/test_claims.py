"""What the README says of the commands is what they do."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner

import archdsl
from archdsl.cli.group import archdsl as main
from tests.docs.pages import ROOT, snippets
from tests.searching import evaluating
from tests.searching.searches import searched

README = (ROOT / "README.md").read_text(encoding="utf-8")
PHOTOS, MISTAKEN, LEAKING, SMALL = (s.text for s in snippets("arch") if s.page == "README.md")
WITHOUT = """
import sys
for name in {names!r}:
    sys.modules[name] = None  # so that importing it fails
"""
SLOW = pytest.mark.slow


class Run(NamedTuple):
    """A command as the README writes it, what is typed for it, and what then happens."""

    written: str
    typed: str
    shown: str
    code: int = 0


RUNS = (
    Run("archdsl check PATHS", "archdsl check .", r"(?s)error\[P801\].*error\[E442\]", 1),
    Run("archdsl compile FILE -o model.py", "archdsl compile photos.arch -o model.py", "model.py"),
    Run("--check", "archdsl compile photos.arch -o stale.py --check", "stale.py", 1),
    Run("archdsl compile DIR --out-dir OUT", "archdsl compile designs --out-dir out", "photos.py"),
    Run("--depfile", "archdsl compile photos.arch -o model.py --depfile model.d", "model.py"),
    Run("archdsl zoo", "archdsl zoo", r"(?m)^ *resnet50\b"),
    Run("archdsl show zoo:resnet50", "archdsl show zoo:resnet50", r"25,557,032"),
    Run("archdsl show FILE", "archdsl show photos.arch", r"(?s)params +MACs +share.*layer1.*16×16"),
    Run("archdsl fmt PATHS", "archdsl fmt photos.arch small.arch", ""),
    Run("archdsl count FILE", "archdsl count small.arch", r"^12\n"),
    Run("--valid", "archdsl count small.arch --valid", r"^12\n"),
    Run(
        "archdsl space FILE",
        "archdsl space small.arch",
        r"(?s)12 designs.*\nparams +3,722 .* 30,538\n.*relu, gelu: 50",
    ),
    Run(
        "archdsl best FILE --by params -n 5",
        "archdsl best small.arch --by params -n 5",
        r"(?s)^3,722 .*\n(\S+ .*\n){4}$",
    ),
    Run("--largest", "archdsl best small.arch --by params --largest", "^30,538 "),
    Run(
        "archdsl sample FILE -n 5 --seed 0",
        "archdsl sample small.arch -n 5 --seed 0",
        r"^(\{.*\}\n){5}$",
    ),
    Run(
        "archdsl close FILE --design D -o best.arch",
        "archdsl close small.arch --choose depth=2 --choose stem.conv.channels=16"
        " --choose body.residual.f.choice=gelu",
        r"(?s)^arch Small \{.*let depth = 2\n.*conv\(16, 5, .*-> depth \* residual\(.*-> gelu\)",
    ),
    Run("archdsl draw FILE -o model.svg", "archdsl draw photos.arch -o model.svg", "model.svg"),
    Run("--as mermaid", "archdsl draw photos.arch --as mermaid", "(?s)^flowchart|^---"),
    Run(
        "archdsl compare OLD NEW",
        "archdsl compare wrong.arch photos.arch",
        r"(?s)- .*linear\(100\).*\+ .*linear",
    ),
    Run("--keep", "archdsl compare photos.arch wrong.arch --keep findings", "E442", code=1),
    Run("archdsl ops conv", "archdsl ops conv", r"(?s)^conv\(channels, kernel.*example: conv"),
    Run("archdsl blocks bottleneck", "archdsl blocks bottleneck", r"(?s)^bottleneck\(width"),
    Run("archdsl functions round", "archdsl functions round", r"(?s)^round\(value\).*example: "),
    Run("archdsl init DIR", "archdsl init fresh", r"fresh.model\.arch"),
    Run(
        "archdsl new --kind image --size 3x32x32 …",
        "archdsl new --kind image --size 3x32x32 --samples 50k --classes 10",
        r"(?s)# .*arch .*\narch ",
    ),
    Run("archdsl explain P301", "archdsl explain P301", r"(?s)^P301 deep_plain_network.*Instead"),
    Run(
        "archdsl suggest FILE",
        "archdsl suggest wrong.arch",
        r"(?s)\n-.*linear\(100\).*\n\+.*linear\((10|classes)\)",
    ),
    Run("archdsl check --fix", "archdsl check --fix fixable.arch", r"(?s)fixed"),
    Run("--checklist", "archdsl check --checklist photos.arch", r"(?m)^ *8\b"),
    Run("archdsl grammar --for llguidance", "archdsl grammar --for llguidance", "^%llguidance"),
    Run("archdsl grammar --for gbnf --closed", "archdsl grammar --for gbnf --closed", "root ::="),
    Run("archdsl prompt", "archdsl prompt", r"(?s)arch .*conv\("),
    Run("archdsl schema --designs FILE", "archdsl schema --designs small.arch", '"\\$schema"'),
    Run("--check FILE", "archdsl grammar --check photos.arch", "photos.arch"),
)
TRAINS = (
    Run(
        "archdsl search FILE --data D -o RUN",
        "archdsl search digits.arch --data sklearn:digits -o found --trials 1 --epochs 1",
        r"(?s)never\s+saw what test figures are of.*found/best\.arch",
    ),
    Run("archdsl results RUN", "archdsl results small.run", r"(?s)designs tried.*the best, trial"),
    Run("archdsl verify FILE", "archdsl verify photos.arch", r"(?s)parameters.*FLOPs"),
    Run(
        "archdsl baselines FILE --data D",
        "archdsl baselines digits.arch --data sklearn:digits --seeds 1 --seconds 2",
        r"(?s)logistic.*MLP",
    ),
    Run(
        "archdsl train FILE --data D -o RUN",
        "archdsl train digits.arch --data sklearn:digits -o run --epochs 1",
        r"(?s)accuracy.*run has its weights",
    ),
    Run("archdsl profile FILE", "archdsl profile photos.arch --steps 2", r"(?s)forward.*backward"),
    Run("archdsl diagnose", "archdsl diagnose --train-acc 0.99 --val-acc 0.8", r"(?i)overfitting"),
)
DIGITS = """arch Digits {
  data  table(64, samples=1797)
  task  classify(10)
  train adamw(batch=64, epochs=2)
  model = linear(16) -> relu -> linear(classes)
}
"""
FIXABLE = """arch Fixable {
  data  image(3, 32, 32)
  model {
    let skip = conv(8, 1)
    return conv(8, 3)
  }
}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the README's reader stands, with its specs."""
    monkeypatch.chdir(tmp_path)
    texts = {
        "photos": PHOTOS,
        "wrong": MISTAKEN,
        "leaking": LEAKING,
        "small": SMALL,
        "digits": DIGITS,
        "fixable": FIXABLE,
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.arch").write_text(text, encoding="utf-8")
    searched(tmp_path / "small.run", evaluating.by_epoch, SMALL, trials=3)
    (tmp_path / "designs").mkdir()
    (tmp_path / "designs" / "photos.arch").write_text(PHOTOS, encoding="utf-8")
    return tmp_path


def run(typed: str):
    return CliRunner().invoke(main, shlex.split(typed)[1:])


def written() -> list[str]:
    """The commands and options in the table's two columns."""
    table = README.partition("## Commands")[2].partition("\n## ")[0]
    cells = [row.split(" | ") for row in table.splitlines() if row.startswith("| `")]
    commands = [found for cell in cells for found in re.findall(r"`([^`]+)`", cell[0])]
    return commands + [o for c in cells for o in re.findall(r"`(--[^`]+)`", c[1])]


def test_every_command_of_the_table_is_run_here():
    assert sorted(written()) == sorted(one.written for one in (*RUNS, *TRAINS))


@pytest.mark.parametrize("one", RUNS, ids=lambda one: one.typed)
def test_a_command_of_the_table_does_what_the_table_says(one: Run, folder: Path):
    ended = run(one.typed)
    assert ended.exit_code == one.code, ended.output
    assert re.search(one.shown, ended.stdout or ended.stderr), ended.output


@SLOW
@pytest.mark.parametrize("one", TRAINS, ids=lambda one: one.typed)
def test_a_command_that_runs_the_model_does_what_the_table_says(one: Run, folder: Path):
    ended = run(one.typed)
    assert ended.exit_code == one.code, ended.output
    assert re.search(one.shown, ended.output), ended.output


@pytest.mark.parametrize(
    "typed", ["check photos.arch", "fmt photos.arch", "show photos.arch", "count small.arch",
              "compile photos.arch", "close photos.arch", "sample small.arch"],
)  # fmt: skip
def test_no_torch_is_needed_to_check_format_compile_count_and_sample(typed: str, folder: Path):
    hidden = WITHOUT.format(names=["torch", "numpy", "sklearn", "torch_geometric", "PIL"])
    code = f"{hidden}from archdsl.cli import main\nsys.argv[1:] = {typed.split()!r}\nmain()\n"
    assert python(code, folder) is not None


def python(code: str, folder: Path) -> str:
    """What a program prints that is run in a folder."""
    ended = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_the_module_needs_torch_and_nothing_of_archdsl_and_takes_any_batch(folder: Path):
    assert run("archdsl compile photos.arch -o model.py").exit_code == 0
    code = WITHOUT.format(names=["archdsl"]) + (
        "import torch, model\n"
        "net = model.Photos().eval()\n"
        "print({key.split('.')[0] for key in net.state_dict()} - {'linear'})\n"
        "print([tuple(net(torch.zeros(n, 3, 32, 32)).shape) for n in (1, 7)])\n"
        "print(sum(p.numel() for p in net.parameters()))\n"
    )
    keys, shapes, params = python(code, folder).splitlines()
    assert eval(keys) == {"stem", "layer1", "layer2", "layer3"}
    assert eval(shapes) == [(1, 10), (7, 10)]
    assert int(params) == archdsl.compile(PHOTOS).params


def test_findings_for_programs_have_the_edits_that_mend_them(folder: Path):
    ended = run("archdsl check wrong.arch --format json")
    (found,) = (found for found in json.loads(ended.stdout) if found["code"] == "E442")
    (edit,) = found["fix"]["edits"]
    assert edit["replacement"] in ("10", "classes", "linear(10)", "linear(classes)")


def test_an_allow_keeps_a_principle_from_being_told(folder: Path):
    biased = SMALL.replace(", bias=false", "", 1)
    allowed = biased.replace("  task", '  allow bias_before_norm because "old"\n  task', 1)
    Path("small.arch").write_text(biased, encoding="utf-8")
    assert "P705" in run("archdsl check small.arch").stderr
    Path("small.arch").write_text(allowed, encoding="utf-8")
    assert "P705" not in run("archdsl check small.arch").stderr


def test_a_design_is_a_line_of_json_and_makes_one_network_for_ever(folder: Path):
    Path("design.json").write_text(run("archdsl sample small.arch -n 1").stdout, encoding="utf-8")
    first = run("archdsl compile small.arch --design design.json")
    assert first.exit_code == 0
    assert run("archdsl compile small.arch --design design.json").stdout == first.stdout
    shown = {
        depth: run(f"archdsl show small.arch --design design.json --choose depth={depth}").stdout
        for depth in (1, 3)
    }
    assert all(shown.values())
    assert shown[1] != shown[3]


@SLOW
def test_spaces_of_ten_to_the_nineteen_designs_are_counted():
    counted = run(f"archdsl count {ROOT / 'specs/spaces/ofa_mobilenet_v3.arch'}")
    assert int(counted.stdout) > 10**19
    told = run(f"archdsl space {ROOT / 'specs/spaces/ofa_mobilenet_v3.arch'}").stdout
    assert re.search(r"(?m)^params +[\d,]{9,} .* [\d,]{9,}", told)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("archdsl check photos.arch", 0),
        ("archdsl check wrong.arch", 1),
        ("archdsl check missing.arch", 2),
        ("archdsl check narrow.arch", 4),
    ],
)
def test_exit_codes_are_as_said(typed: str, code: int, folder: Path):
    narrow = PHOTOS.replace("200k", "200")
    (folder / "narrow.arch").write_text(narrow, encoding="utf-8")
    ended = run(typed)
    assert ended.exit_code == code
    assert not ended.stdout  # findings go to stderr


def test_the_extras_that_are_named_exist():
    tomllib = pytest.importorskip("tomllib", reason="Python 3.10 reads no TOML")
    with (ROOT / "pyproject.toml").open("rb") as file:
        extras = tomllib.load(file)["project"]["optional-dependencies"]
    named = set(re.findall(r"pip install 'archdsl\[(\w+)\]'", README))
    assert len(named) >= 4
    assert named <= extras.keys()


def test_the_version_is_the_one_that_is_named():
    assert archdsl.__version__.startswith(re.findall(r"Version (\d+\.\d+)", README)[0])
