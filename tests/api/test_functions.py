"""What the command line does, as functions that return data."""

from __future__ import annotations

import importlib
import json
import pkgutil
import subprocess
import sys
from itertools import islice

import pytest

import archdsl
from tests.cli.conftest import GOOD, SPACE

WRONG = GOOD.replace("linear(classes)", "linear(3)")
BLOCK = "block cell(n) = conv(n, 3) -> batch_norm -> relu\n"
USING = 'use "cells.arch"\n' + GOOD.replace(
    "x -> conv(16, 3, bias=false) -> batch_norm", "cell(16)"
)


@pytest.fixture
def project(tmp_path):
    """A project whose specs use a file of their own folder, or of the project's."""
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "models").mkdir()
    for folder in (tmp_path, tmp_path / "models"):
        (folder / "cells.arch").write_text(BLOCK)
        (folder / "model.arch").write_text(USING)
    (tmp_path / "good.arch").write_text(GOOD)
    (tmp_path / "space.arch").write_text(SPACE)
    return tmp_path


def run(*arguments, cwd, text=""):
    """What the command line prints."""
    command = [sys.executable, "-m", "archdsl", *arguments]
    ended = subprocess.run(
        command, cwd=cwd, input=text, capture_output=True, text=True, check=False
    )
    return ended.stdout


# Texts and paths --------------------------------------------------------------------------------


def test_a_path_is_read_with_its_project(project, monkeypatch):
    path = project / "models" / "model.arch"
    for given in (path, Fspath(path)):
        assert archdsl.check(given).ok
        assert archdsl.compile(given).params == archdsl.compile(USING, root=project).params
    monkeypatch.chdir(project.parent)
    assert archdsl.check(path.relative_to(project.parent)).ok


class Fspath:
    """A path of somebody else's kind."""

    def __init__(self, path):
        self.path = path

    def __fspath__(self):
        return str(self.path)


def test_findings_name_the_path_or_what_they_are_told(project):
    (project / "wrong.arch").write_text(WRONG)
    (found,) = archdsl.check(project / "wrong.arch").diagnostics
    assert str(found.span) == f"{project / 'wrong.arch'}:8:50"
    (found,) = archdsl.check(project / "wrong.arch", name="mine").diagnostics
    assert str(found.span) == "mine:8:50"


def test_the_root_is_what_a_text_uses_files_of(project, monkeypatch):
    monkeypatch.chdir(project.parent)
    for root in (project, str(project), project.name):
        assert archdsl.check(USING, root=root).ok
    for name in ("<text>", "model.arch", "no/such/file.arch"):
        assert archdsl.check(USING, name=name, root=project).ok
    assert [f.code for f in archdsl.check(USING).diagnostics] == ["E702", "E202"]
    outside = archdsl.check(USING.replace("cells.arch", "../cells.arch"), root=project / "models")
    assert "E703" in [f.code for f in outside.diagnostics]
    within = USING.replace("cells.arch", "models/cells.arch")
    assert archdsl.check(within, root=project).ok


def test_a_text_that_is_a_file_of_the_root_uses_files_beside_it(project):
    (project / "cells.arch").unlink()
    name = str(project / "models" / "model.arch")
    assert archdsl.check(USING, name=name, root=project).ok
    assert not archdsl.check(USING, root=project).ok


def test_a_file_that_is_not_there_or_is_no_text_is_told(project):
    for function in (archdsl.check, archdsl.compile, archdsl.format, archdsl.build, archdsl.fix):
        with pytest.raises(FileNotFoundError):
            function(project / "missing.arch")
    with pytest.raises(FileNotFoundError):
        archdsl.build("missing.arch")
    (project / "latin.arch").write_bytes("# Gr\xfc\xdfe\n".encode("latin-1"))
    assert [f.code for f in archdsl.check(project / "latin.arch").diagnostics] == ["E705"]
    with pytest.raises(archdsl.SpecError, match="E705"):
        archdsl.format(project / "latin.arch")


def test_a_byte_order_mark_is_no_part_of_a_spec(project):
    (project / "marked.arch").write_text("\ufeff" + GOOD, encoding="utf-8")
    assert archdsl.check(project / "marked.arch").diagnostics == ()
    assert archdsl.check("\ufeff" + GOOD).diagnostics == ()
    assert archdsl.format(project / "marked.arch") == GOOD


def test_a_file_larger_than_its_bound_is_told(project):
    (project / "large.arch").write_text("#" * 2000)
    terms = archdsl.Terms(limits=archdsl.Limits(source_bytes=1000))
    (found,) = archdsl.check(project / "large.arch", terms=terms).diagnostics
    assert found.code == "E120"
    assert "1,000 bytes" in found.message


def test_the_name_of_a_file_given_as_a_text_is_told():
    (found,) = archdsl.check("models/model.arch").diagnostics
    assert 'pathlib.Path("models/model.arch")' in found.help
    with pytest.raises(archdsl.SpecError) as caught:
        archdsl.compile("model.arch")
    assert "pathlib.Path" in caught.value.diagnostics[0].help


def test_what_is_no_spec_is_told():
    for nothing in (None, b"arch A", 3):
        with pytest.raises(TypeError, match=r"a spec is a text \(str\) or a path"):
            archdsl.check(nothing)
    with pytest.raises(ValueError, match="0 or more, not -1"):
        archdsl.sample(SPACE, -1)


def test_a_file_is_formatted_without_being_changed(project):
    messy = GOOD.replace(" -> ", "->")
    (project / "messy.arch").write_text(messy)
    assert archdsl.format(project / "messy.arch") == GOOD
    assert (project / "messy.arch").read_text() == messy


# Functions --------------------------------------------------------------------------------------


def test_count_is_what_the_command_counts(project):
    found = archdsl.count(SPACE)
    assert (found.low, found.high, found.is_exact, str(found)) == (6, 6, True, "6")
    assert archdsl.count(SPACE, valid=True).high == 6 - 2
    assert archdsl.count(GOOD).high == 1
    assert run("count", "space.arch", cwd=project) == f"{archdsl.count(project / 'space.arch')}\n"
    both = SPACE + GOOD
    assert archdsl.count(both, arch="Space") == found
    with pytest.raises(archdsl.SpecError, match="several architectures"):
        archdsl.count(both)


def test_show_is_what_the_command_shows(project):
    shown = archdsl.show(GOOD, depth=1)
    assert (shown.name, shown.input, shown.output) == ("Small", (1, 8, 8), (10,))
    assert (shown.params, shown.macs) == (4986, 304288)
    assert [row.layer for row in shown.layers] == [
        "stem",
        "body",
        "add",
        "global_avg_pool",
        "linear(10)",
    ]
    assert sum(row.params for row in shown.layers) == shown.params
    for depth in (1, 2, 3):
        printed = run("show", "good.arch", "--depth", str(depth), "--format", "json", cwd=project)
        document = archdsl.show(project / "good.arch", depth).document()
        assert json.loads(printed) == json.loads(json.dumps(document))


def test_show_tells_a_design_of_a_space_and_one_that_is_rejected():
    assert archdsl.show(SPACE, design={"width": 16, "choice": "relu"}).params == 178
    with pytest.raises(archdsl.SpecError, match="is open"):
        archdsl.show(SPACE)
    assert archdsl.show(WRONG).output == (3,)


def test_sample_goes_on_where_it_ended(project):
    assert archdsl.sample(project / "space.arch", 9, seed=3) == [
        *archdsl.sample(SPACE, 2, seed=3),
        *archdsl.sample(SPACE, 9, seed=3, start=2),
    ]
    printed = run("sample", "space.arch", "-n", "9", "--seed", "3", cwd=project)
    assert [json.loads(line) for line in printed.splitlines()] == archdsl.sample(SPACE, 9, seed=3)


def test_fix_gives_the_text_and_leaves_the_file(project):
    (project / "wrong.arch").write_text(WRONG)
    done = archdsl.fix(project / "wrong.arch", unsafe=True)
    assert done.text == GOOD.replace("linear(classes)", "linear(10)")
    assert (done.titles, done.report.ok) == (("write `linear(10)`",), True)
    assert (project / "wrong.arch").read_text() == WRONG
    left = archdsl.fix(WRONG)
    assert (left.text, left.titles, left.report.ok) == (WRONG, (), False)
    printed = run("check", "--unsafe-fixes", "-", cwd=project, text=WRONG)
    assert printed == archdsl.fix(WRONG, unsafe=True).text


def test_suggest_gives_texts_that_pass():
    found = archdsl.suggest(WRONG)
    assert not found.passes
    assert [f.code for f in found.report.diagnostics] == ["E442"]
    assert all(archdsl.check(one.text).ok for one in found.suggestions)
    assert found.suggestions[0].arch == "Small"
    assert archdsl.compile(found.suggestions[0].text).params == found.suggestions[0].params
    assert archdsl.suggest(GOOD).passes
    assert archdsl.suggest(GOOD).suggestions == ()


def test_suggest_gives_designs_beside_one_that_is_rejected():
    wrong = {"width": 64, "choice": "relu"}
    found = archdsl.suggest(SPACE, 1, design=wrong)
    assert [f.code for f in found.report.diagnostics] == ["E430"]
    (one,) = found.suggestions
    assert archdsl.compile(SPACE, design=one.design).params == one.params
    assert archdsl.suggest(SPACE, design=one.design).passes
    with pytest.raises(archdsl.SpecError, match="E502"):
        archdsl.suggest(SPACE, design={"width": 17, "choice": "relu"})


def test_ops_and_blocks_are_those_that_the_commands_list(project):
    for pages, command in ((archdsl.list_ops(), "ops"), (archdsl.list_blocks(), "blocks")):
        printed = json.loads(run(command, "--format", "json", cwd=project))
        assert printed == [page._asdict() for page in pages]
        assert len(pages) > 20
    conv = next(page for page in archdsl.list_ops() if page.name == "conv")
    assert (conv.family, conv.signature[:5]) == ("convolution", "conv(")
    bottleneck = next(page for page in archdsl.list_blocks() if page.name == "bottleneck")
    assert bottleneck.source.startswith("block bottleneck(")


def test_best_designs_come_in_order():
    found = list(islice(archdsl.read_space(SPACE).best("params"), 9))
    assert [one.value for one in found] == sorted(one.value for one in found)


# The package ------------------------------------------------------------------------------------


def test_no_name_of_the_api_is_a_modules():
    modules = {module.name for module in pkgutil.iter_modules(archdsl.__path__)}
    assert not modules & set(archdsl.__all__)
    assert not {"ops", "space"} & set(archdsl.__all__)
    for name in ("ops", "space", "explain", "fixing", "suggesting"):
        assert importlib.import_module(f"archdsl.{name}").__name__ == f"archdsl.{name}"
    assert callable(archdsl.fix)


def test_what_type_checkers_see_is_what_there_is():
    from archdsl import _HOME_OF

    assert {*_HOME_OF, "__version__"} == set(archdsl.__all__)


def test_everything_is_documented():
    for name in set(archdsl.__all__) - {"__version__"}:
        thing = getattr(archdsl, name)
        doc = thing.__doc__ or ""
        assert len(doc) > 20, name
        assert not doc.startswith(f"{name}("), f"{name} has only what Python writes by itself"
        for own, member in vars(thing).items() if isinstance(thing, type) else ():
            if not own.startswith("_") and (callable(member) or isinstance(member, property)):
                assert member.__doc__, f"{name}.{own}"


BLOCKED = """
import sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("torch", "numpy", "torch_geometric", "sklearn"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Blocked())
"""
FUNCTIONS = f"""
import archdsl, sys
GOOD, SPACE = {GOOD!r}, {SPACE!r}
design = archdsl.sample(SPACE)[0]
archdsl.check(GOOD), archdsl.format(GOOD), archdsl.show(GOOD), archdsl.count(SPACE, valid=True)
archdsl.fix(GOOD), archdsl.suggest(GOOD.replace("linear(classes)", "linear(3)"))
archdsl.list_ops(), archdsl.list_blocks(), archdsl.survey(archdsl.read_space(SPACE))
compiled, = archdsl.compile_all(GOOD)
for name in archdsl.__all__:
    getattr(archdsl, name)
print(sorted({{"torch", "torch_geometric", "sklearn"}}.intersection(sys.modules)))
"""
MODULES = """
for module in (compiled.module, lambda: archdsl.build("good.arch")):
    try:
        module()
    except ImportError as error:
        print(error.name, error)
archdsl.install_importer()
try:
    import good
except ImportError as error:
    print(error.name, error)
"""


def test_without_torch_everything_works_but_modules_which_say_what_to_install(project):
    command = [sys.executable, "-c", BLOCKED + FUNCTIONS + MODULES]
    ended = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    told = "torch a module of `Small` needs torch, which is not installed: "
    assert ended.stdout == "[]\n" + f"{told}pip install 'archdsl[torch]'\n" * 3


def test_no_function_but_those_of_modules_imports_torch():
    command = [sys.executable, "-c", FUNCTIONS]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.stdout == "[]\n", ended.stderr


def test_the_types_are_there_for_type_checkers():
    from importlib.resources import files

    assert (files("archdsl") / "py.typed").is_file()
