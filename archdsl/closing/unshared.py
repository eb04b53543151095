"""``shared`` blocks in which nothing is chosen: who writes one may want to share weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.closing.opened import Opened
from archdsl.diagnostics import Diagnostic, Edit, Fix, Severity
from archdsl.syntax import nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.resolve.loading import Spec

KEYWORD = "shared"


def shared_for_nothing(spec: Spec) -> Iterator[Diagnostic]:
    """A warning for each ``shared`` block of a text that neither chooses nor is given a choice."""
    shared = [item for item in spec.tree.items if isinstance(item, nodes.Block) and item.shared]
    choosing = _choosing(spec) if shared else frozenset()
    for block in shared:
        if block.name.id not in choosing:
            yield _shares_nothing(block)


def _choosing(spec: Spec) -> frozenset[str]:
    """The blocks, and all else that is called, in which something is chosen or that are given a
    choice."""
    blocks = {item.name.id: item for item in spec.declared if isinstance(item, nodes.Block)}
    parts = [part for item in spec.declared for part in item.within()]
    lets = [part for part in parts if isinstance(part, nodes.Let) and not part.is_module]
    opened = Opened(blocks, lets)
    calls = [part for part in parts if isinstance(part, nodes.Call)]
    given = {call.function.id for call in calls if any(map(opened, call.arguments))}
    return frozenset(opened.names | given)


def _shares_nothing(block: nodes.Block) -> Diagnostic:
    name = block.name.id
    end = block.span.start + len(KEYWORD)
    keyword = block.span._replace(end=end)
    text = block.span.source.text
    blanks = len(text[end:]) - len(text[end:].lstrip(" \t"))
    fix = Fix(f"remove `{KEYWORD}`", (Edit(keyword._replace(end=end + blanks), ""),), safe=True)
    return Diagnostic(
        "W520",
        f"`{name}` is `shared`, and nothing is chosen in it: each call has weights of its own",
        keyword,
        Severity.WARNING,
        needed="choices in it, which `shared` makes once for the whole model",
        help=f"one set of weights for several places is a `module {name} = …` in the model",
        fix=fix,
    )
