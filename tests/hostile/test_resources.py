"""No spec takes 10 s of CPU, or much memory, or makes the command line fail; where others share the
cores, 16 s."""

from __future__ import annotations

import pytest

from tests.hostile.children import Ended, archdsl
from tests.hostile.sources import HOSTILE
from tests.thinning import mostly_slow, thinned

MEGABYTES = 300
NEVER = ("Traceback", "RecursionError", "MemoryError", "bug of its own")


def _is_modest(ended: Ended) -> None:
    assert ended.megabytes < MEGABYTES
    assert not any(word in ended.written for word in NEVER), ended.written[-500:]


@pytest.mark.parametrize("name", mostly_slow(HOSTILE, 3))
def test_checking_it_is_cheap(name, tmp_path):
    text, codes = HOSTILE[name]
    (tmp_path / "spec.arch").write_text(text, encoding="utf-8")
    ended = archdsl("check", "spec.arch", "--format", "concise", folder=tmp_path)
    _is_modest(ended)
    assert ended.code == (1 if codes else 0), ended.written[-500:]
    assert not codes or any(code in ended.written for code in codes), ended.written[-500:]


@pytest.mark.parametrize("command", ["compile", "count", "show", "fmt", "sample", "space"])
@pytest.mark.parametrize("name", thinned(HOSTILE, 6))
@pytest.mark.slow
def test_no_other_command_fails_on_it(name, command, tmp_path):
    (tmp_path / "spec.arch").write_text(HOSTILE[name].text, encoding="utf-8")
    ended = archdsl(command, "spec.arch", folder=tmp_path)
    assert ended.code in (0, 1, 4), ended.written[-500:]
    assert not any(word in ended.written for word in NEVER), ended.written[-500:]
