"""The pages of the library's blocks, from their files: the comments before them, and themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archdsl.catalog import files
from archdsl.resolve.blocks import library
from archdsl.source import Source
from archdsl.syntax.nodes import Block
from archdsl.syntax.parser import parse

if TYPE_CHECKING:
    from archdsl.syntax.nodes import File

EXAMPLE = "example:"


class BlockPage(NamedTuple):
    """What one block is: ``bottleneck``, of the family ``convolution``. ``example`` may be empty;
    ``source`` is its text in the language."""

    name: str
    family: str
    signature: str
    doc: str
    example: str
    source: str


def block_pages() -> tuple[BlockPage, ...]:
    """Every block's page, by name."""
    return tuple(block_page(name) for name in library())


def block_page(name: str) -> BlockPage:
    """The page of a block. Raises KeyError where there is none of that name."""
    path = files("archdsl.library", ".arch")[name]
    file = parse(Source(path.read_text(encoding="utf-8"), path.name))
    (block,) = (item for item in file.items if isinstance(item, Block))
    comments = _comments(file, block)
    examples = [line for line in comments if line.startswith(EXAMPLE)]
    return BlockPage(
        name,
        path.parent.name,
        _signature(block),
        "\n".join(line for line in comments if line not in examples).strip(),
        "\n".join(line.removeprefix(EXAMPLE).strip() for line in examples),
        block.span.text,
    )


def _comments(file: File, block: Block) -> list[str]:
    before = (comment for comment in file.comments if comment.span.start < block.span.start)
    return [comment.text.removeprefix("#").removeprefix(" ").rstrip() for comment in before]


def _signature(block: Block) -> str:
    """``bottleneck(width, stride=1)``"""
    parameters = ", ".join(parameter.span.text for parameter in block.parameters)
    return f"{block.name.id}({parameters})"
