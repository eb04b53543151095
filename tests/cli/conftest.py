"""Commands run in this process, in a folder of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from archdsl.cli.group import archdsl

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GOOD = """\
arch Small {
  data  image(1, 8, 8)
  task  classify(10)

  model {
    let stem = x -> conv(16, 3, bias=false) -> batch_norm -> relu
    let body = stem -> 2 * (conv(16, 3) -> relu)
    return add(body, stem) -> global_avg_pool -> linear(classes)
  }
}
"""

SPACE = """\
arch Space {
  data  table(8)
  task  classify(2)
  let width = 16 | 32 | 64
  require params <= 500

  model = linear(width) -> (relu | tanh) -> linear(classes)
}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: a project with good.arch and space.arch."""
    monkeypatch.chdir(tmp_path)
    for name in ("ARCHDSL_DEBUG", "COLUMNS", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "good.arch").write_text(GOOD)
    (tmp_path / "space.arch").write_text(SPACE)
    return tmp_path


@pytest.fixture
def run(folder: Path) -> Callable[..., Result]:
    def invoke(*arguments: str, input: str | bytes | None = None) -> Result:
        return CliRunner().invoke(archdsl, list(arguments), input=input)

    return invoke
