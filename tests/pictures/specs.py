"""Specs that are drawn in several tests."""

from __future__ import annotations

import archdsl
from archdsl.diagnostics import Diagnostic
from archdsl.pictures.picture import Box, By, Edge, Kind, Picture

RESIDUAL = """
block unit(width) {
  let body = conv(width, 3, bias=false) -> batch_norm -> relu -> conv(width, 3)
  return add(body, x) -> relu
}

# A small network.
arch Residual {
  data image(3, 32, 32)
  task classify(10)
  model {
    let stem = conv(16, 7, stride=2) -> max_pool(2)
    let body = stem -> 3 * unit(16)
    return body -> global_avg_pool -> linear(classes)
  }
}
"""
INPUTS = """
arch Pair {
  data left = image(1, 28, 28)
  data right = image(1, 28, 28)
  task label(1)
  model {
    module tower = conv(8, 3) -> relu -> flatten -> linear(16)
    return concat(left -> tower, right -> tower) -> linear(labels)
  }
}
"""
SPACE = """
block op(width) = conv(width, 3) | conv(width, 5) | max_pool(3, stride=1)

arch Space {
  data image(3, 32, 32)
  task classify(10)
  let depth = 1 to 3
  let width = 8 | 16
  model {
    let stem = conv(width, 3 | 5)
    let cell = stem -> depth * op(width)
    let wide = cell -> (narrow: (conv(8, 3) -> relu) | wide: conv(32, 3))
    return add(pick(1, cell, cell -> conv(width, 1)), stem | none)
           -> concat(identity, wide) -> global_avg_pool -> linear(classes)
  }
}
"""
ALL = {"residual": RESIDUAL, "inputs": INPUTS, "space": SPACE}


HOSTILE = '</svg><script>alert(1)</script> & "quoted" \\ ]; evil [ \u202e \n end'


def hostile() -> Picture:
    """A picture whose texts are all made to be more than that."""
    box = Box(
        "b1", Kind.LAYER, HOSTILE, HOSTILE, HOSTILE, "dense", (HOSTILE,), (HOSTILE,), (HOSTILE,)
    )
    group = Box("b2", Kind.GROUP, HOSTILE, HOSTILE, inside=(box,))
    edges = (Edge("b3", "b1", HOSTILE),)
    found = (Diagnostic("W511", HOSTILE, help=HOSTILE, needed=HOSTILE),)
    boxes = (Box("b3", Kind.INPUT, HOSTILE, findings=(0,)), group)
    return Picture(HOSTILE, HOSTILE, (HOSTILE,), boxes, edges, By.PARAMS, found, (HOSTILE,))


def drawn(name: str, format: str = "svg", **options: object) -> str:
    """One of them as a picture."""
    return archdsl.draw(ALL[name], format, name=f"{name}.arch", **options)
