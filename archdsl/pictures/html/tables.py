"""Tables of a report: findings, costs and layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.rendering.pages import table, told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archdsl.cost.rows import LayerRow, LayerTable
    from archdsl.diagnostics import Diagnostic
    from archdsl.pictures.picture import Picture

LONGEST = 400  # rows of layers
WIDEST = 60  # pixels of a bar
HEADS = ("layer", "output", "params", "MACs", "share of MACs")


def findings_part(picture: Picture) -> str:
    """All findings, each with a link to the box that it is at."""
    if not picture.findings:
        return "<h2>Findings</h2>\n<p>None.</p>"
    at: dict[int, str] = {}
    for box in picture.every():
        for number in box.findings:
            at.setdefault(number, box.key)
    items = [
        _finding(number, finding, at.get(number, ""))
        for number, finding in enumerate(picture.findings)
    ]
    return f'<h2>Findings</h2>\n<ol class="findings">\n{"".join(items)}</ol>'


def _finding(number: int, finding: Diagnostic, key: str) -> str:
    severity = finding.severity.value
    link = f' <a href="#p-{key}">in the picture</a>' if key else ""
    under = [f"at {finding.span}"] if finding.span else []
    under += [f"needed: {finding.needed}"] if finding.needed else []
    under += [f"help: {finding.help}"] if finding.help else []
    lines = "".join(f'<p class="under">{told(line)}</p>' for line in under)
    head = f"<b>{number + 1} {severity} {told(finding.code)}</b>"
    return f'<li class="{severity}">{head}{told(finding.message)}{link}{lines}</li>\n'


def metrics_part(metrics: Sequence[tuple[str, str]]) -> str:
    """What a design costs."""
    if not metrics:
        return ""
    rows = [(told(name), told(text)) for name, text in metrics]
    return f"<h2>Costs</h2>\n{table((), rows, 'layers')}"


def layers_part(layers: LayerTable) -> str:
    """The layers, with what each has of all multiply-accumulates."""
    rows = [_layer(row, layers.macs) for row in layers.layers[:LONGEST]]
    more = len(layers.layers) - LONGEST
    under = f'<p class="under">and {more:,} more</p>' if more > 0 else ""
    return f"<h2>Layers</h2>\n{table(HEADS, rows, 'layers')}{under}"


def _layer(row: LayerRow, macs: int) -> list[str]:
    share = row.macs / macs if macs else 0.0
    wide = f"{WIDEST * share:.1f}px"
    bar = f'<span class="share" style="width:{wide}"></span>' if share >= 0.01 else ""
    return [
        told("  " * row.level + row.layer),
        "×".join(map(str, row.shape)),
        f"{row.params:,}",
        f"{row.macs:,}",
        f"{bar}{100 * share:.1f} %" if macs else "",
    ]
