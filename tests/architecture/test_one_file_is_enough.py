"""Law 4, tried: an op and an emitter are added to a copy of the package, by one file each."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import archdsl

if TYPE_CHECKING:
    from pathlib import Path

OP = '''
"""A smooth unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archdsl.ops.arithmetic._elementwise import Elementwise
from archdsl.ops.base import Construct, Spelling, Trait
from archdsl.ops.parameters import real

if TYPE_CHECKING:
    from archdsl.types import TensorType


@dataclass(frozen=True)
class Celu(Elementwise):
    """max(0, x) + min(0, alpha·(exp(x / alpha) - 1)), keeping the shape."""

    alpha: float = real(1.0, minimum=0)

    traits = frozenset({Trait.ACTIVATION, Trait.ELEMENTWISE})
    example = "celu"

    def spelling(self, *inputs: TensorType) -> Spelling:
        module = Construct("CELU", {"alpha": self.alpha}, defaults={"alpha": 1.0})
        return Spelling(module, imports=("from torch.nn.modules.activation import CELU",))
'''
EMITTER = '''
"""Counting."""

from archdsl.emit.base import Emitter


class HeadCount(Emitter):
    """How many ops a model has."""

    suffix = ".txt"

    def emit(self, graph):
        return f"{graph.name}: {graph.model.size} ops\\n"

    def library(self):
        return "no model\\n"
'''
SPEC = """block layer(width, smooth=1.0) = linear(width) -> celu(smooth)
arch Net {
  data table(8)
  model = layer(4) -> layer(8, smooth=0.5) -> linear(2)
}
"""


ASKED = (
    ("compile", "net.arch"),
    ("compile", "blocks.arch", "--to", "head_count"),
    ("compile", "net.arch", "--to", "head_count", "--out-dir", "out"),
)
SCRIPT = """
import json, sys
from archdsl.cli.group import archdsl

for arguments in json.loads(sys.argv[1]):
    print("----")
    try:
        archdsl([*arguments, "--quiet"])
    except SystemExit as end:
        assert not end.code
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package, to which an op and an emitter are added, and a spec."""
    folder = tmp_path_factory.mktemp("copy")
    (package,) = archdsl.__path__
    shutil.copytree(package, folder / "archdsl")
    (folder / "archdsl/ops/activation/celu.py").write_text(OP, encoding="utf-8")
    (folder / "archdsl/emit/formats/head_count.py").write_text(EMITTER, encoding="utf-8")
    (folder / "net.arch").write_text(SPEC, encoding="utf-8")
    (folder / "blocks.arch").write_text(SPEC.partition("arch")[0], encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def said(copy: Path) -> list[str]:
    """What ``archdsl`` of the copy says to each of what is asked."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, json.dumps(ASKED)],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.returncode, done.stderr
    return done.stdout.split("----\n")[1:]


def test_an_op_of_one_file_is_known_and_written_as_all_others(said: list[str]) -> None:
    assert "from torch.nn.modules.activation import CELU\n" in said[0]
    assert said[0].count("class Layer(") == 1
    assert "nn.Linear(in_features, width), CELU(alpha=smooth)" in said[0]
    assert "Layer(8, 4)" in said[0]
    assert "Layer(4, 8, smooth=0.5)" in said[0]


def test_an_emitter_of_one_file_is_a_format_of_compile(copy: Path, said: list[str]) -> None:
    assert said[1:] == ["no model\n", ""]
    assert (copy / "out/net.txt").read_text(encoding="utf-8") == "Net: 5 ops\n"
