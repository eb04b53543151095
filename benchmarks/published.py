"""Published tables of trained architectures, to search in instead of training."""

from __future__ import annotations

import json
from functools import cache
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks.tables import Table, TableCandidates

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

REFERENCE = Path(__file__).parents[2] / "shared" / "reference"
SKIP = 8  # the operation of NAS-Bench-Graph that hands on what it gets
NODES = 4


class Published(NamedTuple):
    """A table: the ``options`` of each choice, the row of each combination of their places, and for
    each row validation and test accuracy in percent."""

    name: str
    options: dict[str, tuple[str, ...]]
    row_of: Mapping[tuple[int, ...], int]
    valid: Sequence[float]
    test: Sequence[float]

    def row(self, design: Mapping[str, Any]) -> int:
        """The row of a design."""
        places = (labels.index(design[path]) for path, labels in self.options.items())
        return self.row_of[tuple(places)]

    def candidates(self) -> TableCandidates:
        """Its designs: those with a row, and those with the same row as one."""
        return TableCandidates(
            Table(self.options, None if self.is_full else self.has), lambda d: str(self.row(d))
        )

    @property
    def is_full(self) -> bool:
        """Whether every combination has a row."""
        size = 1
        for labels in self.options.values():
            size *= len(labels)
        return size == len(self.row_of)

    def has(self, design: Mapping[str, Any]) -> bool:
        """Whether there is a row for a design."""
        places = (labels.index(design[path]) for path, labels in self.options.items())
        return tuple(places) in self.row_of


def there(name: str) -> bool:
    """Whether a table is at hand: they lie beside the repository."""
    return (REFERENCE / f"{name}.json").exists()


@cache
def nas_bench_201() -> Published:
    """NAS-Bench-201 on CIFAR-10: 15,625 cells of six edges, each trained once; its one accuracy is
    what is searched for and what is told."""
    told = json.loads((REFERENCE / "nas_bench_201_accuracy.json").read_text(encoding="utf-8"))
    edges = [f"edge{a}{b}" for a, b in told["edges"]]
    places = product(range(len(told["ops"])), repeat=len(edges))
    rows = {place: i for i, place in enumerate(places)}
    options = {edge: tuple(told["ops"]) for edge in edges}
    return Published("nas_bench_201", options, rows, told["accuracy"], told["accuracy"])


@cache
def nas_bench_graph(dataset: str) -> Published:
    """NAS-Bench-Graph on one data set: 26,206 graph networks of four nodes."""
    told = json.loads((REFERENCE / "nas_bench_graph.json").read_text(encoding="utf-8"))
    links = [tuple(link) for link in told["links"]]
    at = NODES + 1 + 4 * told["datasets"].index(dataset)
    rows = _with_twins(links, {tuple(row[: NODES + 1]): i for i, row in enumerate(told["rows"])})
    options = {"links": tuple("".join(map(str, link)) for link in links)}
    options |= {f"op{i}": tuple(told["ops"]) for i in range(1, NODES + 1)}
    valid = [100 * row[at] for row in told["rows"]]
    test = [100 * row[at + 1] for row in told["rows"]]
    return Published(f"nas_bench_graph_{dataset}", options, rows, valid, test)


def _with_twins(
    links: Sequence[tuple[int, ...]], known: dict[tuple[int, ...], int]
) -> dict[tuple[int, ...], int]:
    """Rows for designs that have none of their own, being the same network: as a tree of nodes, one
    without the nodes that hand on what they get, or then one whatever hands on the input."""
    found = dict(known)
    every = list(product(range(len(links)), *[range(SKIP + 1)] * NODES))
    for level in range(4):
        rows: dict[Any, int] = {}
        for place, row in known.items():
            rows.setdefault(_tree(links[place[0]], place[1:], level), row)
        for place in every:
            tree = _tree(links[place[0]], place[1:], level)
            if place not in found and tree in rows:
                found[place] = rows[tree]
    return found


def _tree(link: Sequence[int], ops: Sequence[int], level: int) -> Any:
    """What a design computes, whatever the order of its nodes. Left out: nothing (0), inner nodes
    that skip (1), outer ones, too, their inputs being read (2), or being not (3)."""
    below: dict[int, list[int]] = {i: [] for i in range(NODES + 1)}
    for node, parent in enumerate(link, 1):
        below[parent].append(node)

    def form(node: int) -> tuple[Any, bool]:
        forms: list[Any] = []
        is_read = not below[node]
        for child in below[node]:
            inner, child_is_read = form(child)
            if ops[child - 1] == SKIP and level >= (1 if below[child] else 2):
                forms.extend(inner)
                is_read = is_read or child_is_read
            else:
                forms.append((ops[child - 1], inner, child_is_read))
        return tuple(sorted(forms)), is_read and level < 3

    return form(0)


def tables() -> Iterable[Published]:
    """Those that are at hand."""
    if there("nas_bench_201_accuracy"):
        yield nas_bench_201()
    if there("nas_bench_graph"):
        yield from (nas_bench_graph("arxiv"), nas_bench_graph("cora"))
