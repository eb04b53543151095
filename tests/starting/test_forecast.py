"""What is forecast is held to a line over the window, and to the window itself."""

from __future__ import annotations

from archdsl.starting.choosing import choose
from archdsl.starting.description import Description
from archdsl.starting.writing import first_design

HOURS = Description("series", (48, 3), 4_000, "regress", 6)


def test_the_design_is_a_line_over_the_window_and_what_recurrence_adds() -> None:
    text = " ".join(first_design(HOURS).split())
    assert "let line = x -> flatten -> linear(6)" in text
    assert "return add(line, bend)" in text


def test_the_ladder_names_the_last_value_the_season_and_the_line() -> None:
    text = " ".join(first_design(HOURS).replace("#", "").split())
    ladder = "the last value of the window, the value a season before, LinearBaseline, MlpBaseline"
    assert f"The ladder: {ladder}, then Forecast" in text
    assert "model = flatten -> linear(6)" in text


def test_a_series_to_tell_apart_is_no_forecast() -> None:
    assert choose(Description("series", (48, 3), 4_000, targets=6)).trial.family.name != "Forecast"


def test_a_long_window_is_shortened_for_recurrence() -> None:
    text = first_design(Description("series", (2_000, 1), 4_000, "regress", 1))
    assert "stride=32) -> relu -> gru(" in " ".join(text.split())
