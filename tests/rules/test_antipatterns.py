"""Five wrong designs are rejected by the rules that are meant to, five right ones are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archdsl.diagnostics import Severity
from tests.rules.specs import SPECS, found_in

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = SPECS / "antipatterns"
REJECTED_BY = {
    "1_transformer_on_table": {"P104", "P107", "P201", "P501"},
    "2_plain_100_layers": {"P301"},
    "3_deep_and_narrow": {"P401"},
    "4_too_large_for_memory": {"P601"},
    "5_mlp_on_images": {"P101"},
}
RIGHT = sorted(FOLDER.glob("*_right.arch"))


def rejecting(path: Path) -> set[str]:
    """The rules that reject a spec."""
    return {finding.code for finding in found_in(path) if finding.severity is Severity.ERROR}


@pytest.mark.parametrize("name", REJECTED_BY)
def test_a_wrong_design_is_rejected_by_its_rules_and_no_other(name: str) -> None:
    assert rejecting(FOLDER / f"{name}.arch") == REJECTED_BY[name]


@pytest.mark.parametrize("path", RIGHT, ids=lambda path: path.stem)
def test_a_right_design_is_not_rejected(path: Path) -> None:
    assert rejecting(path) == set()


def test_each_wrong_design_has_its_right_one() -> None:
    names = {path.stem for path in FOLDER.glob("*.arch")}
    assert names == {*REJECTED_BY, *(f"{name}_right" for name in REJECTED_BY)}
