"""archdsl close"""

from __future__ import annotations

import json

import pytest

CHOSEN = ("--choose", "width=16", "--choose", "choice=relu")
CLOSED = """\
arch Space {
  data  table(8)
  task  classify(2)
  let width = 16
  require params <= 500

  model = linear(width) -> relu -> linear(classes)
}
"""


def test_a_design_is_printed_as_a_spec_without_choices(run):
    result = run("close", "space.arch", *CHOSEN)
    assert (result.stdout, result.exit_code) == (CLOSED, 0)


def test_it_is_written_to_a_file_that_is_sound(run, folder):
    (folder / "design.json").write_text('{"width": 16, "choice": "relu"}')
    result = run("close", "space.arch", "--design", "design.json", "-o", "best.arch")
    assert (result.stdout, result.exit_code) == ("", 0)
    assert "wrote best.arch" in result.stderr
    assert (folder / "best.arch").read_text() == CLOSED
    assert run("check", "best.arch").exit_code == 0
    assert run("fmt", "--check", "best.arch").exit_code == 0
    assert run("count", "best.arch").stdout == "1\n"


def test_metrics_stand_at_the_top(run):
    chosen = (*CHOSEN, "--tell", "params", "--tell", "memory(inference)")
    lines = run("close", "space.arch", *chosen).stdout.splitlines()
    assert lines[0] == "# params: 178"
    assert lines[1].startswith("# memory(inference): ")
    assert lines[2:4] == ["", "arch Space {"]
    assert run("close", "space.arch", *CHOSEN, "--tell", "parms").exit_code == 1


def test_what_is_no_design_is_refused_as_compile_refuses_it(run):
    for chosen in (
        (),
        ("--choose", "width=16"),
        (*CHOSEN, "--choose", "depth=3"),
        (*CHOSEN[:-1], "choice=gelu"),
    ):
        closed, compiled = (
            run("close", "space.arch", *chosen),
            run("compile", "space.arch", *chosen),
        )
        assert (closed.exit_code, closed.stdout) == (1, "")
        assert closed.stderr == compiled.stderr
    missed = run("close", "space.arch", "--choose", "width=64", "--choose", "choice=relu")
    assert missed.exit_code == 4
    assert "`params <= 500` does not hold" in missed.stderr


def test_the_spec_is_not_written_over(run, folder):
    result = run("close", "space.arch", *CHOSEN, "-o", "space.arch")
    assert result.exit_code == 2
    assert "would be written over what is read" in result.stderr
    assert "16 | 32" in (folder / "space.arch").read_text()


def test_a_document_has_the_spec_and_its_numbers(run):
    document = json.loads(
        run("close", "space.arch", *CHOSEN, "--tell", "params", "--format", "json").stdout
    )
    assert document["name"] == "Space"
    assert document["design"] == {"width": 16, "choice": "relu"}
    assert document["metrics"] == {"params": {"value": 178, "unit": ""}}
    assert document["spec"] == f"# params: 178\n\n{CLOSED}"


def test_blocks_of_other_files_are_written_into_it(run, folder):
    (folder / "blocks.arch").write_text(
        "# A library.\n\n# Two layers.\nblock two(w) = linear(w | 2 * w) -> relu\n"
        "block unused(w) = linear(w)\ndevice phone(compute=1G, bandwidth=1G, overhead=1 us)\n"
    )
    (folder / "main.arch").write_text(
        '# Mine.\nuse "blocks.arch"\n\narch A {\n  data table(8)\n  task classify(2)\n'
        "  require latency(phone) <= 1 s\n  model = two(8) -> linear(classes)\n}\n"
        "arch B {\n  data table(8)\n  task classify(2)\n  model = linear(2)\n}\n"
    )
    chosen = ("--arch", "A", "--choose", "two.linear.features=w", "-o", "best.arch")
    assert run("close", "main.arch", *chosen).exit_code == 0
    assert (folder / "best.arch").read_text() == (
        "# Mine.\n\ndevice phone(compute=1G, bandwidth=1G, overhead=1 us)\n\n"
        "# Two layers.\nblock two(w) = linear(w) -> relu\n\n"
        "arch A {\n  data  table(8)\n  task  classify(2)\n  require latency(phone) <= 1 s\n"
        "  model = two(8) -> linear(classes)\n}\n"
    )
    assert run("check", "best.arch").exit_code == 0


@pytest.mark.parametrize("command", ["sample", "best --by params"])
def test_designs_that_other_commands_print_can_be_closed(run, folder, command):
    line = run(command.split()[0], "space.arch", *command.split()[1:]).stdout
    (folder / "d.json").write_text(line[line.index("{") :])
    assert run("close", "space.arch", "--design", "d.json").exit_code == 0
