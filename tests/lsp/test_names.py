"""What names mean: a text in which one thing is renamed everywhere says the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import archdsl
from archdsl import api, stages
from archdsl.lsp.analysis import used_items
from archdsl.lsp.names import ARCH, Names
from archdsl.source import Source
from archdsl.syntax.parser import parse
from tests.lsp.client import ROOT
from tests.thinning import thinned

if TYPE_CHECKING:
    from pathlib import Path

SPECS = sorted((ROOT / "specs").rglob("*.arch"))
NEW = "renamed_for_test"


def _names(path: Path) -> Names:
    source = Source(path.read_text(), str(path))
    tree = parse(source)
    return Names(tree, used_items(tree, source, path.parent))


def _renamed(names: Names, number: int) -> str:
    """The text with another name for one of its things."""
    symbol = names.symbols[number]
    text = names.tree.source.text
    for use in reversed(names.of(symbol)):
        text = text[: use.span.start] + NEW + text[use.span.end :]
    return text


def _said(text: str, path: Path):
    """What does not depend on names: the numbers of each architecture's graph."""
    given = api.read(text, str(path), path.parent)
    work = stages.run(given.work(), stages.STAGES[:1])
    assert work.spec is not None, [f"{f.span}: {f.message}" for f in work.findings]
    found = []
    for program in work.spec.programs.values():
        graph = program.evaluate(lambda path, point: point.at(0)).graph
        found.append((archdsl.cost.counts.params(graph), archdsl.cost.counts.macs(graph)))
        found.append((graph.model.size, graph.model.out))
    return found


def _hold(path: Path, step: int, first: int) -> None:
    names = _names(path)
    before = _said(names.tree.source.text, path)
    for number in range(first % step, len(names.symbols), step):
        renamed = _renamed(names, number)
        assert NEW in renamed
        assert _said(renamed, path) == before, names.symbols[number].name


@pytest.mark.parametrize("number", range(0, len(SPECS), 20))
def test_a_text_with_something_renamed_everywhere_says_the_same(number):
    _hold(SPECS[number], 9, number)


@pytest.mark.slow
@pytest.mark.parametrize("number", thinned(range(12), 3))
def test_every_name_of_every_spec_can_be_renamed(number):
    for path in SPECS[number::12]:
        _hold(path, 2, number)


MANY = """use "other.arch"
device board(compute=10G, bandwidth=10G)
function twice(v, by=2) = v * by
block cell(width, act=relu, f=conv(width, 3)) {
  let body = f -> act
  require width >= 2, "wide"
  return when(x.channels == width, add(x, body), else=body)
}
arch A {
  data  picture = image(3, 16, 16)
  data  facts = table(4)
  task  kind = classify(10)
  task  age = regress(1)
  train sgd(lr=0.1, freeze=stem, device=board)
  require latency(board) <= 1 s
  let rows = [[8, 1], [16, 2]]
  let n = twice(v=4)
  model {
    module shared_one = linear(8)
    let stem = picture -> conv(n, 3)
    let body = stem -> each((c, k) = rows, cell(c * k, act=relu)) -> each(i = 1 to 2, cell(16 * i))
    let (one, two) = body -> global_avg_pool -> both
    let seen = facts -> shared_one
    let end = concat(one, two, seen -> relu, facts -> shared_one)
    return end -> linear(kind.classes), end -> linear(age.targets)
  }
}
block both = { return linear(4), linear(4) }
""".replace("block both = {", "block both() {")


def test_every_kind_of_name_is_found_wherever_it_stands():
    source = Source(MANY, "many.arch")
    names = Names(parse(source))
    told = {}
    for symbol in names.symbols:
        told.setdefault(f"{symbol.kind} {symbol.name}", len(names.of(symbol)))
    assert told == {
        "device board": 3, "function twice": 2, "parameter v": 3, "parameter by": 2,
        "block cell": 3, "parameter width": 4, "parameter act": 3, "parameter f": 2,
        "let body": 3, "arch A": 1, "input picture": 2, "input facts": 3, "task kind": 2,
        "task age": 2, "let rows": 2, "let n": 2, "module shared_one": 3, "let stem": 3,
        "counter c": 2, "counter k": 2, "counter i": 2, "let one": 2, "let two": 2,
        "let seen": 2, "let end": 3, "block both": 2,
    }  # fmt: skip


def test_no_name_is_left_over():
    names = Names(parse(Source(MANY, "many.arch")))
    words = {use.span.text for use in names.uses if use.symbol is None}
    assert words <= {
        "image", "table", "classify", "regress", "sgd", "lr", "freeze", "device", "latency",
        "compute", "bandwidth", "conv", "relu", "x", "when", "else", "add", "each", "linear",
        "global_avg_pool", "concat",
    }  # fmt: skip
    assert ARCH in {symbol.kind for symbol in names.symbols}
