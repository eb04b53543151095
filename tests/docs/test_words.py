"""What prose puts between backquotes exists: commands with their options, and what is called."""

from __future__ import annotations

import re
from importlib import import_module
from typing import TYPE_CHECKING

import pytest

import archdsl
from archdsl.catalog import files
from archdsl.cost import catalog as metrics
from archdsl.explain.functions import functions
from archdsl.explain.rules import body
from archdsl.ops import catalog as ops
from archdsl.resolve.blocks import library
from archdsl.resolve.scope import REPORTED
from archdsl.rules.catalog import all_rules
from archdsl.spec.catalog import CLAUSES, words
from archdsl.spec.key_map import WORDS
from tests.architecture.sources import SourceFile, sources

if TYPE_CHECKING:
    import click

COMMAND = re.compile(r"`archdsl ([^`]+)`")
CALLED = re.compile(r"(?<![\w.])([a-z_]\w*)\(")
FENCED = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
MADE_UP = {"f", "again", "head", "wide", "torchvision", "list"}  # of examples; 0.1 had `list`


def texts() -> list[SourceFile]:
    """What people read: guides, pages of codes, and the sources' messages and docstrings."""
    return [
        file
        for file in sources(".md", ".py")
        if file.path.startswith(("archdsl/", "docs/", "grammar/")) or "/" not in file.path
        if file.path != "CHANGELOG.md"  # which tells of what there was
    ]


def commands() -> dict[str, click.Command]:
    """Every command by its word."""
    names = files("archdsl.cli.commands")
    return {name: import_module(f"archdsl.cli.commands.{name}").command for name in names}


def options(command: click.Command) -> set[str]:
    """What a command takes that begins with a dash."""
    spelled = (o for one in command.params for o in (*one.opts, *one.secondary_opts))
    return {o for o in spelled if o.startswith("-")} | {"--help", "-"}


def test_every_command_that_is_spoken_of_exists_and_has_the_options_that_are_named():
    known = commands()
    wrong = []
    for file in texts():
        for told in COMMAND.findall(file.text):
            word, *rest = told.split()
            named = {part.split("=")[0].rstrip(",") for part in rest if part.startswith("-")}
            if (word.isupper() or word == "--help") and named <= {"--help"}:
                continue  # `archdsl COMMAND`, `archdsl --help`
            if word not in known or not named <= options(known[word]):
                wrong.append(f"{file.path}: archdsl {told}")
    assert wrong == []


def prose() -> dict[str, str]:
    """The guides and the pages of codes and ops, without the specs in them."""
    guides = {file.path: file.text for file in texts() if file.path.endswith(".md")}
    told = {rule.slug(): body(rule) for rule in all_rules()}
    meant = {word: ops.find(word).__doc__ or "" for word in ops.words()}
    pages = {**guides, **told, **meant}
    return {name: FENCED.sub("", text) for name, text in pages.items() if "docs/adr" not in name}


def of_python() -> set[str]:
    """What the package exports, and the methods of that."""
    exported = {name: getattr(archdsl, name) for name in archdsl.__all__}
    return {*exported, *(method for thing in exported.values() for method in dir(thing))}


@pytest.mark.parametrize(("name", "text"), prose().items(), ids=prose())
def test_what_is_called_between_backquotes_is_a_word_of_the_language(name: str, text: str):
    settings = {word for clause in CLAUSES for word in words(clause)}
    known = {
        REPORTED,
        *functions(),
        *ops.words(),
        *library(),
        *metrics.words(),
        *settings,
        *WORDS,
        *MADE_UP,
    }
    known |= of_python() if name == "docs/api.md" else set()
    called = {w for piece in re.findall(r"`([^`\n]+)`", text) for w in CALLED.findall(piece)}
    assert called - known == set()
