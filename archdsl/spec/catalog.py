"""The words of each clause, found by listing ``archdsl/spec/<clause>/<word>.py``."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from archdsl.catalog import files

if TYPE_CHECKING:
    from archdsl.spec.fields import ClauseModel

CLAUSES = ("data", "task", "train", "search")


def words(clause: str) -> tuple[str, ...]:
    """``image``, ``table``, … for ``data``."""
    return tuple(files(f"archdsl.spec.{clause}"))


def find(clause: str, word: str) -> type[ClauseModel] | None:
    """The model of ``<clause> <word>(…)``, or None when there is no such word."""
    if word not in files(f"archdsl.spec.{clause}"):
        return None
    module = import_module(f"archdsl.spec.{clause}.{word}")
    name = "".join(part.capitalize() for part in word.split("_"))
    model: type[ClauseModel] = getattr(module, name)
    return model
