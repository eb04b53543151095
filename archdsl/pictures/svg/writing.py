"""Elements of SVG as text. What comes from a spec goes through :func:`text` alone."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from archdsl.rendering.escape import visible

if TYPE_CHECKING:
    from archdsl.pictures.layout.sheet import Point

ROUND = 5.0  # the radius of a bend


def told(text: str) -> str:
    """A text as it may stand between tags and in attributes."""
    return escape(visible(text), quote=True)


def number(value: float) -> str:
    """A number of pixels to a tenth, as short as that is."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def rect(x: float, y: float, width: float, height: float, name: str, round_: float = 4) -> str:
    size = f'width="{number(width)}" height="{number(height)}"'
    corner = f' rx="{number(round_)}"' if round_ else ""
    return f'<rect x="{number(x)}" y="{number(y)}" {size}{corner} class="{name}"/>'


def line(x: float, y: float, content: str, name: str = "", anchor: str = "") -> str:
    """A line of text; ``y`` is its baseline."""
    told_class = f' class="{name}"' if name else ""
    where = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text x="{number(x)}" y="{number(y)}"{told_class}{where}>{told(content)}</text>'


def path(points: tuple[Point, ...], name: str) -> str:
    """A way from point to point, with round bends."""
    parts = [f"M{number(points[0].x)} {number(points[0].y)}"]
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        one, other = _towards(here, before), _towards(here, after)
        parts.append(f"L{_at(one)}Q{_at((here.x, here.y))} {_at(other)}")
    parts.append(f"L{_at((points[-1].x, points[-1].y))}")
    return f'<path d="{"".join(parts)}" class="{name}"/>'


def _at(point: tuple[float, float]) -> str:
    return f"{number(point[0])} {number(point[1])}"


def _towards(here: Point, other: Point) -> tuple[float, float]:
    """A little way from one point to another, at most half of it."""
    far = max(abs(other.x - here.x), abs(other.y - here.y))
    share = min(ROUND, far / 2) / far if far else 0
    return here.x + (other.x - here.x) * share, here.y + (other.y - here.y) * share


def arrow(points: tuple[Point, ...]) -> str:
    """The head of an arrow at the end of a way."""
    before, end = points[-2], points[-1]
    if before.x == end.x:
        back = -6 if end.y > before.y else 6
        shape = f"M{_at((end.x, end.y))}l-3.4 {back}h6.8z"
    else:
        back = -6 if end.x > before.x else 6
        shape = f"M{_at((end.x, end.y))}l{back} -3.4v6.8z"
    return f'<path d="{shape}" class="p-arrow"/>'
