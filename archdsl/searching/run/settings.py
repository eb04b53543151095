"""What a run is of: written once when it begins, and held against what is asked when it goes on."""

from __future__ import annotations

import difflib
import hashlib
import json
import platform
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from archdsl.searching.records import Objective
from archdsl.searching.troubles import CHANGED, NO_RUN, trouble

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archdsl.searching.troubles import SearchError

FORMAT = 1
SHOWN = 40  # lines of a difference
CONTENTS = "contents"  # of the data that trials are trained on: their digest, among the options
PACKAGES = ("archdsl", "optuna", "torch", "numpy", "scikit-learn", "ray")


@dataclass(frozen=True)
class Settings:
    """What a run is of.

    ``spec`` is the text, ``arch`` which architecture of it; ``evaluated`` what makes values of
    designs, and with which options, so far as that changes them: any JSON value. ``storage`` is the
    database's URL without its password, empty for the SQLite file in the folder; ``study`` the name
    in it. ``versions`` are told, not compared; so are ``strategy``, which may change on the way,
    ``root``, the folder whose files the spec may use, and ``file``, where it stands itself.
    """

    spec: str
    arch: str
    objectives: tuple[Objective, ...]
    seed: int = 0
    evaluated: Any = None
    strategy: Mapping[str, Any] = field(default_factory=dict)
    storage: str = ""
    study: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    root: str = ""
    file: str = ""

    @property
    def digest(self) -> str:
        """The hash of the spec's text."""
        return hashlib.sha256(self.spec.encode()).hexdigest()

    def dumps(self) -> str:
        """As the JSON document that is kept; the text of the spec stands beside it."""
        kept = asdict(self)
        del kept["spec"]
        kept["objectives"] = [one._asdict() for one in self.objectives]
        document = {"format": FORMAT, "spec_sha256": self.digest, **kept}
        return json.dumps(document, indent=2, ensure_ascii=False) + "\n"

    def told(self) -> str:
        """What must stay as it is, as lines that are compared."""
        head = [
            f"# {'; '.join(map(str, self.objectives))}",
            f"# seed {self.seed}",
            f"# values by {json.dumps(self.evaluated, ensure_ascii=False, sort_keys=True)}",
            f"# arch {self.arch}",
        ]
        return "\n".join([*head, self.spec])


def loads(document: str, spec: str, where: str) -> Settings:
    """Settings as they were kept. Raises :class:`~archdsl.searching.troubles.SearchError`."""
    try:
        kept = json.loads(document)
        form = kept["format"]
        if form == FORMAT:
            return _settings(kept, spec)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise trouble(NO_RUN, f"{where} is not what a search wrote") from None
    message = f"{where} was written by another version of archdsl (format {form})"
    raise trouble(NO_RUN, message, needed=f"format {FORMAT}")


def _settings(kept: dict[str, Any], spec: str) -> Settings:
    given = {key: value for key, value in kept.items() if key not in ("format", "spec_sha256")}
    objectives = tuple(
        Objective(one["text"], one["direction"], tuple(one["reads"]))
        for one in given.pop("objectives")
    )
    return Settings(spec=spec, objectives=objectives, **given)


def versions() -> dict[str, str]:
    """The versions of what values may depend on."""
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def changed(then: Settings, now: Settings, folder: str) -> SearchError | None:
    """Why a run cannot go on with other settings: the difference, as in a patch; None where
    nothing that matters is another."""
    old, new = then.told(), now.told()
    if old == new:
        return None
    lines = [
        *difflib.unified_diff(
            old.splitlines(), new.splitlines(), "the run", "now", lineterm="", n=1
        )
    ]
    more = [f"… {len(lines) - SHOWN} lines more"] if len(lines) > SHOWN else []
    data = _changed_data(then, now)
    if data:
        return trouble(
            CHANGED,
            f"the run in {folder} is of other data: what {data} holds has changed since",
            needed="the data that its trials were trained on",
            help=f"give another folder (-o), where `--warm-start {folder}` begins with the best "
            "designs; or --adapt to begin anew in this one",
            notes=(*lines[:SHOWN], *more),
        )
    return trouble(
        CHANGED,
        f"the run in {folder} is of another search",
        needed="the same spec, objectives, seed, evaluator and data",
        help="give another folder (-o), or --adapt to take over the trials that still hold",
        notes=(*lines[:SHOWN], *more),
    )


def _changed_data(then: Settings, now: Settings) -> str:
    """Where the data come from, if nothing but what they hold is another; else an empty text."""
    told = replace(now, evaluated=then.evaluated).told() == then.told()
    try:
        (name, old), (other, new) = then.evaluated, now.evaluated
        same = {**old, CONTENTS: ""} == {**new, CONTENTS: ""}
    except (TypeError, ValueError):
        return ""
    return str(new.get("data")) if told and same and name == other else ""
