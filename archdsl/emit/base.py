"""What an emitter is: a format of text that a graph is written in, in one file.

It is a class in ``archdsl/emit/formats/<word>.py``, its name the word in CamelCase.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from archdsl.graph.nodes import Graph


class Emitter:
    """Base of all emitters; the docstring of each says what it writes. ``suffix`` is what its
    files end in."""

    suffix: ClassVar[str]

    def emit(self, graph: Graph) -> str:
        """The text of a graph: the same bytes for the same graph in every process, with a stamp
        (:mod:`archdsl.emit.stamp`) that tells a file edited by hand."""
        raise NotImplementedError

    def library(self) -> str:
        """The text of a file of blocks only, which holds no graph."""
        raise NotImplementedError
