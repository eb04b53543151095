"""The pages of ops, from their classes."""

from __future__ import annotations

from inspect import cleandoc
from typing import NamedTuple

from archdsl.ops import catalog
from archdsl.ops.binding import signature


class OpPage(NamedTuple):
    """What one op is: ``conv``, of the family ``convolution``. ``example`` is a model's layer."""

    name: str
    family: str
    signature: str
    doc: str
    example: str


def op_pages() -> tuple[OpPage, ...]:
    """Every op's page, by name."""
    return tuple(op_page(word) for word in catalog.words())


def op_page(word: str) -> OpPage:
    """The page of an op. Raises KeyError where there is none of that name."""
    op = catalog.find(word)
    if op is None:
        raise KeyError(word)
    doc = cleandoc(op.__doc__ or "")
    return OpPage(word, catalog.family(word), signature(op), doc, op.example)
