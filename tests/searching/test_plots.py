"""The plots of a run: what is drawn is what was tried, and a page of them needs nothing else."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

import archdsl
from archdsl.searching.results.plots.curves import caption
from archdsl.searching.results.plots.drawing import plots, save
from archdsl.searching.results.plots.html import NAMES, html
from archdsl.searching.results.plots.style import DARK, figure, scale, styled
from tests.searching.test_results import TWO, run_of

if TYPE_CHECKING:
    from pathlib import Path

    from archdsl.searching.evaluators.trial import Trial
    from archdsl.searching.results.results import Results

pytest.importorskip("matplotlib")
UGLY = '</script><img src=x onerror=alert(1)> $a_1$ & "q"'


def learning(trial: Trial) -> dict[str, float]:
    """Three epochs; one trial fails with a text that is no HTML of ours."""
    value = trial.design["stem.conv.channels"] / 100 + trial.number / 1000
    if trial.number == 5:
        raise ValueError(UGLY)
    for epoch in (1, 2, 3):
        trial.report(epoch, {"accuracy": value * epoch / 3})
    return {"accuracy": value, "test_accuracy": value - 0.01}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Results:
    folder = tmp_path_factory.mktemp("plots") / "run"
    run_of(folder, TWO, learning, trials=60)
    return archdsl.results(folder)


@pytest.mark.slow
def test_each_plot_is_a_picture_and_a_drawing(found: Results, tmp_path: Path) -> None:
    written = save(found, tmp_path / "new" / "folder")
    names = ["history", "front", "curves", "importance", "shared"]
    some = [name for name in names if name != "shared" or found.shared.traits]
    assert [path.name for path in written] == [f"{n}.{s}" for n in some for s in ("png", "svg")]
    for path in written:
        content = path.read_bytes()
        if path.suffix == ".png":
            assert content.startswith(b"\x89PNG")
        else:
            assert ET.fromstring(content).tag.endswith("svg")
    again = plots(found)[0]
    assert again.svg() == written[1].read_bytes()  # the same run, the same bytes


def test_the_points_drawn_are_the_trials(found: Results) -> None:
    drawn = {plot.name: plot.figure for plot in plots(found)}
    first = drawn["history"].axes[0]
    lines = {str(line.get_label()): line for line in first.lines}
    assert [list(pair) for pair in zip(*lines["a trial"].get_data(), strict=True)] == [
        [tried.number, (tried.values or ())[0]] for tried in found.complete
    ]
    assert list(lines["failed"].get_xdata()) == [5]
    best = list(lines["best so far"].get_ydata())
    assert best == sorted(best)
    assert best[-1] == max((tried.values or ())[0] for tried in found.complete)
    (front,) = (line for line in drawn["front"].axes[0].lines if line.get_label() == "front")
    x, y = front.get_data()
    assert {(a, p) for p, a in zip(x, y, strict=True)} == {tried.values for tried in found.front}
    low, high = drawn["front"].axes[0].get_ylim()
    assert all(low < one < high for one in y)  # none of the front is cut off


def test_as_many_curves_are_named_as_there_are(found: Results) -> None:
    assert caption(found).startswith("The 5 best trials,")
    two = replace(found, trials=found.complete[:2])
    assert caption(two).startswith("The 2 best trials,")
    assert caption(replace(found, trials=found.complete[:1])).startswith("The best trial,")


def test_the_hypervolume_drawn_ends_where_it_is_told(found: Results) -> None:
    (history,) = (plot.figure for plot in plots(found) if plot.name == "history")
    shares = list(history.axes[2].lines[0].get_ydata())
    assert found.volume is not None
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(found.volume.share)


@pytest.mark.parametrize("most", [3e6, 9e8])
def test_marks_of_bytes_are_round_in_their_unit_and_stand_apart(most: float) -> None:
    with styled():
        axes = figure().subplots()
        scale(axes.xaxis, "memory(training)", [1e6, 2e6, most])
        axes.set_xlim(1e6, most)
        axes.figure.canvas.draw()
        low, high = axes.get_xlim()
        marks = [one for one in axes.get_xticks() if low <= one <= high]
        told = [label.get_text() for label in axes.get_xticklabels()]
    assert 2 <= len(marks) <= 6
    assert not [text for text in told if len(text.split(" ")[0]) > 4]
    assert all(mark % 2**16 == 0 for mark in marks)


class Page(HTMLParser):
    """What a page consists of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


@pytest.mark.slow
def test_a_page_loads_nothing_runs_nothing_and_no_two_of_its_parts_share_a_name(
    found: Results,
) -> None:
    text = html(found)
    page = Page(text)
    assert not {"script", "link", "img", "iframe", "object"} & set(page.tags)
    assert page.tags.count("svg") == len(plots(found))
    links = [
        value or "" for name, value in page.attributes if name in ("src", "href", "xlink:href")
    ]
    assert links
    assert all(link.startswith("#") for link in links)
    names = [value for name, value in page.attributes if name == "id"]
    assert len(names) == len(set(names))
    assert {link[1:] for link in links} <= set(names)
    assert "&lt;/script&gt;&lt;img src=x" in text
    assert not re.search(r"https?://(?!www\.w3\.org)", text)


def test_each_colour_of_a_page_has_a_light_and_a_dark_form(found: Results) -> None:
    text = html(found)
    body = text[text.index("<body>") :]
    used = set(re.findall(r"var\(--(\w+)\)", body))
    assert {"ink", "dot", "best", "grid"} <= used <= set(NAMES.values())
    assert set(re.findall(r"#[0-9a-f]{6}\b", body)) <= {"#000000"}  # what matplotlib never paints
    for color, name in NAMES.items():
        assert f"--{name}: {color};" in text
        assert f"--{name}: {DARK[color]};" in text


def contrast(one: str, other: str) -> float:
    """Of two colours, as WCAG 2 has it."""

    def light(color: str) -> float:
        parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_what_is_to_be_read_can_be_read_light_and_dark() -> None:
    light = {name: color for color, name in NAMES.items()}
    dark = {name: DARK[color] for name, color in light.items()}
    for colors in (light, dark):
        for name in ("ink", "muted"):
            assert contrast(colors[name], colors["surface"]) >= 4.5
        for name in ("best", "test", "bad"):
            assert contrast(colors[name], colors["surface"]) >= 3


def test_of_one_objective_without_curves_there_is_no_front_and_no_curve(tmp_path: Path) -> None:
    from tests.searching.searches import searched

    searched(tmp_path / "run", trials=3)
    found = archdsl.results(tmp_path / "run")
    assert [plot.name for plot in plots(found)] == ["history"]
    assert html(found).count("<svg") == 1
