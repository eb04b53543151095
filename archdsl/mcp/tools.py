"""The tools: each gives a document for JSON, and tells what is wrong with a spec as findings."""

from __future__ import annotations

import json
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from archdsl import api
from archdsl.diagnostics import SpecError, did_you_mean
from archdsl.mcp.access import Access, refused
from archdsl.rendering import render

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from archdsl.diagnostics import Diagnostic

    Method = TypeVar("Method", bound=Callable[..., dict[str, Any]])

Document = dict[str, Any]
MOST_DESIGNS = 100
MOST_SUGGESTIONS = 10


def _telling(tool: Method) -> Method:
    """A tool that tells what it cannot do as findings."""

    @wraps(tool)
    def told(*arguments: Any, **named: Any) -> Document:
        try:
            return tool(*arguments, **named)
        except SpecError as error:
            return _document(error.diagnostics, ok=False)
        except (OSError, ValueError) as error:
            return _document(refused(str(error)[:300]).diagnostics, ok=False)

    return told  # type: ignore[return-value]


def _document(findings: Sequence[Diagnostic], *, ok: bool, **more: Any) -> Document:
    return {"ok": ok, **more, "findings": json.loads(render(findings, "json"))}


class Tools:
    """What the server does. A spec is given as `text`, or as the `path` of an .arch file in a
    folder of the server; `arch` names the architecture where there are several."""

    def __init__(self, access: Access) -> None:
        self.access = access

    @_telling
    def check(self, text: str = "", path: str = "") -> Document:
        """Check a spec: shapes, task, requirements, principles of sound design. `findings` say what
        is wrong, where, what is needed, and the fix if one was tried. `ok`: no errors."""
        spec, root = self.access.given(text, path)
        report = api.check(spec, root=root)
        return _document(report.diagnostics, ok=report.ok, unsatisfiable=report.unsatisfiable)

    @_telling
    def fix(self, text: str = "", path: str = "", unsafe: bool = False) -> Document:
        """Apply the fixes of a spec's findings and give its new `text`; no file is changed. With
        `unsafe` those too that change what it means. `findings` are what is left."""
        from archdsl.fixing import fix

        spec, root = self.access.given(text, path)
        done = fix(spec, unsafe=unsafe, root=root)
        more = {"text": done.text, "applied": list(done.titles)}
        return _document(done.report.diagnostics, ok=done.report.ok, **more)

    @_telling
    def show(
        self,
        text: str = "",
        path: str = "",
        arch: str = "",
        design: dict[str, Any] | None = None,
        depth: int = 2,
    ) -> Document:
        """Tell the layers of one design: shapes, parameters, multiply-accumulates. `depth` is how
        many levels of blocks are told."""
        spec, root = self.access.given(text, path)
        table = api.show(spec, max(depth, 1), design=design, arch=arch or None, root=root)
        return _document((), ok=True, table=table.document())

    @_telling
    def compile(
        self,
        text: str = "",
        path: str = "",
        arch: str = "",
        design: dict[str, Any] | None = None,
    ) -> Document:
        """Compile one design to a PyTorch module: its Python `source`, which needs torch alone.
        `design` gives each choice its value by path, as `sample` gives them."""
        spec, root = self.access.given(text, path)
        made = api.compile(spec, design=design, arch=arch or None, root=root)
        shapes = {name: list(sizes) for name, sizes in made.shapes.items()}
        more = {"name": made.name, "source": made.source, "design": made.design, "shapes": shapes}
        return _document(made.warnings, ok=True, params=made.params, macs=made.macs, **more)

    @_telling
    def count(
        self, text: str = "", path: str = "", arch: str = "", valid: bool = False
    ) -> Document:
        """Count the designs of a space, exactly or between two numbers; with `valid` those that
        meet every requirement."""
        spec, root = self.access.given(text, path)
        found = api.count(spec, valid=valid, arch=arch or None, root=root)
        return _document(found.remarks, ok=True, count=found.document())

    @_telling
    def sample(
        self, text: str = "", path: str = "", arch: str = "", n: int = 1, seed: int = 0
    ) -> Document:
        """Draw designs of a space at random, at most 100: valid, sound, none twice. Each is the
        value of every choice by its path; the same `seed` gives the same."""
        spec, root = self.access.given(text, path)
        number = min(max(n, 1), MOST_DESIGNS)
        designs = api.sample(spec, number, seed=abs(seed), arch=arch or None, root=root)
        return _document((), ok=True, designs=designs)

    @_telling
    def suggest(
        self,
        text: str = "",
        path: str = "",
        arch: str = "",
        design: dict[str, Any] | None = None,
        n: int = 3,
    ) -> Document:
        """Find what a rejected spec (or the `design` of a space) could be instead: the nearest that
        pass, at most 10, each checked. Takes up to 15 seconds."""
        from archdsl.suggesting.suggested import suggest

        spec, root = self.access.given(text, path)
        number = min(max(n, 1), MOST_SUGGESTIONS)
        found = suggest(spec, number, arch=arch or None, design=design, root=root)
        suggestions = [one._asdict() for one in found.suggestions]
        more = {"passes": found.passes, "suggestions": suggestions}
        ok = found.passes or bool(suggestions)
        return _document(found.report.diagnostics, ok=ok, **more)

    @_telling
    def explain(self, name: str) -> Document:
        """Explain a code of a finding (`E301`), a principle (`mlp_on_grid`, `P101`) or a metric:
        what it means, why, an example, a way out."""
        return _document((), ok=True, text=_explained(name))

    @_telling
    def ops(self, name: str = "") -> Document:
        """List the ops of the language by signature, or tell one by its `name`."""
        pages = {page.name: page._asdict() for page in api.list_ops()}
        return _document((), ok=True, ops=_chosen("op", name, pages))

    @_telling
    def blocks(self, name: str = "") -> Document:
        """List the blocks of the library by signature, or tell one by its `name`, with its text."""
        pages = {page.name: page._asdict() for page in api.list_blocks()}
        return _document((), ok=True, blocks=_chosen("block", name, pages))


def _chosen(kind: str, name: str, pages: dict[str, Document]) -> list[Document]:
    """All pages, of each what fits on a line; or the whole of one."""
    if not name:
        return [
            {"signature": page["signature"], "doc": page["doc"].partition("\n")[0]}
            for page in pages.values()
        ]
    if name not in pages:
        raise refused(f"there is no {kind} `{name[:80]}`", did_you_mean(name, pages))
    return [pages[name]]


def _explained(name: str) -> str:
    from archdsl.explain import metrics, rules
    from archdsl.explain.errors import Page
    from archdsl.explain.lookup import explained_names, looked_up
    from archdsl.rules.base import Rule
    from archdsl.rules.config import Config

    found = looked_up(name)
    if found is None:
        guess = did_you_mean(name, explained_names())
        raise refused(f"there is no rule, code or metric `{name[:80]}`", guess)
    if isinstance(found, Page):
        return found.whole
    return rules.page(found, Config()) if issubclass(found, Rule) else metrics.page(found)
