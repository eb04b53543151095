"""A live module that is saved loads in another process, and so do its weights."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys

import pytest

import archdsl
from archdsl.runtime.extras import MissingPackage
from archdsl.runtime.module import build, load, model_class
from tests.cli.conftest import GOOD
from tests.emit.graphs import NAMES, graph, inputs

torch = pytest.importorskip("torch")
pytest.importorskip("torch_geometric")

LOADED = """
import sys, torch
for path in sys.argv[1:]:
    model, given, wanted = torch.load(path, weights_only=False)
    with torch.no_grad():
        assert torch.allclose(model(*given), wanted, atol=1e-5), path
    assert not model.training
print(len(sys.argv[1:]), "archdsl" in sys.modules)
"""
WITHOUT_ARCHDSL = """
import sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "archdsl":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Blocked())
"""


def python(code, *arguments, cwd=None):
    """What another process prints."""
    command = [sys.executable, "-W", "ignore", "-c", code, *map(str, arguments)]
    ended = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.strip()


@pytest.mark.slow
def test_every_kind_of_model_loads_where_it_was_never_built(tmp_path):
    paths = []
    for name in NAMES:
        model, given = build(graph(name)).eval(), inputs(graph(name).model.takes)
        with torch.no_grad():
            result = model(*given)
        if isinstance(result, torch.Tensor):
            paths.append(tmp_path / f"{name}.pt")
            torch.save((model, given, result), paths[-1])
    assert len(paths) > 5
    assert python(LOADED, *paths) == f"{len(paths)} True"


def test_the_text_is_in_a_file_once(tmp_path):
    compiled = archdsl.compile(GOOD)
    one = len(pickle.dumps(compiled.module()))
    assert one < len(pickle.dumps([compiled.module(), compiled.module()])) < 2 * one
    assert pickle.dumps(compiled.module()).count(compiled.source.encode()) == 1


def test_weights_alone_load_as_weights_and_fit_the_model_built_there(tmp_path):
    (tmp_path / "small.arch").write_text(GOOD)
    model = archdsl.build(tmp_path / "small.arch")
    torch.save(model.state_dict(), tmp_path / "weights.pt")
    code = """
import archdsl, torch
model = archdsl.build("small.arch")
model.load_state_dict(torch.load("weights.pt", weights_only=True))
print(float(sum(p.sum() for p in model.parameters())))
"""
    with torch.no_grad():
        here = float(sum(p.sum() for p in model.parameters()))
    assert float(python(code, cwd=tmp_path)) == pytest.approx(here, abs=1e-4)


@pytest.mark.slow
def test_where_the_text_is_a_file_of_its_own_archdsl_is_not_needed(tmp_path):
    (tmp_path / "small.py").write_text(archdsl.compile(GOOD).source)
    save = "import small, torch; torch.save(small.Small(), 'model.pt')"
    python(WITHOUT_ARCHDSL + save, cwd=tmp_path)
    read = "import torch; print(type(torch.load('model.pt', weights_only=False)).__module__)"
    assert python(WITHOUT_ARCHDSL + read, cwd=tmp_path) == "small"


def test_without_archdsl_a_built_module_says_what_it_needs(tmp_path):
    torch.save(archdsl.compile(GOOD).module(), tmp_path / "model.pt")
    code = """
import torch
try:
    torch.load("model.pt", weights_only=False)
except ModuleNotFoundError as error:
    print(error)
"""
    assert python(WITHOUT_ARCHDSL + code, cwd=tmp_path) == "No module named 'archdsl'"


def test_a_class_alone_says_what_it_needs_and_loads_once_the_text_is_there(tmp_path):
    compiled = archdsl.compile(GOOD)
    kind = model_class(load(compiled.source, compiled.name))
    (tmp_path / "class.pickle").write_bytes(pickle.dumps(kind))
    (tmp_path / "small.arch").write_text(GOOD)
    code = """
import archdsl, pickle
archdsl.install_importer()
try:
    pickle.load(open("class.pickle", "rb"))
except ModuleNotFoundError as error:
    print("build the same spec of `Small` first" in str(error))
archdsl.build("small.arch")
print(pickle.load(open("class.pickle", "rb")).__name__)
"""
    assert python(code, cwd=tmp_path).split() == ["True", "Small"]


def test_a_copy_has_weights_of_its_own():
    model = archdsl.compile(GOOD).module()
    again = copy.deepcopy(model)
    assert type(again) is type(model)
    with torch.no_grad():
        for parameter in again.parameters():
            parameter.zero_()
    assert any(parameter.abs().sum() > 0 for parameter in model.parameters())
    shared = copy.copy(model)
    assert all(a is b for a, b in zip(shared.parameters(), model.parameters(), strict=True))


def test_what_is_missing_crosses_processes_too():
    error = pickle.loads(pickle.dumps(MissingPackage("torch", "a module")))
    assert (
        str(error) == "a module needs torch, which is not installed: pip install 'archdsl[torch]'"
    )
    assert (error.name, error.module) == ("torch", "torch")
