"""Modules of designs in which a step ignores what flows in do without the steps before it."""

from __future__ import annotations

import pytest

import archdsl
from tests.property.running import disagreements
from tests.space.brute_force import program, tried
from tests.space.test_thrown_away import LAYERS, SPEC
from tests.unjudged import UNJUDGED


@pytest.mark.parametrize("layer", LAYERS)
def test_they_do_what_is_foretold(layer: str) -> None:
    text = SPEC.format(layer)
    made = program(text)
    assert made is not None
    for one in tried(made, 100) or ():
        compiled = archdsl.compile(text, design=one.design, terms=UNJUDGED)
        assert list(disagreements(compiled)) == []
