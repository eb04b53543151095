"""What is told of the data also where the layers do not fit."""

from __future__ import annotations

import archdsl

TEXT = """arch A {
  data image(224, 224, 3)
  task classify(10)
  model = conv(8, 7, stride=2) -> max_pool(2) -> max_pool(2) -> flatten -> linear(classes)
}
"""


def test_channels_that_stand_last_are_told_beside_the_error_they_lead_to():
    found = archdsl.check(TEXT).diagnostics
    assert [one.code for one in found] == ["E301", "P711"]
    assert found[1].help == "channels come first: `image(3, 224, 224)`"


def test_they_may_be_allowed():
    kept = TEXT.replace("  task", '  allow channels_last because "a strip"\n  task')
    assert [one.code for one in archdsl.check(kept).diagnostics] == ["E301"]
