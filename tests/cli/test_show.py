"""archdsl show"""

from __future__ import annotations

import json

from tests.cli.conftest import GOOD

TABLE = """\
layer                          output  params     MACs    share
───────────────────────────────────────────────────────────────
stem                           16×8×8     176    9,216    3.0 %
  conv(16, 3, bias=false)      16×8×8     144    9,216    3.0 %
  batch_norm                   16×8×8      32        0    0.0 %
  relu                         16×8×8       0        0    0.0 %
body                           16×8×8   4,640  294,912   96.9 %
  2 * (conv(16, 3) -> relu)    16×8×8   4,640  294,912   96.9 %
add                            16×8×8       0        0    0.0 %
global_avg_pool                    16       0        0    0.0 %
linear(10)                         10     170      160    0.1 %
───────────────────────────────────────────────────────────────
Small                              10   4,986  304,288  100.0 %
"""


def _squeezed(table: str) -> list[list[str]]:
    return [line.split() for line in table.splitlines() if "─" not in line]


def test_the_table_has_a_row_for_each_line_and_step(run):
    result = run("show", "good.arch")
    assert result.exit_code == 0
    assert _squeezed(result.stdout) == _squeezed(TABLE)
    assert len({len(line) for line in result.stdout.splitlines()}) == 1


def test_less_depth_shows_the_lines_of_the_model(run):
    rows = run("show", "good.arch", "--depth", "1").stdout.splitlines()
    assert [row.split()[0] for row in rows[2:-2]] == [
        "stem",
        "body",
        "add",
        "global_avg_pool",
        "linear(10)",
    ]


def test_more_depth_shows_what_is_inside(run, folder):
    (folder / "blocks.arch").write_text(
        "block two(w) { let a = conv(w, 3) return a -> relu }\n"
        "arch A { data image(3, 8, 8) model = two(4) -> two(w=8) }\n"
    )
    rows = run("show", "blocks.arch", "--depth", "3").stdout.splitlines()
    assert [row[:14].rstrip() for row in rows[2:-2]] == [
        "two(w=4)",
        "  a",
        "    conv(4, 3)",
        "  relu",
        "two(w=8)",
        "  a",
        "    conv(8, 3)",
        "  relu",
    ]


def test_json_has_the_numbers(run):
    shown = json.loads(run("show", "good.arch", "--format", "json", "--depth", "1").stdout)
    assert {key: shown[key] for key in ("name", "input", "output", "params", "macs")} == {
        "name": "Small",
        "input": [1, 8, 8],
        "output": [10],
        "params": 4986,
        "macs": 304288,
    }
    assert shown["layers"][0] == {
        "level": 0,
        "layer": "stem",
        "shape": [16, 8, 8],
        "params": 176,
        "macs": 9216,
        "trainable": 176,
        "adapters": 0,
    }


def test_where_parts_are_frozen_a_column_tells_what_is_trained(run):
    text = """arch A {
      data table(4, pretrained=true)
      train adam(freeze=body)
      model { let body = linear(8) -> relu return body -> linear(2) }
    }"""
    shown = run("show", "-", input=text).stdout
    rows = [line.split() for line in shown.splitlines()]
    assert rows[0] == ["layer", "output", "params", "trained", "MACs", "share"]
    assert rows[2][:5] == ["body", "8", "40", "0", "32"]
    assert rows[-1][:5] == ["A", "2", "58", "18", "48"]
    assert "trained" not in run("show", "good.arch").stdout


def test_adapters_have_a_column_of_their_own(run):
    text = """arch A {
      data table(8, pretrained=true)
      train adam(freeze=body, adapter_rank=2)
      model { let body = linear(8) -> relu return body -> linear(2) }
    }"""
    rows = [line.split() for line in run("show", "-", input=text).stdout.splitlines()]
    assert rows[0] == ["layer", "output", "params", "trained", "adapters", "MACs", "share"]
    assert rows[2][:6] == ["body", "8", "72", "32", "32", "64"]
    assert rows[-1][:6] == ["A", "2", "90", "50", "32", "80"]
    shown = json.loads(run("show", "-", "--format", "json", input=text).stdout)
    assert (shown["params"], shown["trainable"], shown["adapters"]) == (90, 50, 32)


def test_a_model_that_misses_its_task_is_shown_with_the_finding(run):
    result = run("show", "-", input=GOOD.replace("linear(classes)", "linear(3)"))
    assert result.exit_code == 1
    assert "linear(3)" in result.stdout
    assert "E442" in result.stderr


def test_a_design_is_chosen_by_path(run):
    chosen = ("--choose", "width=32", "--choose", "choice=relu")
    result = run("show", "space.arch", *chosen)
    assert "linear(32)" in result.stdout, result.stderr
    assert "relu" in result.stdout


def test_open_choices_are_listed(run):
    result = run("show", "space.arch")
    assert result.exit_code == 1
    assert "`width` is open" in result.stderr
    assert "one of 16, 32, 64" in result.stderr


def test_one_of_several_architectures_is_named(run, folder):
    (folder / "two.arch").write_text(GOOD + GOOD.replace("Small", "Other"))
    result = run("show", "two.arch")
    assert result.exit_code == 1
    assert "one of Small, Other" in result.stderr
    assert "Other" in run("show", "two.arch", "--arch", "Other").stdout


def test_a_model_over_its_own_limit_is_shown_too(run):
    result = run("show", "-", input=GOOD.replace("  model {", "  require params <= 1k\n  model {"))
    assert result.exit_code == 4
    assert "Small" in result.stdout
    assert "does not hold" in result.stderr
