"""What a search leaves: files that need no search, and but for their weights nothing of archdsl.

Of one objective ``best.arch`` (the design as a spec of its own, its numbers in the first lines),
``best.py`` (the module, which needs torch alone) and ``best.safetensors`` (its weights, where the
evaluator kept them as ``weights.safetensors`` in the trial's folder). Of several objectives the
same for each design of the front, in ``front`` by the number of its trial.
"""

from __future__ import annotations

import re
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archdsl.api import close, compile
from archdsl.content import replace
from archdsl.searching.records import TEST
from archdsl.searching.results.values import dimension_of
from archdsl.searching.run.folder import Folder
from archdsl.searching.troubles import CHANGED, UNWRITABLE, trouble
from archdsl.spec.constants import Quantity

if TYPE_CHECKING:
    import os

    from archdsl.searching.candidates import Candidates
    from archdsl.searching.evaluators.trial import Subject
    from archdsl.searching.found import Found
    from archdsl.searching.records import Tried

BEST, FRONT = "best", "front"
WEIGHTS = "weights.safetensors"  # in the folder of a trial
SUFFIXES = (".safetensors", ".py", ".arch")  # in the order in which they are written
MOST = 100  # designs of a front
OURS = re.compile(r"\d{5}\.(safetensors|py|arch)")


def leave(
    found: Found,
    candidates: Candidates,
    subject: Subject,
    into: str | os.PathLike[str] | None = None,
) -> list[Path]:
    """Write the best designs of a search as files, each whole or not at all, into its folder or
    another one: which, in order. Nothing where no trial came to a value. What an earlier call left
    of designs that are not the best any more is removed.

    Raises :class:`~archdsl.searching.troubles.SearchError`: E911 the files that the spec uses have
    changed, so that a design is another network now; E943 they cannot be written.
    """
    folder = found.folder if into is None else Path(into)
    if len(found.objectives) == 1:
        trials = {folder / BEST: found.front[0]} if found.front else {}
    else:
        trials = {folder / FRONT / f"{one.number:05}": one for one in found.front[:MOST]}
    texts = {stem: _contents(found, one, candidates, subject) for stem, one in trials.items()}
    try:
        return _written(texts, folder / FRONT)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        help = f"`archdsl results {found.folder} --leave --into FOLDER` writes somewhere else"
        message = f"what was found cannot be written to {folder}: {reason}"
        raise trouble(UNWRITABLE, message, help=help) from None


def _written(texts: dict[Path, dict[str, bytes]], front: Path) -> list[Path]:
    written = []
    for stem, contents in texts.items():
        stem.parent.mkdir(parents=True, exist_ok=True)
        for suffix in SUFFIXES:
            place = stem.with_name(stem.name + suffix)
            if suffix in contents:
                replace(place, contents[suffix])
                written.append(place)
            else:
                place.unlink(missing_ok=True)
    kept = {path.name for path in written}
    for place in front.glob("*") if texts else ():
        if OURS.fullmatch(place.name) and place.name not in kept:
            place.unlink()
    return written


def _contents(
    found: Found, tried: Tried, candidates: Candidates, subject: Subject
) -> dict[str, bytes]:
    """What is written of a trial, by suffix."""
    if candidates.candidate(tried.design).key != tried.key:
        raise trouble(
            CHANGED,
            f"trial {tried.number} is another network now: files that the spec uses have changed",
            help="put them back as they were, or search anew in another folder (-o)",
        )
    source, root, arch, terms = subject
    given: dict[str, Any] = {"arch": arch, "name": source.name, "root": root, "terms": terms}
    design = dict(tried.design)
    told = numbers(found, tried, candidates)
    contents = {
        ".arch": close(source.text, design=design, metrics=told, **given).encode(),
        ".py": compile(source.text, design=design, **given).source.encode(),
    }
    weights = Folder(found.folder, is_new=False).of_trial(tried.number) / WEIGHTS
    if weights.is_file():
        contents[".safetensors"] = weights.read_bytes()
    return contents


def numbers(found: Found, tried: Tried, candidates: Candidates) -> dict[str, Any]:
    """What is told of a trial in the first lines of its spec: its values, with those on test
    samples beside them; its parameters and multiply-accumulates; and which trial it is."""
    told: dict[str, Any] = {}
    for one, value in zip(found.objectives, tried.values or (), strict=True):
        tests = [name for name in one.reads if isfinite(_tested(tried, name))]
        told[f"validation {one.text}" if tests else one.text] = _number(one.text, value)
        told |= {f"test {name}": _number(name, _tested(tried, name)) for name in tests}
    told |= {name: _number(name, value) for name, value in candidates.costs(tried.design).items()}
    return {**told, "trial": f"{tried.number} of {len(found.trials):,}"}


def _tested(tried: Tried, name: str) -> float:
    return tried.metrics.get(f"{TEST}{name}", float("nan"))


def _number(text: str, value: float) -> Any:
    """A number with its unit; a whole one as such."""
    dimension = dimension_of(text)
    if dimension:
        return Quantity(value, dimension)
    return int(value) if value == int(value) else value
