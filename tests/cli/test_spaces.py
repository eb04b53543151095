"""archdsl count and archdsl sample"""

from __future__ import annotations

import json

from tests.cli.conftest import GOOD, SPACE


def test_count_prints_the_number_of_designs(run):
    assert run("count", "space.arch").stdout == "6\n"
    assert run("count", "good.arch").stdout == "1\n"


def test_count_names_the_architectures_when_there_are_several(run, folder):
    (folder / "two.arch").write_text(GOOD + SPACE)
    assert run("count", "two.arch").stdout == "Small 1\nSpace 6\n"
    assert run("count", "two.arch", "--arch", "Space").stdout == "6\n"
    counts = run("count", "two.arch", "--format", "json").stdout
    assert json.loads(counts) == {"Small": 1, "Space": 6}


def test_sample_prints_valid_designs_as_json_lines(run):
    result = run("sample", "space.arch", "-n", "20", "--seed", "3")
    designs = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(designs) == len({str(design) for design in designs}) == 4  # all there are
    assert "there are no more than these 4" in result.stderr
    assert {design["width"] for design in designs} == {16, 32}  # 64 has 706 parameters


BESIDE = """\
arch Cnn {
  data  image(3, 32, 32, samples=50_000)
  task  classify(10)
  model = conv(16, 3, stride=2) -> relu -> global_avg_pool -> linear(classes)
}
arch Mlp {
  data  image(3, 32, 32, samples=50_000)
  task  classify(10)
  model = flatten -> linear(32 | 64) -> relu -> linear(64) -> relu -> linear(classes)
}
"""


def test_a_design_is_sampled_as_what_it_is_beside_the_others_of_its_file(run, folder):
    (folder / "beside.arch").write_text(BESIDE)
    (folder / "alone.arch").write_text(BESIDE[BESIDE.index("arch Mlp") :])
    assert run("check", "beside.arch").exit_code == 0
    assert "linear.features" in run("sample", "beside.arch", "--arch", "Mlp").stdout
    alone = run("sample", "alone.arch")
    assert (alone.exit_code, alone.stdout) == (1, "")
    assert "P101" in alone.stderr


def test_the_same_seed_gives_the_same_designs(run):
    first, again, other = (
        run("sample", "space.arch", "-n", "9", "--seed", seed).stdout for seed in ("1", "1", "2")
    )
    assert first == again != other


def test_a_sampled_design_compiles_and_shows(run, folder):
    (folder / "design.json").write_text(run("sample", "space.arch").stdout)
    assert run("show", "space.arch", "--design", "design.json").exit_code == 0


def test_choose_wins_over_the_design(run, folder):
    (folder / "design.json").write_text(run("sample", "space.arch").stdout)
    chosen = ("--design", "design.json", "--choose", "width=64")
    assert "linear(64)" in run("show", "space.arch", *chosen).stdout


def test_a_design_that_is_no_object_is_wrong_usage(run, folder):
    (folder / "design.json").write_text("[1, 2]")
    result = run("show", "space.arch", "--design", "design.json")
    assert result.exit_code == 2
    assert "design.json is not a design" in result.stderr


def test_a_choice_that_is_not_there_is_an_error_with_a_guess(run):
    result = run("show", "good.arch", "--choose", "width=64")
    assert result.exit_code == 1
    assert "no such choice" in result.stderr


def test_a_design_of_an_older_text_shows_with_a_warning(run, folder):
    design = json.loads(run("sample", "space.arch").stdout)
    (folder / "design.json").write_text(json.dumps({**design, "gone": 3}))
    plain = run("show", "space.arch", "--design", "design.json")
    assert plain.exit_code == 0
    assert "warning[W518]: the design chooses `gone`" in plain.stderr
    told = run("compile", "space.arch", "--design", "design.json", "--format", "json")
    assert told.exit_code == 0
    assert json.loads(told.stdout)["design"] == design
    assert "W518" in told.stderr


def test_a_space_without_a_valid_design_has_nothing_to_draw(run, folder):
    (folder / "none.arch").write_text(SPACE.replace("<= 500", "<= 5"))
    result = run("sample", "none.arch")
    assert (result.exit_code, result.stdout) == (4, "")
    assert "`params <= 5` does not hold" in result.stderr
