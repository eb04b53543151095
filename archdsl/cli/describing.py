"""A description of data from flags, and from questions where flags are missing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from archdsl.cost.profiles import shipped
from archdsl.diagnostics import did_you_mean
from archdsl.rendering.escape import visible
from archdsl.spec.constants import UNITS
from archdsl.starting.description import SIZES, Description

if TYPE_CHECKING:
    from collections.abc import Callable

GRAPHS = "Many graphs with one answer each (yes, no)"
LARGEST = 10**9  # of one size
QUANTITY = re.compile(r"([0-9][0-9_]*(?:\.[0-9]+)?)\s*([A-Za-z]*)")


def description(flags: dict[str, Any], ask: bool) -> Description:
    """What the flags say. ``ask`` for what they leave out; else that is wrong usage."""
    asked = _Questions(ask)
    kind = _kind(flags["kind"] or asked("--kind", f"Kind of data ({', '.join(SIZES)})", _kind))
    names = " x ".join(SIZES[kind])

    def read(text: str) -> tuple[int, ...]:
        return _size(kind, text)

    size = read(flags["size"]) if flags["size"] else asked("--size", f"Size ({names})", read)
    samples = flags["samples"] or asked("--samples", "Labelled samples", _count)
    task, targets = _task(kind, size, flags, asked)
    many_graphs = flags["graphs"] or (kind == "graph" and asked.also(GRAPHS, _yes, "no"))
    _check_graphs(kind, size, samples, many_graphs)
    device = (
        _device(flags["device"])
        if flags["device"]
        else asked.also(f"Device ({', '.join(shipped())})", _device, "none")
    )
    return Description(
        kind,
        size,
        samples,
        task,
        targets,
        many_graphs=many_graphs,
        pretrained=flags["pretrained"],
        device=device,
        **_limits(flags, device),
    )


class _Questions:
    """Asks for what is missing, or says that it is."""

    def __init__(self, ask: bool) -> None:
        self.ask = ask
        self.asked = False

    def __call__(self, flag: str, question: str, read: Callable[[str], Any]) -> Any:
        if not self.ask:
            raise click.UsageError(f"{flag} is missing")
        self.asked = True
        return click.prompt(question, value_proc=read, err=True)

    def also(self, question: str, read: Callable[[str], Any], default: str) -> Any:
        """What may be left out, where there is a dialogue anyway."""
        if not self.asked:
            return read(default)
        return click.prompt(question, default=default, value_proc=read, err=True)


def _kind(text: str) -> str:
    if text in SIZES:
        return text
    guess = did_you_mean(text, SIZES)
    raise click.UsageError(
        f"there is no kind of data called {visible(text)!r}" + (f"; {guess}" if guess else "")
    )


def _size(kind: str, text: str) -> tuple[int, ...]:
    parts = re.split(r"\s*[x,]\s*", text.strip())
    if len(parts) != len(SIZES[kind]):
        raise click.UsageError(f"the size of a {kind} is {'x'.join(SIZES[kind]).upper()}")
    sizes = tuple(_count(part) for part in parts)
    if max(sizes) > LARGEST:
        raise click.UsageError(f"a size is at most {LARGEST:,}")
    return sizes


def _count(text: str) -> int:
    if not re.fullmatch(r"[0-9][0-9_]{0,18}", text.strip()) or int(text) < 1:
        raise click.UsageError(f"{visible(text)!r} is not a whole number above 0")
    return int(text)


def _task(
    kind: str, size: tuple[int, ...], flags: dict[str, Any], asked: _Questions
) -> tuple[str, int]:
    """What is to come out, and how many numbers."""
    given = [name for name in ("classes", "targets", "next_token") if flags[name]]
    if len(given) > 1:
        raise click.UsageError("one of --classes, --targets and --next-token")
    if not given:
        question = "Classes to tell apart (0 to predict a number)"
        classes = asked("--classes (or --targets, --next-token)", question, _classes)
        return ("classify", classes) if classes else ("regress", 1)
    if given == ["next_token"] and kind != "tokens":
        raise click.UsageError("--next-token needs --kind tokens")
    if given == ["next_token"]:
        return "next_token", size[1]
    return ("classify" if given == ["classes"] else "regress"), flags[given[0]]


def _classes(text: str) -> int:
    classes = 0 if text.strip() == "0" else _count(text)
    if classes == 1:
        raise click.UsageError("there are at least 2 classes to tell apart")
    return classes


def _check_graphs(kind: str, size: tuple[int, ...], samples: int, graphs: bool) -> None:
    if graphs and kind != "graph":
        raise click.UsageError("--graphs needs --kind graph")
    if kind == "graph" and not graphs and samples > size[1]:
        raise click.UsageError(
            f"{samples:,} labelled nodes of {size[1]:,}: for many graphs say --graphs"
        )


def _yes(text: str) -> bool:
    return text.strip().lower() in ("y", "yes")


def _device(text: str) -> str | None:
    if text == "none":
        return None
    if text not in shipped():
        known = did_you_mean(text, shipped()) or f"there are {', '.join(shipped())}"
        raise click.UsageError(f"there is no device called {visible(text)!r}; {known}")
    return text


def _limits(flags: dict[str, Any], device: str | None) -> dict[str, Any]:
    if flags["latency"] and device is None:
        raise click.UsageError("--latency needs --device, the machine to answer on")
    return {
        "params": _quantity("--params", flags["params"], None),
        "latency": _quantity("--latency", flags["latency"], "seconds"),
        "memory": _quantity("--memory", flags["memory"], "bytes"),
    }


def _quantity(flag: str, text: str | None, dimension: str | None) -> Any:
    """``20ms`` as a spec would read it. Raises for another dimension."""
    if text is None:
        return None
    match = QUANTITY.fullmatch(text.strip())
    unit = UNITS.get(match[2]) if match and match[2] else None
    found = unit.dimension if unit else None
    if match is None or (match[2] and unit is None) or found != dimension:
        example = {"seconds": "20ms", "bytes": "8GiB", None: "100k"}[dimension]
        raise click.UsageError(f"{flag} takes something like {example}, not {visible(text)!r}")
    value = float(match[1].replace("_", "")) * float(unit.scale if unit else 1)
    if value <= 0:
        raise click.UsageError(f"{flag} is above 0")
    return value if dimension == "seconds" else round(value)
