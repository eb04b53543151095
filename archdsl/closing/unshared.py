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
    if not shared:
        return
    blocks = {item.name.id: item for item in spec.declared if isinstance(item, nodes.Block)}
    lets = [part for item in spec.declared for part in item.within() if isinstance(part, nodes.Let)]
    opened = Opened(blocks, [let for let in lets if not let.is_module])
    calls = [n for item in spec.declared for n in item.within() if isinstance(n, nodes.Call)]
    given = {call.function.id for call in calls if any(map(opened, call.arguments))}
    for block in shared:
        if block.name.id not in opened.names and block.name.id not in given:
            yield _shares_nothing(block)


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
