"""The colours of pictures, light and dark: written out for each class, as not every program that
reads SVG knows variables."""

from __future__ import annotations

from typing import NamedTuple


class Tone(NamedTuple):
    """A fill and a line."""

    fill: str
    line: str


FAMILIES: dict[str, tuple[Tone, Tone]] = {
    "convolution": (Tone("#dcebfa", "#2f6fae"), Tone("#17314b", "#6fb1ee")),
    "dense": (Tone("#dff1e4", "#2e8049"), Tone("#173824", "#6ac58b")),
    "attention": (Tone("#fbe3dc", "#b4512c"), Tone("#46251a", "#f0936c")),
    "recurrent": (Tone("#f6e1ef", "#9a3f7c"), Tone("#3f1f35", "#dd8cc2")),
    "graph": (Tone("#d9f1f1", "#1d7f80"), Tone("#133838", "#5cc4c4")),
    "embedding": (Tone("#ebe4f8", "#6b4fae"), Tone("#2d2347", "#ab93e8")),
    "norm": (Tone("#f5f0d6", "#8a7415"), Tone("#37310f", "#d3bb53")),
    "activation": (Tone("#fdeacb", "#a8681a"), Tone("#412c10", "#e6a958")),
    "pooling": (Tone("#e3e8f4", "#56679a"), Tone("#242c42", "#9aabdc")),
    "regularizer": (Tone("#eeeeee", "#7c7c7c"), Tone("#2c2c2c", "#a5a5a5")),
    "merge": (Tone("#ffffff", "#3c444d"), Tone("#20262c", "#c3ccd5")),
    "other": (Tone("#f3f4f5", "#7a848e"), Tone("#262b30", "#98a3ae")),
    "block": (Tone("#fafbfc", "#5d6873"), Tone("#1f252b", "#a3afba")),
}
SURFACE, INK, MUTED, LINE = "#ffffff", "#1b1f24", "#5f6974", "#66717c"
GROUP, GROUP_LINE = "#f6f8fa", "#b4bdc6"
BAR = "#3c444d"
SEVERITIES = {"error": "#b3261e", "warning": "#b25e00", "note": "#2f6fae"}
DARK = {
    SURFACE: "#14171a",
    INK: "#e7eaed",
    MUTED: "#9aa5b0",
    LINE: "#8c98a4",
    GROUP: "#1a1f24",
    GROUP_LINE: "#48525c",
    BAR: "#d5dce3",
    "#b3261e": "#ff8a80",
    "#b25e00": "#ffb15c",
    "#2f6fae": "#6fb1ee",
}
FONT = 'system-ui, -apple-system, "Segoe UI", "Helvetica Neue", "DejaVu Sans", sans-serif'


def look() -> str:
    """The rules of a picture; each class begins with ``p-``, so that a page may have its own."""
    light = [
        f".p-picture text {{ font-family: {FONT}; font-size: 12px; fill: {INK}; }}",
        ".p-bold { font-weight: 600; }",
        ".p-picture .p-small { font-size: 10.5px; } .p-picture .p-title { font-size: 16px; }",
        _rule("p-surface", fill=SURFACE),
        ".p-picture .p-small, .p-picture .p-muted { fill: " + MUTED + "; }",
        _rule("p-group", fill=GROUP, stroke=GROUP_LINE),
        _rule("p-band", fill=GROUP),
        ".p-choice { stroke-dasharray: 5 3; }",
        _rule("p-way", stroke=LINE) + " .p-way { fill: none; stroke-width: 1.3; }",
        ".p-optional { stroke-dasharray: 4 3; }",
        _rule("p-arrow", fill=LINE),
        f".p-picture .p-sizes {{ font-size: 10.5px; fill: {MUTED}; }}",
        _rule("p-bar", fill=BAR),
        _rule("p-badge", fill=SURFACE, stroke=LINE),
        ".p-mark { stroke-width: 2; fill: none; }",
        f".p-picture .p-number {{ font-size: 10px; font-weight: 600; fill: {SURFACE}; }}",
        *(_rule(f"p-{name}", fill=color) for name, color in SEVERITIES.items()),
        *(_rule(f"p-mark-{name}", stroke=color) for name, color in SEVERITIES.items()),
    ]
    dark = [rule for rule in map(_darker, light) if rule]
    for name, (one, other) in FAMILIES.items():
        light.append(_rule(f"p-f-{name}", fill=one.fill, stroke=one.line))
        dark.append(_rule(f"p-f-{name}", fill=other.fill, stroke=other.line))
    inside = "\n".join(f"  {rule}" for rule in dark)
    return "\n".join(light) + f"\n@media (prefers-color-scheme: dark) {{\n{inside}\n}}"


def _rule(name: str, **colours: str) -> str:
    told = " ".join(f"{key}: {value};" for key, value in colours.items())
    return f".{name} {{ {told} }}"


def _darker(rule: str) -> str:
    """A rule with the colours of the dark; empty where it has none."""
    changed = rule
    for light, dark in DARK.items():
        changed = changed.replace(light, dark)
    return changed if changed != rule else ""
