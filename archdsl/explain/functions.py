"""The pages of what is called in a spec and is neither an op nor a block: functions of values, from
their docstrings, and the forms, which take layers and choices apart from what they mean."""

from __future__ import annotations

import inspect
from functools import cache
from typing import NamedTuple

from archdsl.evaluate.arithmetic import FUNCTIONS

_EXAMPLE = "example: "


class Function(NamedTuple):
    """What one word does with what it is given."""

    name: str
    family: str
    signature: str
    doc: str
    example: str


FORMS = {
    "when": """when(condition, a, else=b)

    One of two layers or values, by what is known while compiling. The branch that is not taken does
    not exist; without `else` a layer passes on what flows in.

    example: when(x.channels == 64, identity, else=conv(64, 1))
    """,
    "each": """each(name = values, layer)

    A row of layers, one for each value, each with weights of its own. The values are a range, a
    list, `pick(k, …)` or `permute(…)`; `each((c, n) = rows, …)` gives each item of a row a name.

    example: each(i = 1 to 3, conv(16 * i, 3))
    """,
    "pick": """pick(k, a, b, …)

    A choice of k of some branches of a merge, or of k of the values of `each`: `pick(2, widths)`
    of the items of a list.

    example: add(pick(2, identity, conv(x.channels, 3), max_pool(3, stride=1)))
    """,
    "permute": """permute(a, b, …)

    A choice of the order: of layers in a row, or of the values of `each`.

    example: permute(relu, batch_norm, conv(16, 3))
    """,
    "none": """none

    No branch: an option among the branches of `add`, `mul` or `concat`.

    example: add(identity, conv(x.channels, 3) | none)
    """,
}


@cache
def functions() -> dict[str, Function]:
    """All of them by name, in order."""
    values = [_page(name, "values", made.__doc__) for name, made in FUNCTIONS.items()]
    forms = [_page(name, "forms", text) for name, text in FORMS.items()]
    return {page.name: page for page in sorted((*values, *forms))}


def _page(name: str, family: str, text: str | None) -> Function:
    signature, _, rest = inspect.cleandoc(text or name).partition("\n")
    doc, _, example = rest.partition(_EXAMPLE)
    return Function(name, family, signature, doc.strip(), example.strip())
