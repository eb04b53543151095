"""A design that is being written, as JSON beside its spec: the paths and options it may have."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.content import content_of, decoded
from archdsl.diagnostics import SpecError
from archdsl.evaluate.bounds import Effort
from archdsl.evaluate.designs import drawn_with, shown_path
from archdsl.evaluate.points import ContinuousPoint
from archdsl.evaluate.run import BoundMet
from archdsl.syntax.bounds import MAX_SOURCE_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from archdsl.evaluate.points import ChoicePoint
    from archdsl.evaluate.program import Program

SUFFIX = ".json"
DRAWN = 8  # designs with what is chosen already, whose choices are proposed
MOST_SPECS = 8  # of a folder
MOST_OPTIONS = 200
_TEXT = r'"(?:[^"\\\n]|\\.)*"'
_CHOSEN = re.compile(rf"({_TEXT})\s*:\s*({_TEXT}|true|false|-?[\d.]+(?:[eE][-+]?\d+)?)")
_VALUE = re.compile(rf'({_TEXT})\s*:\s*("?[^",:{{}}\n]*)\Z')
_KEY = re.compile(r'[{,]\s*("?[^",:{}\n]*)\Z')


class Writing(NamedTuple):
    """What is being written from ``start`` on: the value of a ``path``, or the path of a choice
    where that is empty."""

    start: int
    path: str = ""


def writing_at(text: str, offset: int) -> Writing | None:
    """What is being written at a place of a design; None where nothing can stand."""
    before = text[:offset]
    value = _VALUE.search(before)
    if value is not None:
        return Writing(value.start(2), str(json.loads(value[1])))
    key = _KEY.search(before)
    return Writing(key.start(1)) if key is not None else None


def chosen(text: str, around: int) -> dict[str, Any]:
    """What a design chooses so far, but for what is being written at a place."""
    found = {}
    for match in _CHOSEN.finditer(text):
        if not match.start() <= around <= match.end():
            found[str(json.loads(match[1]))] = json.loads(match[2])
    return found


def choices(programs: Mapping[str, Program], design: Mapping[str, Any]) -> dict[str, ChoicePoint]:
    """The choices that designs have which choose so, by their paths."""
    found: dict[str, ChoicePoint] = {}
    effort = Effort()
    for program in programs.values():
        for seed in range(DRAWN):
            asked: dict[str, ChoicePoint] = {}
            draw = drawn_with(dict(design), seed)

            def choose(
                path: str, point: ChoicePoint, asked: dict[str, ChoicePoint] = asked,
                draw: Any = draw,
            ) -> Any:  # fmt: skip
                asked[shown_path(path)] = point
                return draw(path, point)

            try:
                program.evaluate(choose, effort=effort)
            except BoundMet:
                break
            except SpecError:  # they do not fit together; what was asked is asked all the same
                pass
            found = {**asked, **found}
    return found


def options(point: ChoicePoint) -> list[str]:
    """The options of a choice in JSON; of a continuous one its ends."""
    if isinstance(point, ContinuousPoint):
        return [json.dumps(point.low), json.dumps(point.high)]
    return [json.dumps(label, ensure_ascii=False) for label in [*point.labels[:MOST_OPTIONS]]]


def specs_beside(path: Path) -> Iterator[tuple[Path, str]]:
    """The specs that a design may be of, with their texts: that of its name, else those of its
    folder."""
    own = path.with_suffix(".arch")
    for spec in [own] if own.is_file() else sorted(path.parent.glob("*.arch"))[:MOST_SPECS]:
        try:
            yield spec, decoded(content_of(spec, MAX_SOURCE_BYTES), str(spec)).text
        except (OSError, SpecError):
            continue
