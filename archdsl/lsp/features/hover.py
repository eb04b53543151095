"""What is under the pointer: the page of a word, where a name comes from, the shape and the costs
of a step with their share of the whole, the values of a parameter, the path of a choice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from archdsl.cost.counts import macs, params
from archdsl.evaluate.designs import shown_path
from archdsl.evaluate.points import as_text
from archdsl.lsp.comments import above
from archdsl.lsp.drift import Drift
from archdsl.lsp.features.inlay_hint import met_at, told
from archdsl.lsp.names import ARCH, BLOCK, DEVICE, FUNCTION, PARAMETER
from archdsl.lsp.pages import argument_page, code, page
from archdsl.lsp.pointing import pointed
from archdsl.lsp.summaries import of_design, of_space
from archdsl.lsp.telling import amount, operations, percent
from archdsl.syntax import nodes as ast

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archdsl.lsp.facts import Facts
    from archdsl.lsp.names import Symbol, Use
    from archdsl.lsp.session import Document, Session
    from archdsl.record import Record

METHOD = types.TEXT_DOCUMENT_HOVER
LISTED = 12  # values and options that are named


async def answer(session: Session, params: types.HoverParams) -> types.Hover | None:
    """What is told of a place."""
    pointed_at = await pointed(session, params)
    if pointed_at is None:
        return None
    document, positions, names, offset, use = pointed_at
    found = await session.facts(document.uri)
    facts = found[1] if found is not None else None
    around = _around(names.tree, offset)
    parts = [*_of_name(use, around, document)] if use is not None else []
    if facts is not None:
        parts += _of_place(use, around, document, facts)
    parts += _of_choice(around, document) if use is None or not parts else []
    if not parts:
        return None
    place = positions.range_of(use.span) if use is not None else None
    text = "\n\n---\n\n".join(parts)
    return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, text), place)


def _around(tree: ast.File, offset: int) -> list[Record]:
    """The nodes that a place lies in, inner ones first."""
    found = []
    for item in tree.items:
        if item.span.start <= offset <= item.span.end:
            found += [node for node in item.within() if _holds(node, offset)]
    return found[::-1]


def _holds(node: Record, offset: int) -> bool:
    span = node.span  # type: ignore[attr-defined]
    return bool(span.start <= offset <= span.end)


def _of_name(use: Use, around: Iterable[Record], document: Document) -> Iterator[str]:
    """What a name means."""
    if use.symbol is not None:
        yield _of_symbol(use.symbol, document)
        return
    word = use.span.text
    calls = (node for node in around if isinstance(node, ast.Call))
    call = next((one for one in calls if one.function.span != use.span), None)
    if use.role == "argument" and call is not None:
        clause = next((n.keyword for n in around if isinstance(n, ast.Clause)), "")
        clause = clause or ("device" if any(isinstance(n, ast.Device) for n in around) else "")
        told_ = argument_page(call, word, clause)
    else:
        told_ = page(word, use.role)
    if told_:
        yield told_


def _of_symbol(symbol: Symbol, document: Document) -> str:
    node = symbol.node
    if isinstance(node, (ast.Block, ast.Function)) and symbol.kind in (BLOCK, FUNCTION):
        text = node.span.text
        head = text[: text.index(")") + 1] if not node.parameters else _head(node)
        comment = above(node.span).replace("\n", "  \n")
        return "\n\n".join(part for part in (code(head), comment) if part)
    if symbol.kind == DEVICE and isinstance(node, ast.Device):
        return code(node.span.text)
    if symbol.kind == ARCH:
        return "\n\n".join([code(f"arch {symbol.name}"), *_of_arch(symbol.name, document)])
    if symbol.kind == PARAMETER and isinstance(node, ast.Parameter):
        return code(f"{node.span.text}") + f"\n\na parameter of `{symbol.within}`"
    text = getattr(node, "span", symbol.span).text
    return code(text if text.count("\n") < LISTED else text.split("\n", 1)[0] + " …")


def _head(node: ast.Block | ast.Function) -> str:
    text = node.span.text
    return text[: node.parameters[-1].span.end - node.span.start].rstrip() + ")"


def _of_arch(name: str, document: Document) -> Iterator[str]:
    known = document.known
    survey = document.surveys.get(name)
    if survey is not None and survey.done() and not survey.cancelled():
        counted = survey.result()
        if counted is not None:
            yield of_space(counted)
    elif known.spec is not None and name not in known.spaces and known.designs.get(name):
        yield of_design(known.spec.programs[name], known.designs[name][0])


def _of_place(
    use: Use | None, around: Iterable[Record], document: Document, facts: Facts
) -> Iterator[str]:
    """Shapes and costs of the step, or of the let, that a name stands for."""
    known = document.evaluated
    assert known is not None
    if known.source.text != document.text or use is None:
        return  # what is known is of another text
    named = [one for one in around if _is_named_by(one, use)]
    node = named[-1] if named else None  # of a name and what it names the latter
    if isinstance(node, ast.Parameter):
        yield from _given(use, node, around, facts)
    elif node is not None:
        met = met_at(node, facts)  # type: ignore[arg-type]
        if met:
            span = node.span  # type: ignore[attr-defined]
            yield "\n\n".join([told(met), *_shares((span.start, span.end), document, facts)])


def _is_named_by(node: Record, use: Use) -> bool:
    if isinstance(node, ast.Call):
        return node.function.span == use.span
    if isinstance(node, (ast.Let, ast.Parameter)):
        return any(
            n.span == use.span
            for n in ([node.name] if isinstance(node, ast.Parameter) else node.names)
        )
    return isinstance(node, ast.Name) and node.span == use.span


def _given(use: Use, node: ast.Parameter, around: Iterable[Record], facts: Facts) -> Iterator[str]:
    blocks = (one for one in around if isinstance(one, (ast.Block, ast.Function)))
    block = next(blocks, None)
    if block is None:
        return
    values = [*facts.arguments.get(((block.span.start, block.span.end), node.name.id), ())]
    if values:
        more = f", … ({len(values)} values)" if len(values) > LISTED else ""
        yield f"in this file: {', '.join(values[:LISTED])}{more}"


def _shares(place: tuple[int, int], document: Document, facts: Facts) -> Iterator[str]:
    """What a place takes of each architecture, wherever it is called."""
    known = document.evaluated
    assert known is not None
    for arch, designs in known.designs.items():
        cost = facts.costs.get((arch, place))
        if cost is None or not designs or arch in known.spaces:
            continue
        graph = designs[0].graph
        times = f"{cost.times} times, " if cost.times > 1 else ""
        of = [
            f"{percent(part, whole)} of its {what}"
            for part, whole, what in (
                (cost.params, params(graph), f"{amount(params(graph))} parameters"),
                (cost.macs, macs(graph), operations(macs(graph))),
            )
            if part and whole
        ]
        if of:
            yield f"in `{arch}`: {times}{', '.join(of)}"


def _of_choice(around: Iterable[Record], document: Document) -> Iterator[str]:
    """The paths of the choice that a place lies in, with their options."""
    known = document.evaluated
    if known is None:
        return
    drift = Drift(known.source.text, document.text)
    asked = {
        path: point
        for designs in known.designs.values()
        for design in designs
        for path, point, _ in design.asked
    }
    for node in around:
        if not isinstance(node, (ast.Choice, ast.Range, ast.Call)):
            continue
        here = (node.span.start, node.span.end)
        found = {
            shown_path(path): point
            for path, point in asked.items()
            if point.span.source.name == known.source.name
            and drift.span(point.span.start, point.span.end) == here
        }
        if found:
            paths = [f"`{path}`" for path in found]
            point = next(iter(found.values()))
            more = f" and {len(paths) - LISTED} more" if len(paths) > LISTED else ""
            head = f"choice {', '.join(paths[:LISTED])}{more}: {point.offered()}"
            yield "\n\n".join([head, *_option_shares(found, document)])
            return


def _option_shares(paths: Iterable[str], document: Document) -> Iterator[str]:
    """How many designs have each option, where that was counted."""
    for task in document.surveys.values():
        survey = task.result() if task.done() and not task.cancelled() else None
        for choice in survey.choices if survey is not None else ():
            if choice.path in paths and survey is not None and survey.described:
                shares = [
                    f"{as_text(one.label)}: {percent(one.valid, survey.described)}"
                    for one in choice.options[:LISTED]
                ]
                yield f"of the designs of `{survey.name}`: {', '.join(shares)}"
                return
