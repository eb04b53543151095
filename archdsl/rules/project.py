"""The settings of a project: ``[tool.archdsl]`` of the nearest pyproject.toml.

``select``, ``ignore`` and ``allow`` are lists of names, ``strict`` is true or false, and
``[tool.archdsl.rules.<slug>]`` holds the thresholds of a rule.
"""

from __future__ import annotations

import os
from importlib import import_module
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archdsl.content import content_of
from archdsl.diagnostics import Diagnostic, SpecError, did_you_mean
from archdsl.rules.config import Config
from archdsl.source import shown_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from archdsl.rules.base import Rule

FILE = "pyproject.toml"
LARGEST = 1 << 20  # bytes of it that are read
WRONG = "E810"


def project_config(folder: Path) -> Config:
    """The settings of the nearest pyproject.toml at or above a folder.

    Raises :class:`SpecError` with everything in them that means nothing.
    """
    try:
        folder = Path(os.path.realpath(folder))
    except ValueError:  # no path at all, which whoever reads the spec will say
        return Config()
    for place in (folder, *folder.parents):
        path = place / FILE
        if _is_file(path):
            return _read(path)
    return Config()


def _is_file(path: Path) -> bool:
    """Whether there is a file that may be seen."""
    try:
        return path.is_file()
    except OSError:
        return False


def _read(path: Path) -> Config:
    try:
        content = content_of(path, LARGEST)
    except OSError as error:
        raise SpecError(_wrong(path, f"cannot be read: {error.strerror}")) from None
    if b"archdsl" not in content:  # most have no settings for us, and need not be parsed
        return Config()
    section: Any = _parsed(path, content)
    for name in ("tool", "archdsl"):
        section = section.get(name, {})
        if not isinstance(section, dict):
            raise SpecError(_wrong(path, f"has a `{name}` that is no table"))
    return checked(section, path) if section else Config()


def _parsed(path: Path, content: bytes) -> dict[str, Any]:
    try:
        tomllib = import_module("tomllib")
    except ModuleNotFoundError:  # Python 3.10
        raise SpecError(
            _wrong(path, "has settings of archdsl, and Python 3.10 cannot read TOML")
        ) from None
    try:
        document: dict[str, Any] = tomllib.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise SpecError(_wrong(path, f"is not TOML: {error}")) from None
    return document


def checked(section: Mapping[str, Any], path: Path | str = FILE) -> Config:
    """Settings as a value. Raises :class:`SpecError` for what is unknown or of the wrong kind."""
    found = [_wrong(path, message, help) for message, help in _mistakes(section)]
    if found:
        raise SpecError(*found)
    names = {key: tuple(section.get(key, ())) for key in ("select", "ignore", "allow")}
    return Config(**names, strict=section.get("strict", False), rules=section.get("rules", {}))


def _wrong(path: Path | str, message: str, help: str = "") -> Diagnostic:
    return Diagnostic(
        WRONG,
        f"{shown_path(path)} {message}",
        needed="settings as `archdsl explain E810` shows",
        help=help,
    )


def _mistakes(section: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is wrong with each setting, and what may be meant."""
    kinds: dict[str, Callable[[Any], Iterable[tuple[str, str]]]] = {
        "select": _names("select"),
        "ignore": _names("ignore"),
        "allow": _names("allow"),
        "strict": _strict,
        "rules": _rules,
    }
    for key, value in section.items():
        if key in kinds:
            yield from kinds[key](value)
        else:
            yield f"has an unknown setting `{key}`", did_you_mean(key, kinds)


def _names(key: str) -> Callable[[Any], Iterator[tuple[str, str]]]:
    def mistakes(value: Any) -> Iterator[tuple[str, str]]:
        if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
            yield f"has a `{key}` that is no list of names", f'write `{key} = ["P301"]`'
            return
        for name in value:
            if not known(name, whole=key == "allow"):
                yield f"names a rule `{name}` in `{key}`, and there is none", meant(name)

    return mistakes


def _strict(value: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(value, bool):
        yield "has a `strict` that is neither true nor false", ""


def _rules(value: Any) -> Iterator[tuple[str, str]]:
    from archdsl.rules.catalog import all_rules

    rules = {rule.slug(): rule for rule in all_rules()}
    if not isinstance(value, dict):
        yield "has `rules` that are no table", "write `[tool.archdsl.rules.<slug>]`"
        return
    for slug, settings in value.items():
        if slug not in rules:
            yield f"sets thresholds of `{slug}`, and there is no such rule", meant(slug)
        elif not isinstance(settings, dict):
            yield f"has `{slug}` as no table", f"write `[tool.archdsl.rules.{slug}]`"
        else:
            yield from _thresholds(rules[slug], settings)


def _thresholds(rule: type[Rule], settings: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in settings.items():
        if name not in rule.thresholds:
            guess = did_you_mean(name, rule.thresholds)
            offered = ", ".join(rule.thresholds) or "none"
            yield (
                f"sets `{name}` of `{rule.slug()}`, which has no such threshold",
                guess or f"it has: {offered}",
            )
        elif isinstance(value, bool) or not isinstance(value, (int, float)):
            yield f"sets `{name}` of `{rule.slug()}` to what is no number", ""
        elif not 0 <= value < inf:
            yield (
                f"sets `{name}` of `{rule.slug()}` to {value}",
                "thresholds are finite, and 0 or more",
            )


def known(name: str, whole: bool = False) -> bool:
    """Whether a name means a rule: its slug, its code, or (unless ``whole``) a code's beginning."""
    from archdsl.rules.catalog import all_rules

    if whole:
        return any(name in (rule.slug(), rule.code) for rule in all_rules())
    return bool(name) and any(
        name == rule.slug() or rule.code.startswith(name) for rule in all_rules()
    )


def meant(name: str) -> str:
    """The rule that a wrong name may mean."""
    from archdsl.rules.catalog import all_rules

    return did_you_mean(name, [n for rule in all_rules() for n in (rule.slug(), rule.code)])
