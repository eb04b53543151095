"""The language on a few pages, for the context of a language model that is to write specs."""

from __future__ import annotations

import re
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from archdsl.catalog import files
from archdsl.explain.blocks import block_pages
from archdsl.explain.functions import functions
from archdsl.explain.names import devices
from archdsl.explain.ops import op_pages
from archdsl.spec import catalog
from archdsl.spec.bind import signature
from archdsl.spec.train import Train

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.explain.blocks import BlockPage
    from archdsl.explain.ops import OpPage

LONGEST = 12_000
"""Characters of the prompt."""

WIDEST = 120
"""Characters of one signature; of a longer one the last arguments are left out."""

NARROWEST = 30
"""What signatures are shortened to at most, to stay within all characters."""

_HERE = Path(__file__).parent


def prompt() -> str:
    """What a model has to know: the rules, examples, and the signatures of all there is, each as
    far as it fits."""
    texts = (_prompt(widest) for widest in range(WIDEST, NARROWEST - 1, -2))
    return next(text for text in texts if len(text) <= LONGEST)


def _prompt(widest: int) -> str:
    examples = files("archdsl.explain.prompt_examples", ".arch").values()
    template = Template((_HERE / "prompt.txt").read_text(encoding="utf-8"))
    return template.substitute(
        examples="\n".join(f"```arch\n{path.read_text(encoding='utf-8')}```" for path in examples),
        data=_clause("data"),
        task=_clause("task"),
        train=", ".join(catalog.words("train")),
        train_arguments=", ".join(Train.model_fields),
        search=", ".join(catalog.words("search")),
        functions=", ".join(page.signature for page in functions().values()),
        devices=", ".join(devices()),
        ops=_by_family(op_pages(), widest),
        blocks=_by_family(block_pages(), widest),
    )


def _clause(clause: str) -> str:
    models = ((word, catalog.find(clause, word)) for word in catalog.words(clause))
    return ", ".join(signature(word, model) for word, model in models if model is not None)


def _by_family(pages: Iterable[OpPage | BlockPage], widest: int) -> str:
    families: dict[str, list[str]] = {}
    for page in pages:
        families.setdefault(page.family, []).append(_shortened(page.signature, widest))
    return "\n".join(f"- {family}: {' · '.join(families[family])}" for family in sorted(families))


def _shortened(written: str, widest: int) -> str:
    """A signature without its last arguments where it is too long."""
    if len(written) <= widest:
        return written.removesuffix("()")
    name, _, arguments = written.partition("(")
    parts = re.split(r", (?=[^,()]+=|…)", arguments)
    while len(parts) > 1 and len(f"{name}({', '.join(parts)}, …)") > widest:
        parts.pop()
    return f"{name}({', '.join(parts)}, …)"
