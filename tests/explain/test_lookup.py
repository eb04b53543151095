"""What a name is explained by."""

from __future__ import annotations

import pytest

from archdsl.cost.catalog import find as find_metric
from archdsl.explain.errors import pages
from archdsl.explain.lookup import explained_names, looked_up
from archdsl.rules.catalog import find


@pytest.mark.parametrize("name", ["P101", "p101", "mlp_on_grid"])
def test_a_principle_is_found_by_its_code_and_its_slug(name):
    assert looked_up(name) is find("P101")


def test_other_codes_and_metrics_are_found_too():
    assert looked_up("e301") == pages()["E301"]
    assert looked_up("params") is find_metric("params")


def test_every_name_that_is_offered_is_found_and_no_other():
    assert all(looked_up(name) is not None for name in explained_names())
    assert looked_up("nonsense") is None
